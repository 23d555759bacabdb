"""What is known of clients in declared fields: of one client, of a page of them, and as what conditions may ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Case, FilteredRelation, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import formats, slots
from crm.core.house_fields import BIRTH_DATE
from crm.models import Client, Observation, ProfileField, ProfileValue, User
from crm.prepared import prepared
from crm.presence import may_have
from crm.querysets import ClientQuerySet
from crm.reading import read_once
from crm.selectors.sources import rank_of

GROUP = gettext_lazy("Profile")
Value = float | date | str
Values = Mapping[tuple[int, int], Value]
"""By client id and field id."""


@dataclass(frozen=True)
class Known:
    """A field of a client with its value; where it is a metric's, `observed_on` and `source` say since when and from
    where."""

    field: ProfileField
    value: Value | None
    observed_on: date | None = None
    source: str = ""

    @property
    def text(self) -> str:
        return "" if self.value is None else told(self.field, self.value)


@read_once
def declared_fields() -> Sequence[ProfileField]:
    """Every field in use, in the order of the list. One query for a page."""
    return _declared()


@prepared
def _declared() -> QuerySet[ProfileField]:
    return ProfileField.objects.filter(retired_at=None)


def fields_for(kind: str) -> list[ProfileField]:
    """The fields that clients of a kind have."""
    return [field for field in declared_fields() if kind in field.kinds]


def profile_of(client: Client) -> list[Known]:
    """Every field of the client, filled or not. At most four queries."""
    fields = fields_for(client.kind)
    kept = _kept([client.pk], fields) if may_have(client, ProfileValue) else {}
    observed = {row.metric: row for row in _latest([client.pk], fields)}
    return [_known(client.pk, field, kept, observed) for field in fields]


def _known(client_id: int, field: ProfileField, kept: Values, observed: Mapping[str, Observation]) -> Known:
    if not field.metric:
        return Known(field, kept.get((client_id, field.pk)))
    row = observed.get(field.metric)
    return Known(field, _observed(row), row.observed_on, row.source) if row else Known(field, None)


def values_of(client_ids: Collection[int], fields: Sequence[ProfileField]) -> Values:
    """What stands in the fields of the clients. At most three queries."""
    by_metric = {field.metric: field.pk for field in fields if field.metric}
    latest = {(row.client_id, by_metric[row.metric]): _observed(row) for row in _latest(client_ids, fields)}
    return {**_kept(client_ids, fields), **latest}


def _kept(client_ids: Collection[int], fields: Sequence[ProfileField]) -> dict[tuple[int, int], Value]:
    kept = {field.pk: field.column for field in fields if not field.metric}
    if not kept:
        return {}
    rows = ProfileValue.objects.filter(client__in=client_ids, field__in=kept)
    return {(row.client_id, row.field_id): getattr(row, kept[row.field_id]) for row in rows}


def _latest(client_ids: Collection[int], fields: Sequence[ProfileField]) -> Sequence[Observation]:
    """The observation that counts of each metric among the fields, of each client: the latest of the first source."""
    metrics = [field.metric for field in fields if field.metric]
    if not metrics:
        return []
    rows = Observation.objects.filter(client__in=client_ids, metric__in=metrics, project=None)
    first = rank_of(metrics, timezone.localdate())
    newest_first = rows.order_by("client_id", "metric", *first, "-observed_on", "-received_on", "-id")
    return list(newest_first.distinct("client_id", "metric"))


def _observed(row: Observation) -> Value:
    return row.text if row.value is None else row.value


def told(field: ProfileField, value: Value) -> str:
    """A value in words, in the reader's language."""
    if isinstance(value, date):
        text = formats.day(value)
        return f"{text} · {_age_in_words(age_on(value, timezone.localdate()))}" if _tells_age(field) else text
    if isinstance(value, str):
        return field.options.get(value, value)
    return _number(field.unit, value)


def age_on(born: date, day: date) -> int:
    """Full years of life on a day."""
    return relativedelta(day, born).years


def _tells_age(field: ProfileField) -> bool:
    return field.key == BIRTH_DATE


def _age_in_words(years: int) -> str:
    return ngettext("%(years)d year old", "%(years)d years old", years) % {"years": years}


def _number(unit: str, value: float) -> str:
    if unit == "money":
        return formats.money(value)
    if unit == "fraction":
        return formats.percent(value, 1)
    if unit == "multiple":
        return formats.multiple(value)
    plain = number_format(int(value) if value == int(value) else value, use_l10n=True, force_grouping=True)
    if unit == "years":
        return _("%(number)s years") % {"number": plain}
    return _("%(number)s days") % {"number": plain} if unit == "days" else plain


@read_once
def columns(user: User) -> list[slots.ListColumn]:
    """Each field as a column that may be chosen for the client list."""
    return [
        slots.ListColumn(
            key=field.name,
            label=field.label,
            order=200 + field.place,
            permission="crm.view_client",
            template="crm/cells/profile.html",
            load=partial(_cells, field=field),
            usual=False,
            sorting=_sorting(field),
            classes="number" if field.type == ProfileField.Type.NUMBER else "",
        )
        for field in declared_fields()
    ]


def _sorting(field: ProfileField) -> slots.Sorting:
    """By what stands in the field, which an index gives in order; of one with a metric by its latest observation."""
    if field.metric:
        return slots.Sorting(field="declared_value", prepare=partial(_with_observed, field=field))
    return slots.Sorting(field=f"declared__{field.column}", prepare=partial(_with_declared, field=field))


def _with_declared(clients: ClientQuerySet, *, field: ProfileField) -> ClientQuerySet:
    return clients.annotate(declared=FilteredRelation("profile", condition=Q(profile__field=field.pk)))


def _with_observed(clients: ClientQuerySet, *, field: ProfileField) -> ClientQuerySet:
    """Only clients that have the field are looked at one by one."""
    rows = Observation.objects.filter(client=OuterRef("pk"), metric=field.metric, project=None)
    first = rank_of([field.metric], timezone.localdate())
    latest = rows.order_by(*first, "-observed_on", "-received_on", "-id")
    value = Subquery(latest.values("value" if field.column == "number" else "text")[:1])
    return clients.annotate(declared_value=Case(When(kind__in=field.kinds, then=value)))


def _cells(clients: Sequence[Client], user: User, *, field: ProfileField) -> Mapping[int, str]:
    found = values_of([client.pk for client in clients], [field])
    return {client_id: told(field, value) for (client_id, _field), value in found.items()}


def condition_fields(user: User, day: date) -> list[slots.Field]:
    """What conditions may ask of declared fields. Those with a metric are asked for as that metric."""
    return [_asked(field, day) for field in declared_fields() if not field.metric]


def _asked(field: ProfileField, day: date) -> slots.Field:
    """A join and no subquery, so that a rare value is found by its index; of a date how many days ago it is, of a
    birth the age, of a text whether there is one."""
    row = f"profile{field.pk:d}"
    join = f"LEFT JOIN crm_profilevalue {row} ON {row}.client_id = c.id AND {row}.field_id = {field.pk:d}"
    asked: dict[str, Any] = {"sql": f"{row}.number", "unit": field.unit or "none"}
    label = field.label
    if field.key == BIRTH_DATE:
        years = f"date_part('year', age(DATE '{day.isoformat()}', {row}.day))"
        label, asked = _("age"), {"sql": years, "unit": "years"}
    elif field.type == ProfileField.Type.DATE:
        label = _("days since: %(field)s") % {"field": field.label}
        asked = {"sql": f"(DATE '{day.isoformat()}' - {row}.day)::float8", "unit": "days"}
    elif field.type == ProfileField.Type.TEXT:
        given = f"CASE WHEN {row}.text <> '' THEN 'given' END"
        asked = {"sql": given, "type": "category", "categories": {"given": gettext_lazy("filled in")}}
    elif field.type != ProfileField.Type.NUMBER:
        asked = {"sql": f"{row}.text", "type": "category", "categories": field.options}
    return slots.Field(key=field.name, label=label, group=GROUP, joins=(join,), **asked)

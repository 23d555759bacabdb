"""How well clients are known, in words: what is missing, what it means, and where it is entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.definitions import KINDS
from crm.models import CustomMetric
from crm.selectors.profiles import declared_fields
from tiering import display
from tiering.core.metric import Catalogue, Metric
from tiering.models import DataGap
from tiering.pages.metrics import SCOPES, UNITS
from tiering.selectors.quality import RECORD, RECORD_FIELDS, record_field

FORMS: Final = {"people": "crm:person-new", "address": "crm:address-new"}


@dataclass(frozen=True)
class Definition:
    """An entry of the dictionary (口径): what a thing is called and means, its unit, where it comes from, and how old it
    may be."""

    key: str
    label: str
    meaning: str
    unit: str
    source: str
    max_age: str = ""
    scope: str = ""


def definitions(names: Catalogue, term: str = "") -> list[Definition]:
    """Every field of the record that counts, and every metric; those that hold a term in what is said of them."""
    wanted = term.casefold()
    found = [*map(_of_record, RECORD_FIELDS), *_of_fields(), *map(_of_metric, names.values())]
    said = ((one, f"{one.key} {one.label} {one.meaning}".casefold()) for one in found)
    return [one for one, words in said if wanted in words]


def definition_of(thing: str, names: Catalogue) -> Definition:
    field = record_field(thing)
    if field:
        return _of_record(field)
    metric = names.get(thing)
    return _of_metric(metric) if metric else Definition(thing, thing, "", "", "")


def _of_record(field: Any) -> Definition:
    return Definition(RECORD + field.key, str(field.label), str(field.definition), "", _("Client profile"))


def _of_fields() -> Iterator[Definition]:
    """The fields of every kind of record, and those that administrators declared; what counts for completeness stands
    among them already."""
    counted = {one.key for one in RECORD_FIELDS}
    for key, kind in KINDS.items():
        for name, meaning in kind.meanings.items():
            if key != "client" or name not in counted:
                yield Definition(f"{key}.{name}", kind.label_of(name), str(meaning), "", str(kind.label))
    for field in declared_fields():
        unit = str(CustomMetric.Unit(field.unit).label) if field.unit else ""
        yield Definition(field.name, field.label, field.meaning, unit, _("Profile"))


def _of_metric(metric: Metric) -> Definition:
    age = metric.max_age_days
    return Definition(
        metric.key,
        _(metric.label),
        _(metric.help),
        str(UNITS.get(metric.unit, "")) if metric.is_number else _("category"),
        display.source_text(metric.source),
        _("%(days)d days") % {"days": age} if age else "",
        str(SCOPES.get(metric.scope, "")),
    )


@dataclass(frozen=True)
class GapLine:
    """A gap of a client, what it means, and the address of the form in which it is filled."""

    gap: DataGap
    definition: Definition
    mend_url: str


def lines(gaps: Iterable[DataGap], names: Catalogue) -> Iterator[GapLine]:
    for gap in gaps:
        yield GapLine(gap, definition_of(gap.thing, names), mend_url(gap, names))


def mend_url(gap: DataGap, names: Catalogue) -> str:
    """Straight to the field: in the client's form, in a form of its own, or in that of an observation. Where sources
    differ, to what they say."""
    pk = gap.client_id
    if gap.state == DataGap.State.CONFLICT:
        return reverse("tiering:client-sources", args=[pk, gap.thing])
    field = record_field(gap.thing)
    if field:
        form = FORMS.get(field.key)
        return reverse(form, args=[pk]) if form else f"{reverse('crm:client-edit', args=[pk])}#id_{field.key}"
    source = names[gap.thing].source if gap.thing in names else ""
    if source == "profile":
        return f"{reverse('crm:client-edit', args=[pk])}#id_{gap.thing}"
    if source == "reference":
        return f"{reverse('crm:client-edit', args=[pk])}#id_region"
    return f"{reverse('crm:observation-new', args=[pk])}?metric={gap.thing}"

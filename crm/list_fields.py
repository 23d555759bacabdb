"""What conditions may ask of clients: crm's own fields, and figures of their records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.formats import localized
from crm.models import Client, Team, User
from crm.selectors.named import industries, managers_of, regions

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CHOICES = ("kind", "status", "life_cycle", "size_class", "risk_appetite", "demand_level")
RECORD = _("The client")
DEALINGS = _("Contacts and tasks")
BUSINESS = _("Facilities and projects")


def register() -> None:
    reading = "crm.view_client"
    slots.field_sources.add(
        slots.FieldSource(key="client", label=RECORD, order=10, permission=reading, fields=client_fields),
        slots.FieldSource(key="dealings", label=DEALINGS, order=20, permission=reading, fields=dealings),
        slots.FieldSource(key="business", label=BUSINESS, order=30, permission=reading, fields=business),
    )


def client_fields(user: User, day: date) -> Sequence[slots.Field]:
    """What stands in the record itself."""
    return [
        *map(_choice, CHOICES),
        _link("industry", _("industry"), industries().values()),
        _link("region", _("region"), regions().values()),
        _link("rm", _("relationship manager"), managers_of(user)),
        _link("team", _("team"), Team.objects.all()),
        _number("registered_capital", _("registered capital"), "c.registered_capital::float8", "money"),
        _number("employees", _("employees"), "c.employees::float8", "count"),
        _number("client_for", _("client for"), f"({sql_day(day)} - c.client_since)::float8", "days"),
    ]


def dealings(user: User, day: date) -> Sequence[slots.Field]:
    """How long ago and how often the house spoke with the client, and what is to be done."""
    talks = "crm_interaction i WHERE i.client_id = c.id"
    tasks = "crm_task t WHERE t.client_id = c.id AND t.status = 'open'"
    return [
        _figure("last_contact", _("days since the last contact"), f"{sql_day(day)} - max(i.at)::date", talks, "days"),
        _figure("contacts_year", _("contacts within a year"), "count(*)", f"{talks} AND i.at >= {sql_day(day)} - 365"),
        _figure("open_tasks", _("open tasks"), "count(*)", tasks),
        _figure("late_tasks", _("overdue tasks"), "count(*)", f"{tasks} AND t.due_on < {sql_day(day)}"),
    ]  # fmt: skip


def business(user: User, day: date) -> Sequence[slots.Field]:
    """Open facilities, payments that are late, and projects."""
    facilities = (
        f"crm_facility x WHERE x.client_id = c.id AND (x.closed_on IS NULL OR x.closed_on > {sql_day(day)})"
    )
    late = (
        "crm_payment p JOIN crm_facility x ON x.id = p.facility_id "
        f"WHERE x.client_id = c.id AND p.paid_on IS NULL AND p.due_on < {sql_day(day)}"
    )
    parts = "crm_participation q WHERE q.client_id = c.id"
    return [
        _figure("open_facilities", _("open facilities"), "count(*)", facilities, group=BUSINESS),
        _figure("open_limits", _("limits of open facilities"), "sum(x.limit)", facilities, "money", BUSINESS),
        _figure("late_payments", _("payments overdue"), "count(*)", late, group=BUSINESS),
        _figure("projects", _("projects"), "count(DISTINCT q.project_id)", parts, group=BUSINESS),
    ]


def sql_day(day: date) -> str:
    """A day as it stands in our own SQL."""
    return f"DATE '{day.isoformat()}'"


def _choice(name: str) -> slots.Field:
    field: Any = Client._meta.get_field(name)
    return slots.Field(
        key=f"client.{name}",
        label=field.verbose_name,
        group=RECORD,
        type="category",
        categories=dict(field.choices),
        sql=f"c.{name}",
    )


def _link(name: str, label: _StrOrPromise, rows: Iterable[Any]) -> slots.Field:
    """Another record by its id, so that a renamed one is still meant."""
    return slots.Field(
        key=f"client.{name}",
        label=label,
        group=RECORD,
        type="category",
        categories={str(row.pk): localized(row) for row in rows},
        sql=f"c.{name}_id::text",
    )


def _number(key: str, label: _StrOrPromise, sql: str, unit: str) -> slots.Field:
    return slots.Field(key=f"client.{key}", label=label, group=RECORD, unit=unit, sql=sql)


def _figure(
    key: str,
    label: _StrOrPromise,
    what: str,
    rows: str,
    unit: str = "count",
    group: _StrOrPromise = DEALINGS,
) -> slots.Field:
    """A figure over rows of the client: a subquery, so that it is worked out only where the rest leaves it open."""
    sql = f"(SELECT ({what})::float8 FROM {rows})"  # noqa: S608
    return slots.Field(key=f"records.{key}", label=label, group=group, unit=unit, sql=sql)

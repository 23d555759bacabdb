"""What conditions may ask of the records that belong to a client: its projects, facilities, people and papers.

Each is asked of any of them: "a project's industry is Energy" holds of whoever takes part in one such project.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import slots
from crm.formats import localized
from crm.list_fields import sql_day
from crm.models import (
    Collateral,
    ContactPerson,
    Document,
    Facility,
    Industry,
    Participation,
    Project,
    Region,
    User,
)
from crm.services.projects import ES_CATEGORIES

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

PROJECTS = pgettext_lazy("conditions", "Any of its projects")
FACILITIES = pgettext_lazy("conditions", "Any of its open facilities")
PEOPLE = pgettext_lazy("conditions", "Any of its people and papers")
PART: Final = "(q.until IS NULL OR q.until > {day}) AND (q.since IS NULL OR q.since <= {day})"
PARTS: Final = f"crm_participation q WHERE q.client_id = c.id AND {PART}"
BUILT: Final = (
    f"crm_participation q JOIN crm_project y ON y.id = q.project_id WHERE q.client_id = c.id AND {PART}"
)
OPEN: Final = "crm_facility x WHERE x.client_id = c.id AND (x.closed_on IS NULL OR x.closed_on > {day})"
SECURED: Final = "crm_collateral g WHERE g.client_id = c.id AND g.released_on IS NULL"
STAFF: Final = "crm_contactperson o WHERE o.client_id = c.id AND o.ended_on IS NULL"
ROLES: Final = (
    "crm_contactperson o, unnest(o.roles) AS r(role) WHERE o.client_id = c.id AND o.ended_on IS NULL"
)
PAPERS: Final = "crm_document d WHERE d.client_id = c.id AND d.withdrawn_on IS NULL"


def register() -> None:
    reading = "crm.view_client"
    slots.field_sources.add(
        slots.FieldSource(
            key="its_projects", label=PROJECTS, order=31, permission=reading, fields=of_projects
        ),
        slots.FieldSource(
            key="its_facilities", label=FACILITIES, order=32, permission=reading, fields=of_facilities
        ),
        slots.FieldSource(key="its_people", label=PEOPLE, order=33, permission=reading, fields=of_people),
    )


@dataclass(frozen=True)
class Rows:
    """Rows of a client that conditions ask about: the `group` of their fields, and what stands after FROM for them."""

    group: _StrOrPromise
    rows: str

    def choice(
        self, key: str, label: _StrOrPromise, sql: str, categories: Mapping[str, _StrOrPromise]
    ) -> slots.Field:
        return slots.Field(
            key=key,
            label=label,
            group=self.group,
            rows=self.rows,
            sql=sql,
            type="category",
            categories=categories,
        )

    def number(self, key: str, label: _StrOrPromise, sql: str, unit: str) -> slots.Field:
        return slots.Field(key=key, label=label, group=self.group, rows=self.rows, sql=sql, unit=unit)


def of_projects(user: User, day: date) -> Sequence[slots.Field]:
    """Projects in which the client has a part on the day."""
    part, one = Rows(PROJECTS, _on(PARTS, day)), Rows(PROJECTS, _on(BUILT, day))
    industries, regions = _named(Industry.objects.all()), _named(Region.objects.all())
    categories = {category: category for category in ES_CATEGORIES}
    return [
        one.choice("project.industry", _("a project's industry"), "y.industry_id::text", industries),
        one.choice("project.region", _("a project's region"), "y.region_id::text", regions),
        one.choice("project.status", _("a project's status"), "y.status", dict(Project.Status.choices)),
        one.choice("project.es_category", _("a project's E&S category"), "y.es_category", categories),
        part.choice("project.part", _("its part in a project"), "q.part", dict(Participation.Part.choices)),
    ]


def of_facilities(user: User, day: date) -> Sequence[slots.Field]:
    """Facilities that are open on the day, and what secures them. Amounts are in the book currency."""
    one, thing = Rows(FACILITIES, _on(OPEN, day)), Rows(FACILITIES, SECURED)
    left = f"(x.matures_on - {sql_day(day)})::float8"
    return [
        one.choice(
            "facility.product", _("a facility's product"), "x.product", dict(Facility.Product.choices)
        ),
        one.number("facility.limit", _("a facility's limit"), "x.limit::float8", "money"),
        one.number("facility.rate", _("a facility's rate"), "x.rate", "fraction"),
        one.number("facility.matures", _("days until a facility matures"), left, "days"),
        thing.choice(
            "facility.collateral", _("a kind of collateral"), "g.kind", dict(Collateral.Kind.choices)
        ),
    ]


def of_people(user: User, day: date) -> Sequence[slots.Field]:
    """People who are still there, and papers that were not withdrawn."""
    person, paper, consent = Rows(PEOPLE, STAFF), Rows(PEOPLE, PAPERS), dict(ContactPerson.Consent.choices)
    left = f"(d.valid_until - {sql_day(day)})::float8"
    return [
        Rows(PEOPLE, ROLES).choice(
            "person.role", _("a contact person's role"), "r.role", dict(ContactPerson.Role.choices)
        ),
        person.choice("person.consent", _("a contact person's consent"), "o.consent", consent),
        paper.choice("document.kind", _("a document's kind"), "d.kind", dict(Document.Kind.choices)),
        paper.number("document.ends", _("days until a document ends"), left, "days"),
    ]


def _on(rows: str, day: date) -> str:
    return rows.format(day=sql_day(day))


def _named(rows: Iterable[Any]) -> dict[str, str]:
    return {str(row.pk): localized(row) for row in rows}

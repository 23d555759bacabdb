"""What is asked for of a client, and which of it is missing or too old: in SQL, for any number of clients.

Asked for are the metrics of the scorecard by which the client is assessed, in every scheme of clients in effect, as far
as people can do something about them, and some fields of the record by kind of client.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.definitions import CLIENT
from tiering.core.document import SCORE_UNIT, Document, Scorecard
from tiering.core.metric import Catalogue
from tiering.core.placement import ScoreCutoffs
from tiering.facts.reading import ages_of, values_of
from tiering.models import CriteriaVersion, TierScheme
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.criteria import document_of
from tiering.selectors.versions import versions_in_effect

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MENDABLE: Final = {"statement", "credit_report", "judgement", "observation", "custom", "profile", "reference"}
"""Sources of metrics that people enter; what follows from dealings alone cannot be filled in."""
RECORD: Final = "record."


@dataclass(frozen=True)
class RecordField:
    """A field that the record of a client has to have: `lacks` is true, in SQL of the client `c`, where it does not."""

    key: str
    label: _StrOrPromise
    definition: _StrOrPromise
    lacks: str
    kinds: tuple[str, ...] = ("corporate", "institution", "individual")


ORGANISATIONS: Final = ("corporate", "institution")
RECORD_FIELDS: Final = (
    RecordField(
        "registration_number",
        _("Registration number"),
        CLIENT["registration_number"],
        "c.registration_number IS NULL",
        ORGANISATIONS,
    ),
    RecordField(
        "industry",
        _("Industry"),
        CLIENT["industry"],
        "c.industry_id IS NULL",
        ORGANISATIONS,
    ),
    RecordField(
        "region",
        _("Region"),
        CLIENT["region"],
        "c.region_id IS NULL",
    ),
    RecordField(
        "client_since",
        _("Client since"),
        CLIENT["client_since"],
        "c.client_since IS NULL AND c.status <> 'potential'",
    ),
    RecordField(
        "rm",
        _("Relationship manager"),
        CLIENT["rm"],
        "c.rm_id IS NULL",
    ),
    RecordField(
        "people",
        _("Contact person"),
        _("Somebody at the client whom we may speak to, with a role."),
        "NOT EXISTS (SELECT FROM crm_contactperson p WHERE p.client_id = c.id AND p.ended_on IS NULL)",
        ORGANISATIONS,
    ),
    RecordField(
        "address",
        _("Address"),
        _("Where the client is: registered, office, for mail, site or home."),
        "NOT EXISTS (SELECT FROM crm_address a WHERE a.client_id = c.id AND a.ended_on IS NULL)",
    ),
)


def record_field(thing: str) -> RecordField | None:
    """The field of the record that a thing is, if it is one."""
    return next((one for one in RECORD_FIELDS if RECORD + one.key == thing), None)


@dataclass(frozen=True)
class Asked:
    """Statements of (client_id, thing, missing, stale), and one of (client_id, distance), with their parameters.

    `{of}` is the choice of clients, as what follows an expression of their id.
    """

    things: Sequence[str]
    distances: str
    params: Mapping[str, Any]


def asked(at: datetime, day: date) -> Asked:
    """What is asked for of clients at a moment."""
    params: dict[str, Any] = {"quality_day": day}
    things, distances = (
        [_record()],
        ["SELECT NULL::bigint AS client_id, NULL::float8 AS distance WHERE false"],
    )
    for version in versions_in_effect(at):
        if version.criteria.scheme.subject == TierScheme.Subject.CLIENT:
            document = document_of(version)
            names = catalogue_of(document)
            for number, card in enumerate(document.scorecards):
                name = f"card_{version.pk}_{number}"
                params[name] = card.key
                things += filter(None, [_card(version, card, name, names)])
                distances += filter(None, [_distance(version, document, card, name)])
    return Asked(things, " UNION ALL ".join(distances), params)


def _record() -> str:
    rows = ", ".join(f"('{RECORD}{one.key}', c.kind IN {one.kinds!r}, {one.lacks})" for one in RECORD_FIELDS)
    return f"""SELECT c.id AS client_id, t.thing, t.lacks AS missing, false AS stale FROM crm_client c
               CROSS JOIN LATERAL (VALUES {rows}) t (thing, applies, lacks)
               WHERE c.merged_into_id IS NULL AND t.applies AND c.id {{of}}"""  # noqa: S608 - fields of ours


def _assessed(version: CriteriaVersion, name: str) -> str:
    return f"""a.scheme_id = {version.criteria.scheme_id} AND a.project_id IS NULL AND a.valid_to IS NULL
               AND a.scorecard = %({name})s AND a.client_id {{of}}"""


def _card(version: CriteriaVersion, card: Scorecard, name: str, names: Catalogue) -> str:
    """What a scorecard asks for of whom it is for; empty where people can enter none of it."""
    ages = {one.metric: one.max_age_days for part in card.dimensions for one in part.indicators}
    keys = [key for key in ages if key in names and names[key].source in MENDABLE]
    values = values_of(keys, "f", names)
    days = ages_of((key for key in keys if ages[key]), "f", "%(quality_day)s::date", names)
    rows = ", ".join(
        f"('{key}', {values[key]} IS NULL, "
        + (f"coalesce({days[key]} > {ages[key]}, false)" if key in days else "false")
        + ")"
        for key in keys
    )
    return rows and (
        f"""SELECT a.client_id, t.thing, t.missing, t.stale FROM tiering_assessment a
            JOIN tiering_facts f ON f.client_id = a.client_id AND f.valid_to IS NULL
            CROSS JOIN LATERAL (VALUES {rows}) t (thing, missing, stale)
            WHERE {_assessed(version, name)}"""  # noqa: S608 - metrics of the catalogue
    )


def _distance(version: CriteriaVersion, document: Document, card: Scorecard, name: str) -> str:
    """How far a score is from the next border, in points; empty where scores alone do not place."""
    placement = document.placement_of(card)
    if not isinstance(placement, ScoreCutoffs) or not version.criteria.scheme.is_primary:
        return ""
    borders = [step.minimum for step in placement.steps if step.minimum]
    nearest = ", ".join(f"abs(a.score - {border})" for border in borders)
    return nearest and (
        f"""SELECT a.client_id, least({nearest}) / {float(SCORE_UNIT)} AS distance
            FROM tiering_assessment a WHERE {_assessed(version, name)}"""  # noqa: S608 - numbers of a document
    )


@dataclass(frozen=True)
class BookQuality:
    """Of several clients: how many, and of all that is asked for, the shares that are known, and known and fresh."""

    clients: int
    known: float | None
    fresh: float | None


QUALITY_OF: Final = """
SELECT count(*), sum(q.known)::float8 / nullif(sum(q.asked), 0), sum(q.fresh)::float8 / nullif(sum(q.asked), 0)
FROM tiering_dataquality q JOIN crm_client c ON c.id = q.client_id
WHERE c.merged_into_id IS NULL AND (%(team)s::bigint IS NULL OR c.team_id = %(team)s)
AND (%(rm)s::bigint IS NULL OR c.rm_id = %(rm)s)
"""


def book_quality(*, team: int | None = None, rm: int | None = None) -> BookQuality:
    """How well a book is known: a manager's, a team's, or everybody's."""
    with connection.cursor() as cursor:
        cursor.execute(QUALITY_OF, {"team": team, "rm": rm})
        return BookQuality(*cursor.fetchone())

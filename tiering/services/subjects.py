"""Whom a statement is about, and the rows that criteria compiled to SQL read of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.core.sql import quoted
from tiering.core.terms import Terms
from tiering.facts import local_day
from tiering.facts.reading import age_columns, columns_of, values_of
from tiering.models import TieringRun
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.criteria import document_of
from tiering.selectors.versions import tier_ids

KEYS = (
    "client_id", "project_id", "facts_id", "project_facts_id", "facts_from", "assignment_id", "held_id", "held_from",
)  # fmt: skip
"""What a result keeps of the subject that it is of."""

COMPARED = "compared"
"""The column with the value by which one of a client's projects decides."""

DAY = "%(day)s::date"


@dataclass(frozen=True)
class Scope:
    """Clients with ids in a range, both ends included; or, when they are listed, those."""

    first: int = 0
    last: int = 0
    listed: Sequence[int] | None = None

    def of(self, alias: str) -> str:
        """The condition that a row of a table is about one of the clients."""
        if self.listed is None:
            return f"{alias}.client_id BETWEEN %(first)s AND %(last)s"
        return f"{alias}.client_id = ANY(%(listed)s::bigint[])"

    @property
    def params(self) -> dict[str, Any]:
        """What the condition compares with."""
        return {"first": self.first, "last": self.last, "listed": list(self.listed or ())}


EVERYONE = Scope(0, 2**63 - 1)


def in_force(alias: str) -> str:
    """The condition that a ledger row holds, and no other has taken over."""
    return f"{alias}.valid_to IS NULL"


def held_then(alias: str) -> str:
    """The condition that a ledger row held at the as-of moment."""
    return f"({alias}.valid_from <= %(as_of)s AND ({alias}.valid_to IS NULL OR {alias}.valid_to > %(as_of)s))"


@dataclass(frozen=True)
class Method:
    """How the subjects of a run are assessed: its document under its terms, what its statements name, and of an alias
    the condition that a ledger row counts."""

    document: Document
    terms: Terms
    catalogue: Catalogue
    params: dict[str, Any]
    holds: Callable[[str], str]


def method_of(run: TieringRun, as_of: datetime | None = None) -> Method:
    """The method of a run at its own as-of moment or, where it gathers changes, at that of one of them.

    Officially the rows in force count; what only tries something out reads those that held at the moment.
    """
    as_of, document = as_of or run.as_of, document_of(run.version)
    params = {
        "as_of": as_of,
        "day": local_day(as_of),
        "zone": timezone.get_default_timezone_name(),
        "run": run.pk,
        "version": run.version_id,
        "scheme": run.version.criteria.scheme_id,
        "requested_by": run.requested_by_id,
        "tiers": tier_ids(run.version),
    }
    holds = in_force if run.kind == TieringRun.Kind.OFFICIAL else held_then
    return Method(document, Terms.read(run.terms), catalogue_of(document), params, holds)


@dataclass(frozen=True)
class Relations:
    """Where facts stand: of clients, and of clients within projects."""

    facts: str = "tiering_facts"
    within: str = "tiering_projectfacts"


STORED = Relations()


def known(method: Method, scope: Scope, relations: Relations = STORED) -> str:
    """A SELECT of subjects with `KEYS`, what the document reads of their facts, and the tier that they hold.

    Where subjects are clients within projects, `COMPARED` is what the roll-up compares. Its parameters are those of
    the method and of the scope.
    """
    of_projects = method.document.subject == "project"
    return (_KNOWN_WITHIN if of_projects else _KNOWN_CLIENTS).format(
        facts=relations.facts,
        within=relations.within,
        held=_HELD,
        read=_read(method),
        f=f"{method.holds('f')} AND {scope.of('f')}",
        p=f"{method.holds('p')} AND {scope.of('p')}",
        g=f"{method.holds('g')} AND {scope.of('g')}",
    )


_HELD = """g.id AS assignment_id, g.tier_id AS held_id, g.valid_from AS held_from,
           (array_position(%(tiers)s::bigint[], g.tier_id) - 1)::smallint AS held_rank,
           %(day)s::date - (g.valid_from AT TIME ZONE %(zone)s)::date AS held_days"""

_KNOWN_CLIENTS = """
    SELECT f.client_id, NULL::bigint AS project_id, f.id AS facts_id, NULL::bigint AS project_facts_id,
           f.valid_from AS facts_from, {held}{read}
    FROM {facts} AS f
    LEFT JOIN tiering_assignment g ON g.client_id = f.client_id AND g.scheme_id = %(scheme)s
        AND g.project_id IS NULL AND {g}
    WHERE {f}"""


_KNOWN_WITHIN = """
    SELECT f.client_id, p.project_id, f.id AS facts_id, p.id AS project_facts_id,
           greatest(f.valid_from, p.valid_from) AS facts_from, {held}{read}
    FROM {facts} AS f
    JOIN {within} AS p ON p.client_id = f.client_id AND {p}
    LEFT JOIN tiering_assignment g ON g.client_id = f.client_id AND g.scheme_id = %(scheme)s
        AND g.project_id = p.project_id AND {g}
    WHERE {f}"""


def _read(method: Method) -> str:
    document, names = method.document, method.catalogue
    project = "p" if document.subject == "project" else None
    columns = columns_of(document, "f", names, project) | age_columns(document, "f", DAY, names, project)
    if project:
        by = document.roll_up.by if document.roll_up else None
        columns[COMPARED] = values_of([by], "f", names, project)[by] if by else "NULL::float8"
    return "".join(f", {expression} AS {quoted(name)}" for name, expression in columns.items())

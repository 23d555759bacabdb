"""What becomes of the records of a client that is merged into another: one registry, which every app fills (ADR 0014).

Each column that names a client is declared here, by the label of its model and its name. A column that is not declared
fails a test, so that a new table cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, F, Model, OrderBy, OuterRef, Q, QuerySet, UniqueConstraint
from django.db.models.lookups import IsNull

if TYPE_CHECKING:
    from crm.models import Client, Merge, User

Column = tuple[str, str]
Beside = Callable[["Client", "Client"], Iterable[int]]


@dataclass(frozen=True)
class Moves:
    """The rows go to the client that stays.

    Rows that a unique rule of their table does not allow beside those of that client, and the ids that `beside`
    (gone, client) gives, are left with the tombstone. Where `marked` names a text that is part of the rule, they move
    too, with the code of the merged client added to it: both count.
    """

    beside: Beside | None = None
    marked: str = ""


@dataclass(frozen=True)
class Stays:
    """The rows stay with the client for whom they were made, and `why`."""

    why: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """What an app does beside moving rows. Each is called within the transaction of the merge or of its undoing.

    `refuses` says, for people, what has to be settled first. What `merged` gives is kept as JSON and given to `undone`.
    `told` is what is known of a merged client that stayed with it, as pairs of words.
    """

    key: str
    refuses: Callable[[Client], Iterable[str]] = lambda gone: ()
    merged: Callable[[Merge], Mapping[str, Any]] = lambda merge: {}
    undone: Callable[[Merge, Mapping[str, Any]], None] = lambda merge, kept: None
    told: Callable[[Client, User], Sequence[tuple[str, str]]] = lambda gone, user: ()


REFUSED: Final = "record_of_a_merged_client"
"""The constraint by which the database refuses a record of a client that is part of another one by then: whoever wrote
while the two were merged."""


def of_a_merged_client(error: BaseException) -> bool:
    """Whether the database refused a write for that reason."""
    cause = error.__cause__
    return getattr(getattr(cause, "diag", None), "constraint_name", None) == REFUSED


treatments: dict[Column, Moves | Stays] = {}
parts: list[Part] = []


def moves(*labels: str, column: str = "client", beside: Beside | None = None, marked: str = "") -> None:
    """Declare that rows of these models go to the client that stays."""
    for label in labels:
        _declare((label, column), Moves(beside, marked))


def stays(why: str, *labels: str, column: str = "client") -> None:
    """Declare that rows of these models stay where they are."""
    for label in labels:
        _declare((label, column), Stays(why))


def _declare(column: Column, treatment: Moves | Stays) -> None:
    if column in treatments:
        raise ValueError(f"{column} is declared already")
    treatments[column] = treatment


def left_by_rules(rows: QuerySet[Any], column: str, client: Client) -> QuerySet[Any]:
    """Those of the rows that a unique rule of their table does not allow beside the rows of a client."""
    model = rows.model
    left = rows.none()
    for rule in model._meta.constraints:
        if isinstance(rule, UniqueConstraint) and column in fields_of(rule):
            left = left | _doubled(rows, rule, column, client)
    return left


def fields_of(rule: UniqueConstraint) -> list[str]:
    """The fields that a unique rule is about. Raises TypeError for one about what is worked out of them."""
    terms = [term.expression if isinstance(term, OrderBy) else term for term in rule.expressions]
    named = [str(vars(term)["name"]) for term in terms if isinstance(term, F)]
    if len(named) < len(terms):
        raise TypeError(f"{rule.name}: say with `beside` which rows are left")
    return [*rule.fields, *named]


def _doubled(rows: QuerySet[Any], rule: UniqueConstraint, column: str, client: Client) -> QuerySet[Any]:
    model: type[Model] = rows.model
    others = model._base_manager.filter(**{column: client})
    if rule.condition is not None:
        rows, others = rows.filter(rule.condition), others.filter(rule.condition)
    for name in fields_of(rule):
        if name != column:
            alike = Q(**{name: OuterRef(name)})
            if rule.nulls_distinct is False:
                alike |= Q(**{f"{name}__isnull": True}) & Q(IsNull(OuterRef(name), True))
            others = others.filter(alike)
    return rows.filter(Exists(others))

"""What people made of the changes that criteria proposed, and what became of those clients afterwards.

Rejecting a proposal keeps the old tier against the criteria: it overrides them, upwards where the client was to fall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np
from dateutil.relativedelta import relativedelta
from django.db import connection
from numpy.typing import NDArray

from tiering.validation.cohorts import OUT_OF_SCOPE, Basis, Cohort, end_of
from tiering.validation.rates import rate_of

Json = dict[str, Any]
WAYS: Final = ("up", "down")
DECISIONS: Final = ("approved", "rejected")


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decided proposals of whole clients, in the same order in every array. ``up`` is which way the tier was to move;
    ``outcome`` is as in cohorts."""

    up: NDArray[np.bool_]
    rejected: NDArray[np.bool_]
    officer: NDArray[np.int64]
    outcome: NDArray[np.int8]


def overrides(cohorts: Sequence[Cohort], basis: Basis, months: int) -> Json:
    """How often proposals of the scheme were rejected in so many months before each day, by way and by officer, with
    the rate of bad outcomes after that day.

    A decision counts once, for the first day after it. Which version proposed does not matter.
    """
    made = _decisions(cohorts, months)
    assessed = int(sum((cohort.ranks(basis) >= 0).sum() for cohort in cohorts))
    rejected = int(made.rejected.sum())
    return {
        "assessed": assessed,
        "of_assessed": rejected / assessed if assessed else None,
        **_counted(made, np.full(len(made.up), True)),
        "ways": [
            {"way": way, "decision": decision, **_outcome(made, _of(made, way, decision))}
            for way in WAYS
            for decision in DECISIONS
        ],
        "officers": list(_officers(made)),
    }


def _officers(made: Decisions) -> Iterator[Json]:
    for officer in np.unique(made.officer):
        own = made.officer == officer
        yield {
            "officer": int(officer),
            **_counted(made, own),
            "up": int((own & _of(made, "up", "rejected")).sum()),
            "down": int((own & _of(made, "down", "rejected")).sum()),
            "approved_outcome": _outcome(made, own & ~made.rejected),
            "rejected_outcome": _outcome(made, own & made.rejected),
        }


def _counted(made: Decisions, which: NDArray[np.bool_]) -> Json:
    decided, rejected = int(which.sum()), int((which & made.rejected).sum())
    return {"decided": decided, "rejected": rejected, "rate": rejected / decided if decided else None}


def _of(made: Decisions, way: str, decision: str) -> NDArray[np.bool_]:
    return (made.up == (way == "up")) & (made.rejected == (decision == "rejected"))


def _outcome(made: Decisions, which: NDArray[np.bool_]) -> Json:
    """What became of them: those whose outcome counts are the subjects of the rate."""
    known = which & (made.outcome != OUT_OF_SCOPE)
    rate = rate_of(int(known.sum()), int((made.outcome[known] == 1).sum()))
    return {"decided": int(which.sum()), **asdict(rate), "rate": rate.rate}


def _decisions(cohorts: Sequence[Cohort], months: int) -> Decisions:
    read = [
        _read(cohort, after)
        for cohort, after in zip(cohorts, _begins([one.day for one in cohorts], months), strict=True)
    ]

    def joined(part: Callable[[Decisions], NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([part(one) for one in read])

    return Decisions(
        joined(lambda one: one.up),
        joined(lambda one: one.rejected),
        joined(lambda one: one.officer),
        joined(lambda one: one.outcome),
    )


def _begins(days: Sequence[date], months: int) -> list[date]:
    """The day after which the decisions of each day count."""
    starts = [day - relativedelta(months=months) for day in days]
    return [
        starts[0],
        *(max(before, start) for (before, _), start in zip(pairwise(days), starts[1:], strict=True)),
    ]


def _read(cohort: Cohort, after: date) -> Decisions:
    with connection.cursor() as cursor:
        cursor.execute(
            _DECIDED, {"scheme": cohort.scheme, "after": end_of(after), "until": end_of(cohort.day)}
        )
        rows = cursor.fetchall()
    client, up, rejected, officer = (
        (np.array(column) for column in zip(*rows, strict=True)) if rows else [[]] * 4
    )
    return Decisions(
        np.asarray(up, np.bool_),
        np.asarray(rejected, np.bool_),
        np.asarray(officer, np.int64),
        _outcomes(cohort, np.asarray(client, np.int64)),
    )


def _outcomes(cohort: Cohort, clients: NDArray[np.int64]) -> NDArray[np.int8]:
    """The outcomes of some clients; out of scope for one who is not of the cohort."""
    if not len(cohort.clients):
        return np.full(len(clients), OUT_OF_SCOPE, np.int8)
    at = np.searchsorted(cohort.clients, clients).clip(0, len(cohort.clients) - 1)
    found = np.where(cohort.clients[at] == clients, cohort.outcome[at], OUT_OF_SCOPE)
    return found.astype(np.int8)


_DECIDED: Final = """
SELECT p.client_id, t.rank < f.rank, p.status = 'rejected', p.decided_by_id
FROM tiering_proposal p JOIN tiering_tier f ON f.id = p.from_tier_id JOIN tiering_tier t ON t.id = p.to_tier_id
WHERE p.scheme_id = %(scheme)s AND p.project_id IS NULL AND p.status IN ('approved', 'rejected')
AND p.decided_at > %(after)s AND p.decided_at <= %(until)s
"""

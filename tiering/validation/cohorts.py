"""Clients as they were known at the end of a day, what criteria make of them, and what became of them afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from tiering.core.columns import NO_TIER, Assessments, Coded, Columns, Ranks, Truth
from tiering.core.columns_assess import assess
from tiering.core.columns_memo import Memo
from tiering.core.columns_ranks import thresholds
from tiering.core.document import SCORE_UNIT, Document
from tiering.core.terms import Terms
from tiering.models import CriteriaVersion
from tiering.preview.copying import Field, load_columns
from tiering.preview.loading import Needs, age_name, facts_fields, needs_of, value_name
from tiering.selectors.catalogue import policy_catalogue
from tiering.selectors.criteria import document_of
from tiering.selectors.versions import tier_ids
from tiering.services.planner import HASHING
from tiering.services.terms import overlays_on
from tiering.validation.outcomes import Outcome, span

Basis = Literal["held", "version"]
"""Tiers as they were in force, or as the version's criteria, gates and overlays would have placed."""

OUT_OF_SCOPE: Final = -1
"""Of a client who could not have the outcome: had it already, or owes nothing, say."""


@dataclass(frozen=True)
class Cohort:
    """The clients of one day, in the same order in every array.

    ``clients`` are ids, ascending. ``held`` are the ranks in force then, ``held_score`` the scores they rested on, in
    score units; NO_TIER and 0 without a tier. ``outcome`` is 1 for a bad one, 0 for a good one, OUT_OF_SCOPE else.
    Exposure is in the book's currency.
    """

    day: date
    scheme: int
    document: Document
    terms: Terms
    columns: Columns
    memo: Memo
    clients: NDArray[np.int64]
    exposure: NDArray[np.float64]
    held_score: NDArray[np.int64]
    outcome: NDArray[np.int8]

    @cached_property
    def assessed(self) -> Assessments:
        """What the criteria make of the facts of that day."""
        return assess(self.document, self.columns, self.terms, self.memo)

    @property
    def held(self) -> Ranks:
        return self.columns.held

    @property
    def in_scope(self) -> Truth:
        """Whose outcome counts."""
        scope: Truth = self.outcome != OUT_OF_SCOPE
        return scope

    def ranks(self, basis: Basis) -> NDArray[np.int64]:
        """The rank of each client; NO_TIER without one."""
        return (self.held if basis == "held" else self.assessed.overlay_tier).astype(np.int64)

    def scores(self, basis: Basis) -> NDArray[np.float64]:
        """The score of each client in points."""
        return (self.held_score if basis == "held" else self.assessed.score) / SCORE_UNIT


def end_of(day: date) -> datetime:
    """The last moment of a day where the institution is."""
    return datetime.combine(day, time.max, timezone.get_default_timezone())


def cohort_of(version: CriteriaVersion, day: date, outcome: Outcome, months: int) -> Cohort:
    """The clients whose facts were known on a day, under a version that need not have been in effect then; what became
    of them within so many months.

    Overlays are those that were on. Ranks are found among these clients. Tiers held are those of the version's scheme.
    """
    document = document_of(version)
    needs = needs_of(version.criteria.scheme_id, document)
    words, fields = facts_fields(needs, policy_catalogue())
    params = {
        **span(day, months),
        "day": day,
        "at": end_of(day),
        "scheme": version.criteria.scheme_id,
        "zone": timezone.get_default_timezone_name(),
    }
    source = _SOURCE.format(outcome=outcome.relation)
    loaded = load_columns([*_OWN, *fields], source, params, planned=HASHING)
    held = _ranks(loaded["tier"], tier_ids(version))
    columns = _columns(loaded, words, needs, held)
    memo = Memo()
    terms = Terms(overlays_on(version, params["at"]), thresholds(document, columns, memo))
    return Cohort(
        day=day,
        scheme=version.criteria.scheme_id,
        document=document,
        terms=terms,
        columns=columns,
        memo=memo,
        clients=loaded["client"],
        exposure=loaded["exposure"],
        held_score=loaded["score"],
        outcome=loaded["outcome"].astype(np.int8),
    )


_OWN: Final = [
    Field("client", "f.client_id", "i8"),
    Field("exposure", "coalesce(f.exposure, 0)", "f8"),
    Field("tier", "coalesce(g.tier_id, 0)", "i8"),
    Field(
        "days",
        "coalesce(%(day)s::date - (g.valid_from AT TIME ZONE %(zone)s)::date, 0)",
        "i4",
    ),
    Field("score", "coalesce(a.score, 0)", "i8"),
    Field("outcome", f"coalesce(o.bad::int, {OUT_OF_SCOPE})", "i2"),
]

_AT = "{0}.valid_from <= %(at)s AND ({0}.valid_to IS NULL OR {0}.valid_to > %(at)s)"
_SOURCE: Final = f"""
FROM tiering_facts f
LEFT JOIN tiering_assignment g ON g.client_id = f.client_id AND g.scheme_id = %(scheme)s AND g.project_id IS NULL
    AND {_AT.format("g")}
LEFT JOIN tiering_assessment a ON a.client_id = f.client_id AND a.scheme_id = %(scheme)s AND a.project_id IS NULL
    AND {_AT.format("a")}
LEFT JOIN ({{outcome}}) o ON o.client_id = f.client_id
WHERE {_AT.format("f")} ORDER BY f.client_id
"""


def _columns(
    loaded: Mapping[str, NDArray[Any]], words: Mapping[str, tuple[str, ...]], needs: Needs, held: Ranks
) -> Columns:
    values = {key: loaded[value_name(key)] for key in needs.metrics}
    return Columns(
        count=len(held),
        values={key: Coded(found, words[key]) if key in words else found for key, found in values.items()},
        ages={key: loaded[age_name(key)] for key in needs.aged},
        held=held,
        held_days=loaded["days"],
    )


def _ranks(tiers: NDArray[np.int64], ids: Sequence[int]) -> Ranks:
    """Ranks by the ids of tiers; NO_TIER for any other."""
    found = np.full(len(tiers), NO_TIER, np.int8)
    for rank, pk in enumerate(ids):
        if pk:
            found[tiers == pk] = rank
    return found

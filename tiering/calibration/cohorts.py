"""Cohorts as the history that a proposal learns from, and how it does beside what was there before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiering.calibration.pd import fitted
from tiering.calibration.proposal import History
from tiering.core.columns import Coded, Column, Columns
from tiering.core.columns_assess import assess
from tiering.core.document import SCORE_UNIT, Document
from tiering.core.reading import read
from tiering.core.terms import Terms
from tiering.models import CriteriaVersion
from tiering.validation.cohorts import Cohort, cohort_of
from tiering.validation.discrimination import gini
from tiering.validation.outcomes import Outcome
from tiering.validation.rates import rate_of


@dataclass(frozen=True)
class Past:
    """All cohorts one after the other."""

    document: Document
    cohorts: Sequence[Cohort]

    @cached_property
    def pooled(self) -> History:
        """A client that stands in several cohorts counts in each."""
        parts = [cohort.columns for cohort in self.cohorts]
        columns = Columns(
            count=sum(part.count for part in parts),
            values={key: _joined([part.values[key] for part in parts]) for key in parts[0].values},
            ages={key: np.concatenate([part.ages[key] for part in parts]) for key in parts[0].ages},
            held=np.concatenate([part.held for part in parts]),
            held_days=np.concatenate([part.held_days for part in parts]),
        )
        outcome = np.concatenate([cohort.outcome for cohort in self.cohorts])
        return History(columns, outcome == 1, outcome >= 0)

    def comparison(self, proposed: Mapping[str, Any]) -> dict[str, Any]:
        """How well the document before and the one proposed tell the outcome, and the probability of it by tier.

        Both are measured on what was learned from, so the proposal looks better than it will do: a validation on other
        days tells.
        """
        after = read(proposed)
        return {"before": self._told(self.document), "after": {**self._told(after), "pd": self._pd(after)}}

    def _told(self, document: Document) -> dict[str, Any]:
        return {"gini": gini(self._scores(document), self.pooled.bad[self.pooled.counted])}

    def _scores(self, document: Document) -> NDArray[np.float64]:
        return assess(document, self.pooled.columns, self._terms).score[self.pooled.counted] / SCORE_UNIT

    def _pd(self, document: Document) -> dict[str, Any]:
        bad = self.pooled.bad[self.pooled.counted]
        score = self._scores(document)
        curve = fitted(score, bad)
        return {
            "intercept": curve.intercept,
            "slope": curve.slope,
            "rate": rate_of(len(bad), int(bad.sum())).rate,
        }

    @property
    def _terms(self) -> Terms:
        """The scores that are compared depend on no terms; ranks need some, of any cohort."""
        return self.cohorts[-1].terms


def history_of(version: CriteriaVersion, days: Sequence[date], outcome: Outcome, months: int) -> Past:
    """What became, within so many months, of the clients of some days; their facts as the version reads them."""
    cohorts = [cohort_of(version, day, outcome, months) for day in days]
    return Past(cohorts[0].document, cohorts)


def _joined(parts: Sequence[Column]) -> Column:
    first = parts[0]
    if isinstance(first, Coded):
        return Coded(
            np.concatenate([part.codes for part in parts if isinstance(part, Coded)]), first.vocabulary
        )
    return np.concatenate([part for part in parts if not isinstance(part, Coded)])

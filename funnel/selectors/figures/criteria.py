"""Whether a version of the criteria made screening better: cases that began before it took effect and after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from funnel.models import Stage, StageGate
from funnel.selectors.figures.selection import VISITS, Selection
from tiering.models import CriteriaVersion


@dataclass(frozen=True)
class Screening:
    """The cases that began in a stretch of days, each followed for equally many days.

    `gated` came into the stage that screening is for, or further; `screened_out` were lost before it and `lost_late` in
    it or after; `won` were won. `due` and `recovered` are the money of instalments of their clients that fell due in the
    stretch, and what of it was paid within that many days after.
    """

    cases: int = 0
    gated: int = 0
    screened_out: int = 0
    lost_late: int = 0
    won: int = 0
    due: float = 0
    recovered: float = 0

    @property
    def efficiency(self) -> float | None:
        """Of the lost, the share that was lost before work on them began in earnest."""
        lost = self.screened_out + self.lost_late
        return self.screened_out / lost if lost else None

    @property
    def recovery(self) -> float | None:
        return self.recovered / self.due if self.due else None


def name_of_version(version: CriteriaVersion) -> str:
    """Its scheme in the reader's language, and the number."""
    return f"{version.criteria.scheme.label} v{version.number}"


def gated_stage(selection: Selection) -> Stage | None:
    """The first stage of the way with a gate, else the last open one."""
    gated = set(StageGate.objects.filter(stage__pipeline=selection.pipeline).values_list("stage", flat=True))
    opens = [stage for stage in selection.steps if not stage.is_closed]
    return next((stage for stage in opens if stage.pk in gated), opens[-1] if opens else None)


def before_and_after(
    selection: Selection, version: CriteriaVersion, days: int
) -> tuple[Screening, Screening]:
    """The `days` before the version took effect and those after. Only cases that can have been followed for so long by
    the selection's day count. The selection's own days play no part. Two statements."""
    selection = replace(selection, begun_within=False)
    if version.effective_from is None or gated_stage(selection) is None:
        return Screening(), Screening()
    relation, params = courses(selection, version, days)
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in PARTS.values())
    cases = {
        after: rest
        for after, *rest in selection.rows(f"SELECT after, {counts} FROM ({relation}) c GROUP BY 1", **params)
    }
    money = {
        after: rest for after, *rest in selection.rows(_MONEY.format(chosen=selection.chosen()), **params)
    }
    before, later = (
        Screening(*cases.get(after, (0,) * 5), *money.get(after, (0.0, 0.0))) for after in (False, True)
    )
    return before, later


PARTS: Final = {
    "cases": "true",
    "gated": "gated",
    "screened_out": "lost AND NOT gated",
    "lost_late": "lost AND gated",
    "won": "won",
}
"""What is counted of the courses of cases, in the order of `Screening`."""


def courses(selection: Selection, version: CriteriaVersion, days: int) -> tuple[str, dict[str, Any]]:
    """What became of each case in its first `days`, as SQL with its parameters: case_id, after, gated, lost, won."""
    gate = gated_stage(selection)
    place = {stage.pk: at for at, stage in enumerate(selection.stages)}
    further = [stage.pk for stage in selection.steps if gate and place[stage.pk] >= place[gate.pk]]
    params = {"since": version.effective_from, "stretch": timedelta(days=days), "further": further or [0]}
    return _COURSES.format(visits=selection.relation(VISITS)), params


_COURSES = """
SELECT b.case_id, b.at >= %(since)s AS after,
       bool_or(m.to_stage_id = ANY(%(further)s)) AS gated,
       bool_or(m.to_stage_id = ANY(%(lost)s)) AS lost, bool_or(m.to_stage_id = ANY(%(won)s)) AS won
FROM (
    SELECT case_id, min(entered_at) AS at FROM ({visits}) v GROUP BY case_id
    HAVING min(entered_at) >= %(since)s - %(stretch)s AND min(entered_at) < %(since)s + %(stretch)s
       AND min(entered_at) + %(stretch)s <= %(as_of)s
) b JOIN funnel_stagemove m ON m.case_id = b.case_id AND m.moved_at <= b.at + %(stretch)s
GROUP BY b.case_id, b.at
"""

_MONEY = """
SELECT p.due_on >= %(since)s::date, sum(p.principal + p.interest)::float,
       coalesce(sum(p.principal + p.interest) FILTER (WHERE p.paid_on <= p.due_on + %(stretch)s), 0)::float
FROM crm_payment p JOIN crm_facility f ON f.id = p.facility_id
WHERE f.client_id IN (SELECT client_id FROM funnel_case WHERE id IN ({chosen}))
  AND p.due_on >= (%(since)s - %(stretch)s)::date
  AND p.due_on < (%(since)s + %(stretch)s)::date
  AND p.due_on + %(stretch)s <= %(as_of)s
GROUP BY 1
"""

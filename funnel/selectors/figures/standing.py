"""Where cases stand and how they got there: the age of open cases, and the flows between stages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from funnel.models import Stage
from funnel.selectors.figures.selection import VISITS, Selection

AGES: Final = ((0, 14), (15, 30), (31, 60), (61, 90), (91, 180), (181, None))
"""Days in the stage, first and last of each class."""


@dataclass
class Ageing:
    """The open cases of a stage by days in it; `late` have been there for longer than it allows."""

    stage: Stage
    classes: list[int] = field(default_factory=lambda: [0] * len(AGES))
    late: int = 0

    @property
    def cases(self) -> int:
        return sum(self.classes)


def ageing(selection: Selection) -> list[Ageing]:
    """One statement."""
    told = {stage.pk: Ageing(stage) for stage in selection.steps if not stage.is_closed}
    found = selection.rows(
        f"""SELECT stage_id, (%(as_of)s)::date - entered_at::date, count(*)
            FROM ({selection.relation(VISITS)}) v WHERE next_id IS NULL AND stage_id = ANY(%(open)s) GROUP BY 1, 2"""
    )
    for pk, days, cases in found:
        line = told[pk]
        line.classes[age_class(days)] += cases
        if line.stage.limit_days is not None and days > line.stage.limit_days:
            line.late += cases
    return list(told.values())


def age_class(days: int) -> int:
    return next(at for at, (_, last) in enumerate(AGES) if last is None or days <= last)


@dataclass(frozen=True)
class Flow:
    """How many times cases went from one stage to the next; no origin: they began there, no target: they are there."""

    origin: Stage | None
    target: Stage | None
    moves: int


def flows(selection: Selection) -> list[Flow]:
    """Every way that was gone, in the order of stages. One statement."""
    stages = {stage.pk: stage for stage in selection.stages}
    found = selection.rows(
        f"""SELECT stage_id, next_id, count(*), count(*) FILTER (WHERE is_first)
            FROM ({selection.relation(VISITS)}) v GROUP BY 1, 2"""
    )
    began: dict[int, int] = {}
    told: list[Flow] = []
    for origin, target, moves, firsts in found:
        began[origin] = began.get(origin, 0) + firsts
        told.append(Flow(stages[origin], stages[target] if target else None, moves))
    told += [Flow(None, stages[pk], cases) for pk, cases in began.items() if cases]
    place = {stage.pk: at for at, stage in enumerate(selection.stages)}
    last = len(place)
    return sorted(
        told,
        key=lambda flow: (
            place[flow.origin.pk] if flow.origin else -1,
            place[flow.target.pk] if flow.target else last,
        ),
    )

"""The same figures for each kind of case beside the others: by tier at entry, manager, product, sector or source."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from funnel.models import Stage
from funnel.selectors.figures.conversion import LAST, PLACE, Fates
from funnel.selectors.figures.durations import Duration, days_between, estimate
from funnel.selectors.figures.outcomes import COURSES, DIMENSIONS, of_cases
from funnel.selectors.figures.selection import MOVES, VISITS, Selection


@dataclass
class Way(Fates):
    """The cases that are alike in the selection's cut (`value`, None: nothing is known)."""

    value: Any


def ways(selection: Selection) -> list[Way]:
    """How far the cases of each kind came, the most cases first. One statement."""
    steps, stages = selection.steps, selection.stages
    bits = [1 << stages.index(stage) for stage in steps]
    found = selection.rows(
        f"""SELECT {DIMENSIONS[selection.cut]}, entered, last, count(*) FROM (
                SELECT case_id, bit_or(1::bigint << {PLACE}) AS entered, {LAST} AS last
                FROM ({selection.relation(MOVES)}) m GROUP BY case_id
            ) walked {of_cases("walked", selection.cut)} GROUP BY 1, 2, 3"""
    )
    told: dict[Any, Way] = {}
    for value, entered, last, cases in found:
        way = told.setdefault(value, Way(value, reached=[0] * len(steps)))
        way.cases += cases
        way.won += cases * (stages[last].outcome == Stage.Outcome.WON)
        way.lost += cases * (stages[last].outcome == Stage.Outcome.LOST)
        furthest = max((place for place, bit in enumerate(bits) if entered & bit), default=-1)
        for place in range(furthest + 1):
            way.reached[place] += cases
    return sorted(told.values(), key=lambda way: (-way.cases, str(way.value)))


@dataclass(frozen=True)
class StayOf:
    """How long the cases of one kind stay in a stage."""

    stage: Stage
    value: Any
    duration: Duration


def stays_of(selection: Selection) -> list[StayOf]:
    """Each open stage with each kind that came into it, in the order of the stages. One statement."""
    found = selection.rows(
        f"""SELECT visit.stage_id, {DIMENSIONS[selection.cut]},
                   {days_between("entered_at", "coalesce(left_at, %(as_of)s)")}, left_at IS NOT NULL, count(*)
            FROM ({selection.relation(VISITS)}) visit {of_cases("visit", selection.cut)}
            WHERE visit.stage_id = ANY(%(open)s) GROUP BY 1, 2, 3, 4"""
    )
    counted: dict[tuple[int, Any], list[tuple[int, bool, int]]] = defaultdict(list)
    for stage, value, days, ended, stays in found:
        counted[stage, value].append((days, ended, stays))
    places = {stage.pk: place for place, stage in enumerate(selection.stages)}
    told = [
        StayOf(selection.stages[places[stage]], value, estimate(stays))
        for (stage, value), stays in counted.items()
    ]
    return sorted(told, key=lambda one: (places[one.stage.pk], str(one.value)))


Reason = tuple[int, str]
"""The stage that cases were lost in, and the key of the reason (empty: nobody said)."""


def reasons_of(selection: Selection) -> tuple[list[Reason], dict[Any, Counter[Reason]]]:
    """Why cases were lost, the most frequent first, and how often by kind, the most lost first. One statement."""
    found = selection.rows(
        f"""SELECT {DIMENSIONS[selection.cut]}, course.last, c.reason, count(*)
            FROM ({COURSES.format(visits=selection.relation(VISITS))}) course {of_cases("course", selection.cut)}
            WHERE course.last = ANY(%(lost)s) GROUP BY 1, 2, 3"""
    )
    everyone: Counter[Reason] = Counter()
    by_value: dict[Any, Counter[Reason]] = defaultdict(Counter)
    for value, stage, reason, cases in found:
        everyone[stage, reason] += cases
        by_value[value][stage, reason] += cases
    ordered = sorted(by_value.items(), key=lambda one: (-one[1].total(), str(one[0])))
    return [reason for reason, _cases in everyone.most_common()], dict(ordered)

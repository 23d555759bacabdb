"""Financing cases spread over the funnel, each with the moves and the tiers it had on the way."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter
from random import Random

from config.demo.casework import add_details
from config.demo.clock import moment, working_day
from config.demo.load import load, reserve_ids
from config.demo.projects import Undertaking
from config.demo.streams import pick, rounded, stream
from config.demo.subjects import Subject
from crm.models import Client, Project
from funnel.models import Case, Pipeline, Stage, StageGate, StageMove
from tiering.models import Assignment, Tier

CLIENTS_WITH_CASE = 0.16
CLIENTS_WITH_EARLIER_CASE = 0.08
YEAR = 365
EARLIER = (395, 520)
"""Days before the anchor in which earlier cases began, most of them before the criteria took effect."""
RECENT = 0.5
"""Share of cases that began within the last weeks; the others began within the year."""
PRODUCTS = {"term_loan": 35, "working_capital": 25, "lease": 20, "supply_chain": 15, "guarantee": 5}
DECLINED = 0.16
"""Chance that a case ends at the end of a stage; one that meets a closed gate ends more often than not."""
DECLINED_AT_GATE = 0.75
DECLINED_EARLY, DECLINED_LATE = 0.05, 0.35
"""The same before there were tiers: few were turned down before the work on them began, and many after."""
LEFT_WAITING = timedelta(days=150)
"""So long at most a case waits before a gate that is closed."""
UNLIMITED_DAYS = 30
REASONS = {"cash_flow": 30, "collateral": 25, "terms": 20, "competitor": 15, "sector": 10}
GATE_REASON = "tier"


@dataclass(frozen=True, slots=True)
class TierHistory:
    """The tiers a client had: from when each of them held, oldest first."""

    since: list[datetime] = field(default_factory=list)
    tiers: list[Tier] = field(default_factory=list)

    def at(self, when: datetime) -> Tier | None:
        place = bisect_right(self.since, when)
        return self.tiers[place - 1] if place else None


@dataclass(frozen=True, slots=True)
class Beginning:
    """That somebody asked for something so many days before the anchor; `source` draws the way that it went."""

    subject: Subject
    project: Project | None
    age: float
    source: Random


@dataclass(frozen=True, slots=True)
class Funnel:
    """The pipeline's open stages in order, its two ends, and the worst rank that may enter each gated stage, as long as
    there have been tiers."""

    open: list[Stage]
    won: Stage
    lost: Stage
    worst_rank: dict[int, int]
    gated_since: datetime

    def declined(self, following: Stage, barred: bool, at: datetime, end: datetime) -> float:
        """How likely a case is to end instead of entering the following stage."""
        if at < self.gated_since:
            first = next(place for place, stage in enumerate(self.open) if stage.pk in self.worst_rank)
            return DECLINED_EARLY if following in self.open[: first + 1] else DECLINED_LATE
        if barred:
            return DECLINED_AT_GATE if end - at < LEFT_WAITING else 1
        return DECLINED

    def admits(self, stage: Stage, tier: Tier | None, at: datetime) -> bool:
        worst = self.worst_rank.get(stage.pk)
        return worst is None or at < self.gated_since or (tier is not None and tier.rank <= worst)


def load_cases(
    subjects: Sequence[Subject], undertakings: Sequence[Undertaking], anchor: date, pipeline: Pipeline
) -> int:
    """Store the cases and their moves; gives the number of cases."""
    histories = read_tiers()
    funnel = read_funnel(pipeline, min(history.since[0] for history in histories.values()))
    projects = {
        undertaking.borrower.pk: undertaking.project
        for undertaking in undertakings
        if undertaking.project.status not in (Project.Status.COMPLETED, Project.Status.CANCELLED)
    }
    begun = [
        one for subject in subjects for one in beginnings(subject, projects.get(subject.client.pk), anchor)
    ]
    begun.sort(key=attrgetter("age"), reverse=True)
    cases: list[Case] = []
    moves: list[StageMove] = []
    for one, pk in zip(begun, reserve_ids(Case, len(begun)), strict=True):
        history = histories.get(one.subject.client.pk, TierHistory())
        steps = list(walk(one, anchor, funnel, history))
        case = make_case(pk, one, steps)
        cases.append(case)
        for move in steps:
            move.case = case
        moves += steps
    add_details(cases, anchor)
    for move in moves:
        move.amount = move.case.amount
    load(cases)
    load(sorted(moves, key=attrgetter("moved_at")))
    return len(cases)


def read_funnel(pipeline: Pipeline, gated_since: datetime) -> Funnel:
    stages = list(pipeline.stages.order_by("position"))
    gates = StageGate.objects.filter(stage__pipeline=pipeline, kind="tier").select_related("minimum_tier")
    return Funnel(
        open=[stage for stage in stages if stage.outcome == Stage.Outcome.OPEN],
        won=next(stage for stage in stages if stage.outcome == Stage.Outcome.WON),
        lost=next(stage for stage in stages if stage.outcome == Stage.Outcome.LOST),
        worst_rank={gate.stage_id: gate.minimum_tier.rank for gate in gates if gate.minimum_tier},
        gated_since=gated_since,
    )


def read_tiers() -> dict[int, TierHistory]:
    histories: dict[int, TierHistory] = {}
    assignments = Assignment.objects.filter(scheme__is_primary=True).select_related("tier")
    for assignment in assignments.order_by("client", "valid_from"):
        history = histories.setdefault(assignment.client_id, TierHistory())
        history.since.append(assignment.valid_from)
        history.tiers.append(assignment.tier)
    return histories


def beginnings(subject: Subject, project: Project | None, anchor: date) -> Iterator[Beginning]:
    """What a client asks for, and what somebody who was a client by then asked for before."""
    dormant = subject.client.status == Client.Status.DORMANT
    if not dormant and stream("has case", subject.index).random() < CLIENTS_WITH_CASE:
        draw = stream("walk", subject.index)
        age = draw.uniform(1, 50) if draw.random() < RECENT else draw.uniform(45, YEAR)
        yield Beginning(subject, project, age, draw)
    since = subject.client.client_since
    known = since is not None and since < anchor - timedelta(days=EARLIER[1])
    if known and stream("has earlier case", subject.index).random() < CLIENTS_WITH_EARLIER_CASE:
        draw = stream("earlier walk", subject.index)
        yield Beginning(subject, None, draw.uniform(*EARLIER), draw)


def make_case(pk: int, begun: Beginning, steps: Sequence[StageMove]) -> Case:
    subject = begun.subject
    source = stream("case", subject.index, int(begun.age))
    return Case(
        pk=pk,
        code=f"FC{pk:06}",
        client=subject.client,
        project=begun.project,
        product="project_loan" if begun.project else pick(source, PRODUCTS),
        amount=rounded(subject.revenue * source.uniform(0.04, 0.3), 2),
        stage=steps[-1].to_stage,
        reason=steps[-1].reason,
        entered_stage_at=steps[-1].moved_at,
        version=len(steps),
        opened_by=subject.rm,
        created_at=steps[0].moved_at,
    )


def walk(begun: Beginning, anchor: date, funnel: Funnel, history: TierHistory) -> Iterator[StageMove]:
    """The case's moves up to the anchor: recent cases are still early, old ones have mostly come to an end."""
    subject, source, end = begun.subject, begun.source, moment(anchor, 0)
    at = moment(working_day(anchor - timedelta(days=int(begun.age))), source.randint(9, 16))
    stage = funnel.open[0]
    yield step(subject, None, stage, at, history)
    for following in [*funnel.open[1:], funnel.won]:
        at = next_moment(source, at, stage)
        if at >= end:
            return
        barred = not funnel.admits(following, history.at(at), at)
        if source.random() < funnel.declined(following, barred, at, end):
            why = GATE_REASON if barred else pick(source, REASONS)
            yield step(subject, stage, funnel.lost, at, history, why)
            return
        if barred:
            return
        yield step(subject, stage, following, at, history)
        stage = following


def next_moment(source: Random, at: datetime, stage: Stage) -> datetime:
    """When the case leaves a stage: usually within the days allowed, sometimes well after."""
    days = max((stage.limit_days or UNLIMITED_DAYS) * source.lognormvariate(-0.25, 0.5), 3)
    day = working_day((at + timedelta(days=days)).date())
    return moment(day, source.randint(9, 17), source.randrange(60))


def step(
    subject: Subject,
    origin: Stage | None,
    target: Stage,
    at: datetime,
    history: TierHistory,
    reason: str = "",
) -> StageMove:
    return StageMove(
        from_stage=origin,
        to_stage=target,
        tier=history.at(at),
        moved_by=subject.rm,
        moved_at=at,
        reason=reason,
    )

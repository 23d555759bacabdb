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
YEAR = 365
RECENT = 0.5
"""Share of cases that began within the last weeks; the others began within the year."""
PRODUCTS = {"term_loan": 35, "working_capital": 25, "lease": 20, "supply_chain": 15, "guarantee": 5}
DECLINED = 0.16
"""Chance that a case ends at the end of a stage; one that meets a closed gate ends more often than not."""
DECLINED_AT_GATE = 0.75
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
class Funnel:
    """The pipeline's open stages in order, its two ends, and the worst rank that may enter each gated stage."""

    open: list[Stage]
    won: Stage
    lost: Stage
    worst_rank: dict[int, int]

    def admits(self, stage: Stage, tier: Tier | None) -> bool:
        worst = self.worst_rank.get(stage.pk)
        return worst is None or (tier is not None and tier.rank <= worst)


def load_cases(
    subjects: Sequence[Subject], undertakings: Sequence[Undertaking], anchor: date, pipeline: Pipeline
) -> int:
    """Store the cases and their moves; gives the number of cases."""
    funnel, histories = read_funnel(pipeline), read_tiers()
    projects = {
        undertaking.borrower.pk: undertaking.project
        for undertaking in undertakings
        if undertaking.project.status not in (Project.Status.COMPLETED, Project.Status.CANCELLED)
    }
    chosen = [subject for subject in subjects if has_case(subject)]
    cases: list[Case] = []
    moves: list[StageMove] = []
    for subject, pk in zip(chosen, reserve_ids(Case, len(chosen)), strict=True):
        history = histories.get(subject.client.pk, TierHistory())
        steps = list(walk(subject, anchor, funnel, history))
        case = make_case(pk, subject, projects.get(subject.client.pk), steps)
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


def read_funnel(pipeline: Pipeline) -> Funnel:
    stages = list(pipeline.stages.order_by("position"))
    gates = StageGate.objects.filter(stage__pipeline=pipeline, kind="tier").select_related("minimum_tier")
    return Funnel(
        open=[stage for stage in stages if stage.outcome == Stage.Outcome.OPEN],
        won=next(stage for stage in stages if stage.outcome == Stage.Outcome.WON),
        lost=next(stage for stage in stages if stage.outcome == Stage.Outcome.LOST),
        worst_rank={gate.stage_id: gate.minimum_tier.rank for gate in gates if gate.minimum_tier},
    )


def read_tiers() -> dict[int, TierHistory]:
    histories: dict[int, TierHistory] = {}
    assignments = Assignment.objects.filter(scheme__is_primary=True).select_related("tier")
    for assignment in assignments.order_by("client", "valid_from"):
        history = histories.setdefault(assignment.client_id, TierHistory())
        history.since.append(assignment.valid_from)
        history.tiers.append(assignment.tier)
    return histories


def has_case(subject: Subject) -> bool:
    dormant = subject.client.status == Client.Status.DORMANT
    return not dormant and stream("has case", subject.index).random() < CLIENTS_WITH_CASE


def make_case(pk: int, subject: Subject, project: Project | None, steps: Sequence[StageMove]) -> Case:
    source = stream("case", subject.index)
    return Case(
        pk=pk,
        code=f"FC{pk:06}",
        client=subject.client,
        project=project,
        product="project_loan" if project else pick(source, PRODUCTS),
        amount=rounded(subject.revenue * source.uniform(0.04, 0.3), 2),
        stage=steps[-1].to_stage,
        reason=steps[-1].reason,
        entered_stage_at=steps[-1].moved_at,
        version=len(steps),
        opened_by=subject.rm,
        created_at=steps[0].moved_at,
    )


def walk(subject: Subject, anchor: date, funnel: Funnel, history: TierHistory) -> Iterator[StageMove]:
    """The case's moves up to the anchor: recent cases are still early, old ones have mostly come to an end."""
    source = stream("walk", subject.index)
    end = moment(anchor, 0)
    age = source.uniform(1, 50) if source.random() < RECENT else source.uniform(45, YEAR)
    at = moment(working_day(anchor - timedelta(days=int(age))), source.randint(9, 16))
    stage = funnel.open[0]
    yield step(subject, None, stage, at, history)
    for following in [*funnel.open[1:], funnel.won]:
        at = next_moment(source, at, stage)
        if at >= end:
            return
        barred = not funnel.admits(following, history.at(at))
        if source.random() < (DECLINED_AT_GATE if barred else DECLINED):
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

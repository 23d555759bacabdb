"""How long each figure takes over many moves, beside its goal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Final

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Role, User
from funnel.bench.past import make_past
from funnel.models import Pipeline, Stage, StageMove, book_currency
from funnel.pages.figures import FIGURES
from funnel.selectors.figures.conversion import conversion
from funnel.selectors.figures.selection import Selection
from tiering.bench.book import make_book
from tiering.bench.clocks import Backend
from tiering.bench.report import Line, at_most, exactly
from tiering.bench.scratch import Scratch

CLIENTS: Final = 5_000
ROUNDS: Final = 5
GOAL: Final = 1.0
FIGURE_GOAL: Final = 2.0
"""Seconds: conversion over a million moves, and any other figure, whose statements are each to stay well below the 5 s
that a page may take."""
WAY: Final = ("seen", "assessed", "examined", "agreed", "won", "lost")


def measured(scratch: Scratch, moves: int) -> Iterator[Line]:
    """Conversion beside its goal, on the wall and of the processor, and every figure."""
    with scratch.database():
        make_book(CLIENTS, tiered=False)
        user = User.objects.create_user(username="bench-auditor", name="Auditor", role=Role.AUDITOR)
        pipeline = _pipeline()
        make_past(moves, [stage.pk for stage in pipeline.stages.order_by("position")], user.pk)
        chosen = Selection(user=user, pipeline=pipeline, as_of=timezone.now(), currency=book_currency())
        yield Line(_("Moves of cases"), f"{StageMove.objects.count():,}")
        yield from _conversion(chosen)
        for key, figure in FIGURES.items():
            yield _figure(key, partial(figure, chosen))


def _figure(key: str, act: Callable[[], object]) -> Line:
    """Of the processor of the database, where it can be read: others on the machine do not stretch it."""
    act()
    spent = Backend().time(act)
    return at_most(f"{key} · wall {spent.wall:.2f} s", spent.effort, FIGURE_GOAL, " s")


def _conversion(chosen: Selection) -> Iterator[Line]:
    backend = Backend()
    spent = [backend.time(partial(conversion, chosen)) for _round in range(ROUNDS + 1)][1:]
    yield at_most(_("Conversion by step and cohort"), median(one.wall for one in spent), GOAL, " s")
    cpu = [one.cpu for one in spent if one.cpu is not None]
    if cpu:
        yield at_most(_("The same, of the processor"), median(cpu), GOAL, " s")
    entered = {step.stage.pk: step.entered for step in conversion(chosen).steps}
    direct = "SELECT to_stage_id, count(DISTINCT case_id) FROM funnel_stagemove GROUP BY 1"
    with connection.cursor() as cursor:
        cursor.execute(direct)
        counted = dict(cursor.fetchall())
    yield exactly(
        _("Steps counted otherwise"), sum(counted.get(stage, 0) != cases for stage, cases in entered.items())
    )


def _pipeline() -> Pipeline:
    pipeline = Pipeline.objects.create(key="bench", name_en="Bench")
    Stage.objects.bulk_create(
        Stage(
            pipeline=pipeline, key=key, name_en=key, position=position,
            outcome=key if key in Stage.Outcome.values else Stage.Outcome.OPEN,
            probability=position / 5, expected_days=30, limit_days=60,
        )
        for position, key in enumerate(WAY)
    )  # fmt: skip
    return pipeline

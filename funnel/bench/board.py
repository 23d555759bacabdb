"""How soon the board of many open cases answers, and a move on it: server time of each request, and its queries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from django.db import connection
from django.test import Client as Visitor
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.models import Role, User
from funnel.bench.past import make_open_cases
from funnel.models import Case, Pipeline, Stage
from tiering.bench.book import make_book
from tiering.bench.clocks import Backend, percentile
from tiering.bench.report import Line, at_most
from tiering.bench.scratch import Scratch

CLIENTS: Final = 5_000
ROUNDS: Final = 20
BOARD_GOAL, MOVE_GOAL = 150.0, 60.0
"""Milliseconds: first paint of all columns, and a move, over 100,000 open cases."""


def measured_board(scratch: Scratch, cases: int) -> Iterator[Line]:
    """Board and move for somebody who sees every client and for whoever holds them."""
    with scratch.database():
        book = make_book(CLIENTS)
        officer = User.objects.create_user("officer", role=Role.RISK_OFFICER, name="Officer")
        pipeline = Pipeline.objects.order_by("pk")[0]
        make_open_cases(cases, [stage.pk for stage in _open(pipeline)], book.rm.pk)
        yield Line(_("Open cases"), f"{Case.objects.count():,}")
        for user in (officer, book.rm):
            visitor = _visitor(user)
            yield _line(f"{_('Board')}: {user.get_role_display()}", partial(_board, visitor), BOARD_GOAL)
        moves = _moves(visitor, pipeline)
        yield _line(_("A move on the board"), partial(next, moves), MOVE_GOAL)


def _open(pipeline: Pipeline) -> list[Stage]:
    return list(pipeline.stages.filter(outcome=Stage.Outcome.OPEN).order_by("position"))


def _visitor(user: User) -> Visitor:
    visitor = Visitor(headers={"host": "localhost"})
    visitor.force_login(user)
    return visitor


def _board(visitor: Visitor) -> None:
    _expect(200, visitor.get(reverse("funnel:board"), secure=True).status_code)


def _moves(visitor: Visitor, pipeline: Pipeline) -> Iterator[None]:
    """One move after the other, each of another case and back by one stage, which asks for no gate."""
    first, second, *_rest = _open(pipeline)
    for case in Case.objects.filter(stage=second).order_by("pk").iterator():
        answer = visitor.post(
            reverse("funnel:move", args=[case.pk]),
            {"stage": first.key, "version": case.version},
            headers={"HX-Request": "true"},
            secure=True,
        )
        _expect(200, answer.status_code)
        yield


def _expect(wanted: int, status: int) -> None:
    """Raises RuntimeError where the answer is another, whose time would say nothing."""
    if status != wanted:
        raise RuntimeError(f"{status} instead of {wanted}")


def _line(name: str, act: Callable[[], None], goal: float) -> Line:
    """The 95th percentile of the processor's time in the web process and the database, beside that on the wall."""
    for _warm in range(3):  # a cold cache is not what is measured
        act()
    backend, wall, effort = Backend(), [], []
    for _round in range(ROUNDS):
        begun = time.process_time()
        spent = backend.time(act)
        wall.append(1000 * spent.wall)
        effort.append(1000 * (spent.effort + (0 if spent.cpu is None else time.process_time() - begun)))
    with CaptureQueriesContext(connection) as captured:
        act()
    measure = f"{name} · {len(captured)} queries · wall {percentile(wall, 0.95):.0f} ms"
    return at_most(measure, percentile(effort, 0.95), goal, " ms", 0)

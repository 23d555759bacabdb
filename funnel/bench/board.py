"""How soon the board of many open cases answers, and a move on it: server time of each request, and its queries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from django.test import Client as Visitor
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.models import Role, User
from funnel.bench.past import make_open_cases
from funnel.bench.timing import timed, visitor_of
from funnel.models import Case, Pipeline, Stage
from tiering.bench.book import make_book
from tiering.bench.report import Line
from tiering.bench.scratch import Scratch

CLIENTS: Final = 5_000
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
            visitor = visitor_of(user)
            yield timed(f"{_('Board')}: {user.get_role_display()}", partial(_board, visitor), BOARD_GOAL)
        moves = _moves(visitor, pipeline)
        yield timed(_("A move on the board"), partial(next, moves), MOVE_GOAL)


def _open(pipeline: Pipeline) -> list[Stage]:
    return list(pipeline.stages.filter(outcome=Stage.Outcome.OPEN).order_by("position"))


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

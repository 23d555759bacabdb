"""How soon the pages of many open cases answer, and moves on the board: server time of each request, and its queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q
from django.test import Client as Visitor
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.models import Role, Team, User
from funnel.bench.past import make_open_cases
from funnel.bench.timing import ROUNDS, timed
from funnel.models import Case, CheckItem, Pipeline, Stage
from funnel.services.pipelines import ensure_seed_pipeline
from tiering.bench.book import make_book
from tiering.bench.clocks import load_of_others
from tiering.bench.report import Line
from tiering.bench.rows import execute
from tiering.bench.scratch import Scratch
from tiering.bench.visits import visitor_of
from tiering.models import Assessment, Assignment
from tiering.models.tiers import IN_FORCE

CLIENTS: Final = 5_000
DESK: Final = 50
"""Clients of a team that sees no others; everybody else's are of one team."""
POINTS: Final = 12
"""Of the checklist of the case whose page is asked for."""
BOARD_GOAL, MOVE_GOAL, CASE_GOAL = 150.0, 60.0, 100.0
"""Milliseconds: first paint of all columns, a move, and the page of a case, over 100,000 open cases."""


@dataclass(frozen=True)
class Asked:
    """What somebody asks for, and within how many milliseconds the answer should be there."""

    name: str
    act: Callable[[], None]
    goal: float


def measured_board(scratch: Scratch, cases: int) -> Iterator[Line]:
    """Pages and moves for somebody who sees every client, for whoever holds nearly all of them, and for a small desk."""
    with scratch.database():
        execute(
            "SET max_parallel_workers_per_gather = 0"
        )  # what others do for the backend would not be counted
        book = make_book(CLIENTS)
        pipeline = ensure_seed_pipeline()
        make_open_cases(cases, [stage.pk for stage in _open(pipeline)], book.rm.pk)
        yield Line(_("Open cases"), f"{Case.objects.count():,}")
        yield Line(_("Load of the machine, before"), f"{load_of_others():.0%}")
        officer = User.objects.create_user("officer", role=Role.RISK_OFFICER, name="Officer")
        for whose, user in {"all": officer, "manager": book.rm, "small desk": _desk()}.items():
            for asked in _pages(visitor_of(user), whose, user):
                yield timed(asked.name, asked.act, asked.goal)
        for asked in _moves(visitor_of(book.rm), pipeline):
            yield timed(asked.name, asked.act, asked.goal)
        yield Line(_("Load of the machine, after"), f"{load_of_others():.0%}")


def _open(pipeline: Pipeline) -> list[Stage]:
    return list(pipeline.stages.filter(outcome=Stage.Outcome.OPEN).order_by("position"))


def _desk() -> User:
    """A manager of a team with few clients."""
    team = Team.objects.create(code="desk", name="Desk")
    user: User = User.objects.create_user("desk", role=Role.RM, name="Manager", team=team)
    execute(
        "UPDATE crm_client SET rm_id = %(rm)s, team_id = %(team)s WHERE id %% %(share)s = 0",
        {"rm": user.pk, "team": team.pk, "share": CLIENTS // DESK},
    )
    execute("VACUUM ANALYZE crm_client")
    return user


def _pages(visitor: Visitor, whose: str, user: User) -> Iterator[Asked]:
    """The three ways to look at the cases, the page of one, and what a board asks for while it is looked at."""

    def page(name: str, view: str, *args: int, goal: float = BOARD_GOAL, **query: object) -> Asked:
        address = f"{reverse(view, args=args)}?{urlencode(query)}"
        return Asked(f"{name}: {whose}", partial(_get, visitor, address), goal)

    yield page("Board", "funnel:board")
    for by in ("tier", "rm", "month"):
        yield page(f"Board by {by}", "funnel:board", by=by)
    yield page("Board of a product, waiting too long", "funnel:board", product="lease", late="on")
    largest = Case.objects.visible_to(user).in_board_order()[0]
    after = {"amount": largest.amount, "after": largest.pk}
    yield page("More cards of a column", "funnel:more-cards", **after)
    yield page("Totals of the board", "funnel:heads")
    yield page("News of the board", "funnel:news")
    yield page("List", "funnel:list")
    yield page("Calendar", "funnel:calendar")
    if not largest.checks.exists():
        CheckItem.objects.bulk_create(CheckItem(case=largest, name_en=f"Point {n}") for n in range(POINTS))
    yield page("Case", "funnel:case", largest.pk, goal=CASE_GOAL)


def _moves(visitor: Visitor, pipeline: Pipeline) -> Iterator[Asked]:
    """A step back, which asks for no gate; one forwards through the gate of a tier; and one that is refused there."""
    first, second, third, *_rest = _open(pipeline)
    high = _held(pipeline)
    yield Asked("Move back", partial(next, _moving(visitor, second, first, Q())), MOVE_GOAL)
    yield Asked("Move through a gate", partial(next, _moving(visitor, second, third, high)), MOVE_GOAL)
    yield Asked("Move that is refused", partial(next, _moving(visitor, first, third, ~high, 409)), MOVE_GOAL)


def _held(pipeline: Pipeline) -> Q:
    """That the tier of the case's client is one that the pipeline's gate takes."""
    least = Stage.objects.filter(pipeline=pipeline, gates__minimum_tier__isnull=False)
    tier = least.get().gates.get().minimum_tier
    assert tier is not None
    held = Assignment.objects.filter(IN_FORCE, scheme=tier.scheme_id, tier__rank__lte=tier.rank)
    sure = Assessment.objects.filter(IN_FORCE, scheme=tier.scheme_id, provisional=False)
    return Q(client__in=held.values("client")) & Q(client__in=sure.values("client"))


def _moving(visitor: Visitor, origin: Stage, to: Stage, which: Q, status: int = 200) -> Iterator[None]:
    """One move after the other, each of another case."""
    for case in Case.objects.filter(which, stage=origin).order_by("pk")[: 3 * ROUNDS]:
        answer = visitor.post(
            reverse("funnel:move", args=[case.pk]),
            {"stage": to.key, "version": case.version},
            headers={"HX-Request": "true"},
            secure=True,
        )
        _expect(status, answer.status_code)
        yield


def _get(visitor: Visitor, address: str) -> None:
    _expect(200, visitor.get(address, secure=True).status_code)


def _expect(wanted: int, status: int) -> None:
    """Raises RuntimeError where the answer is another, whose time would say nothing."""
    if status != wanted:
        raise RuntimeError(f"{status} instead of {wanted}")

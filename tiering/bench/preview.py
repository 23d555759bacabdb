"""How long the impact of a draft takes to appear: the book loaded as columns, then one edit after the other.

Every time is that of a whole answer but for the network: the edit is stored, the draft checked, the book assessed, the
figures summed up and the panel written. Before that the tiers found on columns are compared with those of the compiled
criteria, client by client.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from crm.models import Role, User
from tiering.bench import criteria
from tiering.bench.assess import Disagreement, by_hand_once
from tiering.bench.book import Book, make_book
from tiering.bench.clocks import Spent
from tiering.bench.metrics import TABLE
from tiering.bench.report import Line, at_most
from tiering.bench.scratch import Scratch
from tiering.core.compile import compile_assessment
from tiering.core.editing import Edit, edits_between
from tiering.core.texts import N_
from tiering.models import CriteriaVersion
from tiering.pages.impact import impact_context
from tiering.preview.live import Preview, preview_of
from tiering.services.criteria import load_criteria
from tiering.services.drafts import edit_draft

GOALS = {100_000: 0.3, 1_000_000: 1.0}
"""Seconds from an edit to its impact by clients in the book."""
ROUNDS = 3


def previewed(scratch: Scratch, sizes: Sequence[int]) -> Iterator[Line]:
    """What each book takes, each in a database of its own. Raises Disagreement."""
    for size in sorted(sizes):
        with scratch.database(), TemporaryDirectory() as folder:
            former, settings.PREVIEW_DIR = settings.PREVIEW_DIR, folder
            try:
                yield from previews(make_book(size))
            finally:
                settings.PREVIEW_DIR = former


def previews(book: Book) -> Iterator[Line]:
    """Loading, the first answer, and one after an edit of each kind."""
    admin, version = _draft()
    loaded, preview = _timed(lambda: preview_of(version, admin, wait=True))
    assert isinstance(preview, Preview)
    _panel(version, admin)  # templates are read once
    first, _answer = _timed(lambda: _panel(version, admin))
    _check_equal(book, preview)
    hand = by_hand_once(book)
    clients = f"{book.clients:,}"
    yield Line(_("%(clients)s clients: loaded and assessed") % {"clients": clients}, _shown(loaded))
    yield Line(_("%(clients)s clients: answer without an edit") % {"clients": clients}, _shown(first))
    spent = {name: _after_edits(version, admin, change) for name, change in EDITS.items()}
    for name, took in spent.items():
        yield Line(_("after an edit of %(what)s") % {"what": _(name)}, _shown(took))
    worst = max(took.wall for took in spent.values())
    goal = next((goal for size, goal in sorted(GOALS.items()) if book.clients <= size), None)
    measure = _("%(clients)s clients: after the dearest edit") % {"clients": clients}
    yield Line(measure, f"{worst:.3f} s") if goal is None else at_most(measure, worst, goal, " s", 3)
    yield Line(
        _("after an edit ÷ A, by hand in SQL"),
        f"{median(took.wall for took in spent.values()) / hand.wall:.2f}",
    )
    yield Line(_("memory: what is kept of it · columns on disk"), _memory(preview))


def _timed(act: Callable[[], Any]) -> tuple[Spent, Any]:
    """What an act takes: on the wall, and of the processor in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = act()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu), result


def _shown(spent: Spent) -> str:
    return _("%(wall).3f s (own CPU %(cpu).3f s)") % {"wall": spent.wall, "cpu": spent.cpu or 0}


def _draft() -> tuple[User, CriteriaVersion]:
    admin = User.objects.create_user(username="bench-drafter", name="Drafter", role=Role.CRITERIA_ADMIN)
    note = {"en": "Draft", "zh": "草案"}
    return admin, load_criteria(document={**criteria.data(), "note": note}, author=admin)


def _panel(version: CriteriaVersion, user: User) -> str:
    """The answer to a panel that asks."""
    fresh = CriteriaVersion.objects.select_related("criteria__scheme").get(pk=version.pk)
    context = impact_context(fresh, user, {})
    return render_to_string("tiering/preview/_body.html", context)


def _after_edits(version: CriteriaVersion, user: User, change: Callable[[Any, int], None]) -> Spent:
    """The median answer after some edits of a kind."""
    spent = []
    for turn in range(1, ROUNDS + 1):
        before = CriteriaVersion.objects.get(pk=version.pk).document
        after = deepcopy(before)
        change(after, turn)

        def edited(edits: Sequence[Edit] = edits_between(before, after)) -> None:
            edit_draft(version=version, edits=edits, by=user)
            _panel(version, user)

        spent.append(_timed(edited)[0])
    return Spent(median(one.wall for one in spent), median(one.cpu or 0 for one in spent))


def _indicator(document: Any) -> Any:
    return document["scorecards"][-1]["dimensions"][0]["indicators"][0]


def _points(document: Any, turn: int) -> None:
    _indicator(document)["bands"][2]["points"] = 55 + turn


def _edge(document: Any, turn: int) -> None:
    below, above = _indicator(document)["bands"][1:3]
    below["hi"] = above["lo"] = above["lo"] * (1 + 0.01 * turn)


def _weights(document: Any, turn: int) -> None:
    first, second = document["scorecards"][-1]["dimensions"][:2]
    first["weight"] -= 100 * turn
    second["weight"] += 100 * turn


def _cutoff(document: Any, turn: int) -> None:
    document["cutoffs"][1]["min"] = 58 + turn


def _gate(document: Any, turn: int) -> None:
    document["gates"][0]["when"]["value"] = 95 - turn


def _segment(document: Any, turn: int) -> None:
    document["scorecards"][0]["when"]["value"] = 2e7 + 1e6 * turn


EDITS: dict[str, Callable[[Any, int], None]] = {
    N_("points"): _points,
    N_("a band's edge"): _edge,
    N_("weights"): _weights,
    N_("a cut-off"): _cutoff,
    N_("a gate"): _gate,
    N_("a segment"): _segment,
}


def _check_equal(book: Book, preview: Preview) -> None:
    statement, params = compile_assessment(book.document, TABLE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"SELECT client_id, tier FROM ({statement}) AS a ORDER BY client_id", params)  # noqa: S608
        expected = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 2)
    found = preview.method.found.tier
    if not np.array_equal(expected[:, 0], preview.column("client")) or not np.array_equal(
        expected[:, 1], found
    ):
        raise Disagreement(_("Columns and compiled criteria give different tiers."))


def _memory(preview: Preview) -> str:
    files = sum(path.stat().st_size for path in preview.book.snapshot.folder.iterdir())
    return f"{preview.book.memo.bytes / 2**20:.0f} · {files / 2**20:.0f} MiB"

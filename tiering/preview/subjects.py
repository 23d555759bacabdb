"""Who is behind a figure of a preview, the largest exposure first, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.core import signing

from tiering.core.columns import Rows, Truth
from tiering.preview.amounts import WAYS, Mover
from tiering.preview.chosen import Chosen, Only
from tiering.preview.figures import mover_of
from tiering.preview.live import Preview

SALT: Final = "tiering.preview"


@dataclass(frozen=True)
class SubjectPage:
    """Some subjects of many, the number of the first, and tokens for the neighbours where there are any."""

    rows: Sequence[Mover]
    count: int
    first: int
    previous: str
    next: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def page_of(preview: Preview, chosen: Chosen, size: int, *, after: str = "", before: str = "") -> SubjectPage:
    """The page after or before a token, or the first one where there is none or it is not ours."""
    rows = rows_of(preview, chosen)
    start = _place(preview, rows, after, past=True)
    if before and not after:
        start = max(0, _place(preview, rows, before, past=False) - size)
    shown = [mover_of(preview, int(row)) for row in rows[start : start + size]]
    return SubjectPage(
        rows=shown,
        count=len(rows),
        first=start + 1,
        previous=_token(shown[0]) if shown and start else "",
        next=_token(shown[-1]) if start + size < len(rows) else "",
    )


def all_of(preview: Preview, chosen: Chosen, size: int) -> Iterator[list[Mover]]:
    """Everybody, so many at a time."""
    rows = rows_of(preview, chosen)
    for start in range(0, len(rows), size):
        yield [mover_of(preview, int(row)) for row in rows[start : start + size]]


def rows_of(preview: Preview, chosen: Chosen) -> Rows:
    """The rows, the largest exposure first, equals by the ids of client and project."""
    found = np.ones(preview.method.columns.count, np.bool_)
    for where in _conditions(preview, chosen):
        found &= where
    rows = np.flatnonzero(found)
    if preview.visible is not None:
        rows = np.intersect1d(rows, preview.visible, assume_unique=True)
    order = np.lexsort((rows, -preview.column("exposure")[rows]))
    return rows[order]


def _conditions(preview: Preview, chosen: Chosen) -> Iterator[Truth]:
    if chosen.way is not None:
        yield preview.ways == WAYS.index(chosen.way)
    if chosen.cell is not None:
        before, after = chosen.cell
        yield preview.before == (-1 if before is None else before)
        yield preview.after == after
    if chosen.group is not None:
        at, groups = preview.group(chosen.group[0])
        yield at == (groups.index(chosen.group[1]) if chosen.group[1] in groups else -1)
    if chosen.only is not None:
        yield _only(preview, chosen.only, chosen.metric or "")


def _only(preview: Preview, only: Only, metric: str) -> Truth:
    nobody = np.zeros(preview.method.columns.count, np.bool_)
    match only:
        case "reviews":
            return preview.reviews
        case "provisional":
            return preview.provisional
        case "limits":
            moved: Truth = preview.ways < 2
            return moved & (preview.column("facilities") > 0)
        case "held":
            return preview.held_back
        case "missing":
            return preview.method.lacks.get(metric, nobody)
        case "newly":
            lacked = preview.in_effect.lacks.get(metric, nobody) if preview.in_effect else nobody
            return preview.method.lacks.get(metric, nobody) & ~lacked


def _token(subject: Mover) -> str:
    return signing.dumps([subject.exposure, subject.client, subject.project or 0], salt=SALT, compress=True)


def _place(preview: Preview, rows: Rows, token: str, *, past: bool) -> int:
    """How many rows come before the one of a token; with ``past`` that one as well."""
    try:
        exposure, client, project = signing.loads(token, salt=SALT) if token else (None, 0, 0)
    except signing.BadSignature:
        exposure = None
    if exposure is None:
        return 0
    amounts, clients = preview.column("exposure")[rows], preview.column("client")[rows]
    within = preview.method.document.subject == "project"
    projects = preview.column("project")[rows] if within else np.zeros(len(rows), np.int64)
    reached = projects <= project if past else projects < project
    ahead = (amounts > exposure) | (
        (amounts == exposure) & ((clients < client) | ((clients == client) & reached))
    )
    return int(np.count_nonzero(ahead))

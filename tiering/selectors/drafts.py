"""How a draft stands: what speaks against it, what others wrote meanwhile, and what can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crm.models import User
from tiering.core.addresses import Placed, placed
from tiering.core.check import check
from tiering.core.editing import Edit, applied, edit_of, inverse, touches
from tiering.models import CriteriaEdit, CriteriaVersion
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria import document_of


@dataclass(frozen=True)
class Edited:
    """A draft as it stands for one who edits it.

    `refusals`: everything that speaks against submitting it, at its addresses. `since`: what was written between the
    revision that they knew and their own, the earliest first. `may_undo`, `may_redo`: whether they have something to
    take back, or to do again.
    """

    version: CriteriaVersion
    refusals: tuple[Placed, ...]
    since: tuple[CriteriaEdit, ...]
    may_undo: bool
    may_redo: bool


def edited(
    version: CriteriaVersion,
    user: User,
    known: int | None = None,
    own: int = 0,
) -> Edited:
    """A draft as it stands for a user who knows it up to a revision (None: as it is now) and just wrote another."""
    steps = Steps.of(version, user)
    document = document_of(version)
    return Edited(
        version=version,
        refusals=placed(version.document, check(document, open_catalogue())),
        since=() if known is None else _between(version, known, own),
        may_undo=steps.to_undo is not None,
        may_redo=steps.to_redo is not None,
    )


@dataclass(frozen=True)
class Steps:
    """What a user did in a draft, seen as two stacks: ids of the groups of edits to take back next, and to do again."""

    to_undo: int | None
    to_redo: int | None

    @classmethod
    def of(cls, version: CriteriaVersion, user: User) -> Steps:
        """Undoing an undoing is redoing, and a new edit leaves nothing to do again."""
        rows = CriteriaEdit.objects.filter(version=version, author=user).order_by("revision")
        undoes = dict(rows.values_list("pk", "undoes"))
        undone = set(undoes.values())
        done: list[int] = []
        taken_back: list[int] = []
        depth: dict[int, int] = {}
        for pk, of in undoes.items():
            depth[pk] = depth[of] + 1 if of else 0
            if depth[pk] == 0:
                taken_back.clear()
            if pk not in undone:
                (taken_back if depth[pk] % 2 else done).append(pk)
        return cls(done[-1] if done else None, taken_back[-1] if taken_back else None)


def document_at(version: CriteriaVersion, revision: int) -> dict[str, Any]:
    """What a draft said at an earlier revision: what was written since is taken back."""
    since = CriteriaEdit.objects.filter(
        version=version, revision__gt=revision, revision__lte=version.revision
    )
    document: dict[str, Any] = version.document
    for row in since.order_by("-revision"):
        document = applied(document, inverse(edits_in(row)))
    return document


def editors_of(version: CriteriaVersion) -> list[User]:
    """Who edited a version, by name."""
    edits = CriteriaEdit.objects.filter(version=version)
    return list(User.objects.filter(pk__in=edits.values("author")).order_by("name", "pk"))


def last_edit_of(version: CriteriaVersion, path: str) -> CriteriaEdit | None:
    """The latest edit of a draft that changed what stands in a place, around it or within it."""
    rows = CriteriaEdit.objects.filter(version=version).order_by("-revision").select_related("author")
    return next((row for row in rows.iterator(100) if _touches(edits_in(row), path)), None)


def edits_in(row: CriteriaEdit) -> tuple[Edit, ...]:
    """The edits of a stored group."""
    return tuple(map(edit_of, row.edits))


def _touches(edits: Iterable[Edit], path: str) -> bool:
    return any(touches(edit, path) for edit in edits)


def _between(version: CriteriaVersion, known: int, own: int) -> tuple[CriteriaEdit, ...]:
    rows = CriteriaEdit.objects.filter(version=version, revision__gt=known).exclude(revision=own)
    return tuple(rows.order_by("revision").select_related("author"))

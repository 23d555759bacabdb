"""What a version would do to the book as it is now, on its columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from crm.models import Client, User
from crm.querysets import reach
from tiering.core.columns import Assessments, Columns, Ranks, Rows, Truth
from tiering.core.columns_assess import assess, in_force_after, needs_review
from tiering.core.columns_memo import Memo
from tiering.core.columns_ranks import thresholds
from tiering.core.columns_scores import missing_of
from tiering.core.document import Document
from tiering.core.terms import Terms
from tiering.models import CriteriaVersion
from tiering.preview.amounts import (
    Grouping,
)
from tiering.preview.books import Book, Loading, book_for
from tiering.preview.loading import needs_of
from tiering.preview.reasons import Judge
from tiering.selectors.catalogue import policy_catalogue
from tiering.selectors.criteria import document_of, effective_version
from tiering.selectors.versions import tier_ids
from tiering.services.clock import database_now
from tiering.services.terms import overlays_on

Against = Literal["force", "model"]
"""What a draft is compared with: the tiers in force, or what the criteria in effect make of the same facts."""


@dataclass(frozen=True)
class Method:
    """A document under terms of its own, on the columns of a book; the ranks that are held are those of its tiers."""

    scheme: int
    document: Document
    terms: Terms
    columns: Columns
    memo: Memo

    @classmethod
    def of(cls, version: CriteriaVersion, book: Book, on: frozenset[str]) -> Method:
        """A version with the overlays that are on; ranks are found over the whole book."""
        document, scheme = document_of(version), version.criteria.scheme_id
        columns = book.columns(scheme, tuple(tier_ids(version)))
        terms = Terms(on, thresholds(document, columns, book.memo))
        return cls(scheme, document, terms, columns, book.memo)

    @cached_property
    def found(self) -> Assessments:
        """Everybody's results."""
        return assess(self.document, self.columns, self.terms, self.memo)

    @cached_property
    def lacks(self) -> dict[str, Truth]:
        """By metric, for whom an indicator finds no value."""
        return missing_of(self.document, self.columns, self.memo)


@dataclass(frozen=True)
class Preview:
    """Every subject of the book under a version, beside where it stands.

    ``in_effect`` are the criteria that it would replace. ``before`` are the ranks that it is compared with, ``after``
    those that come into force: where an override holds the tier, both are its rank. ``held_back``: who would move but
    for an override. ``reviews``: moves that a person would have to decide; ``provisional``: tiers that become so.
    ``visible``: the rows that the reader may see (None: all).
    """

    book: Book
    method: Method
    in_effect: Method | None
    before: Ranks
    after: Ranks
    held_back: Truth
    reviews: Truth
    provisional: Truth
    visible: Rows | None

    def seen(self, values: NDArray[Any]) -> NDArray[Any]:
        """The values of the rows that the reader may see."""
        return values if self.visible is None else values[self.visible]

    def column(self, name: str) -> NDArray[Any]:
        """A column of the book, of everybody."""
        return self.book.column(name)

    @property
    def ways(self) -> NDArray[np.uint8]:
        """The position in ``WAYS`` of which way each row goes."""
        before, after = self.before, self.after
        moved = np.where(after < before, np.uint8(0), np.uint8(1))
        moved[before == after] = 3
        moved[before < 0] = 2
        return moved

    def group(self, grouping: Grouping) -> tuple[NDArray[Any], list[int | str | None]]:
        """The position of the group of each row, and the groups."""
        if grouping == "segment":
            return self.method.found.card, [card.key for card in self.method.document.scorecards]
        ids = self.column(grouping)
        known, at = self.book.memo.of(("group", grouping), lambda: np.unique(ids, return_inverse=True))
        return at, [key or None for key in known.tolist()]


@dataclass(frozen=True)
class Switch:
    """The overlays that are on before and after one is switched; what else differs is left out of account."""

    before: frozenset[str]
    after: frozenset[str]


def switched(version: CriteriaVersion, overlay: str) -> Switch:
    """Switching an overlay on that is off at the moment, or ending it."""
    on = overlays_on(version, database_now())
    return Switch(before=on, after=on ^ {overlay})


@overload
def preview_of(
    version: CriteriaVersion,
    user: User,
    *,
    against: Against = ...,
    switch: Switch | None = ...,
    wait: Literal[True],
) -> Preview: ...
@overload
def preview_of(
    version: CriteriaVersion,
    user: User,
    *,
    against: Against = ...,
    switch: Switch | None = ...,
    wait: bool = ...,
) -> Preview | Loading: ...
def preview_of(
    version: CriteriaVersion,
    user: User,
    *,
    against: Against = "force",
    switch: Switch | None = None,
    wait: bool = False,
) -> Preview | Loading:
    """The book under a version that can be evaluated, or how far it is loaded; with ``wait`` always the former.

    With a ``switch`` the version is compared with itself under other overlays.
    """
    now, scheme = database_now(), version.criteria.scheme
    former = version if switch else _comparable(effective_version(scheme, now), document_of(version))
    documents = [document_of(one) for one in (version, former) if one]
    book = book_for(needs_of(scheme.pk, *documents), policy_catalogue(), wait=wait)
    if isinstance(book, Loading):
        return book
    method = Method.of(version, book, switch.after if switch else overlays_on(version, now))
    in_effect = None
    if former:
        in_effect = Method.of(former, book, switch.before if switch else overlays_on(former, now))
    return _compared(book, method, in_effect, in_effect if against == "model" or switch else None, user)


def _comparable(version: CriteriaVersion | None, document: Document) -> CriteriaVersion | None:
    """Criteria of other subjects are compared with nothing."""
    return version if version and document_of(version).subject == document.subject else None


def _compared(
    book: Book, method: Method, in_effect: Method | None, base: Method | None, user: User
) -> Preview:
    """The preview against what a method gives (None: against the tiers in force)."""
    held, found = method.columns.held, method.found.tier
    overridden = book.overridden(method.scheme)
    after = in_force_after(found, held, overridden)
    reviews = needs_review(method.document, method.columns, held, after, book.memo)
    before = held if base is None else _translated(base.found.tier, base.document, method.document)
    held_back = overridden & (held >= 0) & (before != found)
    if base is not None:
        before = in_force_after(before, held, overridden)
        reviews &= before != after
        provisional = base.found.provisional
    else:
        provisional = book.provisional(method.scheme)
    return Preview(
        book=book,
        method=method,
        in_effect=in_effect,
        before=before,
        after=after,
        held_back=held_back,
        reviews=reviews,
        provisional=method.found.provisional & ~provisional,
        visible=_visible(user, book),
    )


def judge_of(preview: Preview) -> Judge:
    """Who tells why a subject of a preview moves."""
    former = preview.in_effect
    return Judge(
        document=preview.method.document,
        terms=preview.method.terms,
        in_effect=former.document if former else None,
        in_effect_terms=former.terms if former else Terms(),
        scheme=preview.method.scheme,
        at=preview.book.snapshot.taken,
        of_model=preview.before is not preview.method.columns.held,
    )


def _translated(ranks: Ranks, document: Document, into: Document) -> Ranks:
    """Ranks of one document as those of the tiers of the same key in another; that of nobody where it has none."""
    table = np.array([into.ranks.get(tier.key, -1) for tier in document.tiers], dtype=np.int8)
    return table.take(ranks)


def _visible(user: User, book: Book) -> Rows | None:
    """The rows of the clients that a user may read at this moment; None where it is every client."""
    if reach(user) is None:
        return None
    ids = np.array(sorted(Client.objects.visible_to(user).values_list("pk", flat=True)), dtype=np.int64)
    return np.flatnonzero(np.isin(book.column("client"), ids, assume_unique=False))

"""Drafts of criteria, edited in place by several people: begun from any version, edited, taken back, done again.

See `docs/adr/0006-drafts-are-edited-in-place.md`. Every edit is a `CriteriaEdit` with what stood there before, so that
the draft is the sum of its edits and each can be taken back. Editing what is under review makes it a draft again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from crm.errors import Conflict, NotPermitted
from crm.formats import reads_chinese
from crm.models import User
from tiering.core.addresses import placed
from tiering.core.document import content_hash
from tiering.core.edit_words import place_words, value_words
from tiering.core.editing import (
    ABSENT,
    Applied,
    Edit,
    EditConflict,
    PathNotFound,
    apply_edits,
    edits_between,
    inverse,
)
from tiering.core.reading import read
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.texts import N_
from tiering.errors import NotADraft, VersionDiscarded
from tiering.errors_drafting import EditRefused, FieldConflict, NoSuchPlace, NothingToRedo, NothingToUndo
from tiering.models import CriteriaEdit, CriteriaSet, CriteriaTest, CriteriaVersion
from tiering.selectors.catalogue import policy_catalogue
from tiering.selectors.drafts import Edited, Steps, edited, edits_in, last_edit_of
from tiering.services.criteria import add_draft
from tiering.services.lifecycle import locked, reopen_version

FIXED: Final[Mapping[str, Any]] = {"scheme": None, "subject": "client"}
"""The members that a draft keeps, and what they mean where they are left out."""


@transaction.atomic
def start_draft(*, author: User, based_on: CriteriaVersion) -> CriteriaVersion:
    """A new draft of the scheme that says what another version says, with its evidence and its test cases. Begun from an
    older version it rolls back to that. Raises NotPermitted or VersionDiscarded.
    """
    if not author.has_perm("tiering.write_criteria"):
        raise NotPermitted
    criteria = CriteriaSet.objects.select_for_update().get(pk=based_on.criteria_id)
    origin = CriteriaVersion.objects.filter(pk=based_on.pk).first()
    if origin is None:
        raise VersionDiscarded
    draft = add_draft(
        criteria=criteria,
        document=origin.document,
        content_hash=origin.content_hash,
        author=author,
        based_on=origin,
        evidence=origin.evidence,
    )
    cases = list(CriteriaTest.objects.filter(version=origin).order_by("pk"))
    for case in cases:
        case.pk, case.version = None, draft
    CriteriaTest.objects.bulk_create(cases)
    return draft


def edit_draft(
    *, version: CriteriaVersion, edits: Sequence[Edit], by: User, revision: int | None = None
) -> Edited:
    """Apply edits to a draft, all or none, as one step that can be undone. `revision` is the one that the editor knew.

    A version under review becomes a draft again. Edits that ask for what stands there already change nothing. Raises
    NotPermitted, NotADraft once it is published, FieldConflict where somebody wrote something else, NoSuchPlace, or
    EditRefused where the document would lose its shape.
    """
    with transaction.atomic():
        version = _locked(version, by)
        step = _applied(version, edits)
        if step.edits:
            version = _stored(version, step, by)
    return edited(version, by, revision, version.revision if step.edits else 0)


def replace_document(
    *, version: CriteriaVersion, document: Any, by: User, revision: int | None = None
) -> Edited:
    """Make a draft say what a document says, as one step that can be undone: an import into the draft.

    Raises Conflict where it has another `revision` than the one that is given, and what `edit_draft` raises.
    """
    with transaction.atomic():
        version = _locked(version, by)
        if revision not in (None, version.revision):
            raise Conflict
        _check_shape(document)
        step = _applied(version, edits_between(version.document, document))
        if step.edits:
            version = _stored(version, step, by)
    return edited(version, by)


def undo(*, version: CriteriaVersion, by: User, revision: int | None = None) -> Edited:
    """Take back the latest step of one's own that is not taken back yet. What others wrote since only matters where it
    stands in the same place. Raises NothingToUndo, and what `edit_draft` raises."""
    with transaction.atomic():
        version = _locked(version, by)
        version = _taken_back(version, Steps.of(version, by).to_undo or _nothing(NothingToUndo), by)
    return edited(version, by, revision, version.revision)


def redo(*, version: CriteriaVersion, by: User, revision: int | None = None) -> Edited:
    """Do again what one took back last, unless one has edited something since. Raises NothingToRedo, and what
    `edit_draft` raises."""
    with transaction.atomic():
        version = _locked(version, by)
        version = _taken_back(version, Steps.of(version, by).to_redo or _nothing(NothingToRedo), by)
    return edited(version, by, revision, version.revision)


def _nothing(error: type[NothingToUndo | NothingToRedo]) -> int:
    raise error


def _locked(version: CriteriaVersion, by: User) -> CriteriaVersion:
    """The version as it is now, locked as every step of its way locks it."""
    version = locked(version, by, "tiering.write_criteria")
    if version.status not in CriteriaVersion.IN_PREPARATION:
        raise NotADraft
    return version


def _taken_back(version: CriteriaVersion, group: int, by: User) -> CriteriaVersion:
    row = CriteriaEdit.objects.get(pk=group)
    return _stored(version, _applied(version, inverse(edits_in(row))), by, undoes=row)


def _applied(version: CriteriaVersion, edits: Sequence[Edit]) -> Applied:
    """What edits make of the draft: a document that can be read."""
    try:
        step = apply_edits(version.document, edits)
    except EditConflict as error:
        raise _conflict(version, error) from error
    except PathNotFound as error:
        raise _gone(version, error.path, edits) from error
    _check_shape(step.document)
    if fixed := [name for name in FIXED if _says(step.document, name) != _says(version.document, name)]:
        raise EditRefused(placed(step.document, map(_stays, fixed)))
    return step


def _stored(
    version: CriteriaVersion, step: Applied, by: User, undoes: CriteriaEdit | None = None
) -> CriteriaVersion:
    if version.status != CriteriaVersion.Status.DRAFT:
        version = reopen_version(version=version, by=by)
    version.document, version.content_hash = step.document, content_hash(step.document)
    version.revision += 1
    version.save(update_fields=["document", "content_hash", "revision"])
    CriteriaEdit.objects.create(
        version=version,
        revision=version.revision,
        edits=[edit.as_json() for edit in step.edits],
        author=by,
        undoes=undoes,
    )
    return version


def _check_shape(document: Any) -> None:
    try:
        read(document)
    except CriteriaError as error:
        raise EditRefused(placed(document, error.refusals)) from error


def _says(document: Mapping[str, Any], member: str) -> Any:
    return document.get(member, FIXED[member])


def _stays(member: str) -> Refusal:
    return Refusal(
        "member_stays",
        f"$.{member}",
        N_("A draft keeps its scheme, and whom the scheme places."),
        N_("Leave this as it was, or begin a new scheme with a document of its own."),
    )


def _conflict(version: CriteriaVersion, error: EditConflict) -> FieldConflict:
    language, names = "zh" if reads_chinese() else "en", policy_catalogue()
    last = last_edit_of(version, error.path)

    def told(value: Any) -> str:
        return value_words(error.path, value, gettext, language, names)

    return FieldConflict(
        path=error.path,
        was=error.was,
        yours=error.value,
        theirs=error.now,
        by=last.author if last else None,
        at=last.at if last else None,
        words={
            "place": place_words(version.document, error.path, gettext, language, names),
            "theirs": told(error.now),
            "yours": told(error.value),
        },
    )


def _gone(version: CriteriaVersion, path: str, edits: Sequence[Edit]) -> FieldConflict | NoSuchPlace:
    """The refusal of an edit in a place that is not there: a conflict where somebody took it away."""
    if last_edit_of(version, path) is None:
        return NoSuchPlace(path=path)
    lost = next(edit for edit in edits if edit.path == path)
    return _conflict(version, EditConflict(path, lost.was, ABSENT, lost.value))

"""The way of a criteria version: draft, submitted, approved by a second person, published, superseded."""

from datetime import datetime

from django.db import transaction

from crm.errors import NotPermitted
from crm.models import User
from tiering.core.check import check
from tiering.core.document import Document
from tiering.core.reading import read
from tiering.errors import (
    CriteriaRefused,
    NotADraft,
    NotApproved,
    NothingToCallOff,
    NotSubmitted,
    OtherBasis,
    OtherContent,
    OwnCriteria,
    PurposeRequired,
    ReasonRequired,
    TestsFail,
    VersionDiscarded,
    WhyCalledOff,
)
from tiering.models import CriteriaSet, CriteriaStep, CriteriaVersion
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria_tests import kept_tests, verdicts_of
from tiering.selectors.lifecycle import is_ahead, is_author, replaced_by
from tiering.services.challengers import end_challenges_of
from tiering.services.clock import database_now
from tiering.services.schedule import follow_publication
from tiering.services.scheme_tiers import forget_tiers, settle_tiers
from tiering.services.versions import AT_ONCE, remove_draft, supersede_former

Act = CriteriaStep.Act
Status = CriteriaVersion.Status


@transaction.atomic
def submit_version(*, version: CriteriaVersion, by: User, purpose: str = "") -> CriteriaVersion:
    """Ask a second person to approve a draft. `purpose` says what changes and why; without one, that of the submission
    before stands.

    Raises NotPermitted, NotADraft, PurposeRequired, CriteriaRefused with everything that `check` finds, or TestsFail.
    """
    version = locked(version, by, "tiering.write_criteria")
    if version.status != Status.DRAFT:
        raise NotADraft
    purpose = purpose.strip() or version.purpose
    if not purpose:
        raise PurposeRequired
    checked(version)
    if purpose != version.purpose:
        version.purpose = purpose
        version.save(update_fields=["purpose"])
    version.status, version.submitted_at = Status.SUBMITTED, database_now()
    version.save(update_fields=["status", "submitted_at"])
    return _stepped(version, Act.SUBMITTED, by, purpose)


@transaction.atomic
def withdraw_version(*, version: CriteriaVersion, by: User) -> CriteriaVersion:
    """Take a submitted or approved version back to work on it. Raises NotPermitted or NotSubmitted."""
    version = locked(version, by, "tiering.write_criteria")
    if version.status not in (Status.SUBMITTED, Status.APPROVED):
        raise NotSubmitted
    return _back_to_draft(version, Act.WITHDRAWN, by)


@transaction.atomic
def reject_version(*, version: CriteriaVersion, by: User, reason: str) -> CriteriaVersion:
    """Send a submitted version back to its authors. Raises NotPermitted, NotSubmitted or ReasonRequired."""
    version = locked(version, by, "tiering.publish_criteria")
    if version.status != Status.SUBMITTED:
        raise NotSubmitted
    if not reason.strip():
        raise ReasonRequired
    return _back_to_draft(version, Act.REJECTED, by, reason.strip())


@transaction.atomic
def reopen_version(*, version: CriteriaVersion, by: User) -> CriteriaVersion:
    """Make a version that is under way a draft again because somebody edits it: its review begins anew.

    Part of the transaction of the edit. Raises NotPermitted, or NotADraft once it is published.
    """
    version = locked(version, by, "tiering.write_criteria")
    if version.status not in CriteriaVersion.IN_PREPARATION:
        raise NotADraft
    return version if version.status == Status.DRAFT else _back_to_draft(version, Act.REOPENED, by)


@transaction.atomic
def approve_version(
    *,
    version: CriteriaVersion,
    by: User,
    content_hash: str,
    comment: str = "",
    replaces: int | None = None,
    submitted_at: datetime | None = None,
) -> CriteriaVersion:
    """Approve exactly the content that was reviewed: `content_hash` is that of the document that was shown, and
    `submitted_at` is when it was submitted with the purpose and the test cases that were shown.

    `replaces` is the id of the published version that it was compared with, 0 where there is none; None asks for
    nothing. Raises NotPermitted, NotSubmitted, OwnCriteria for whoever wrote, edited or submitted it, OtherContent
    when it has another content by now or was submitted anew, OtherBasis when another version has been published,
    CriteriaRefused or TestsFail.
    """
    version = locked(version, by, "tiering.publish_criteria")
    if version.status != Status.SUBMITTED:
        raise NotSubmitted
    if version.content_hash != content_hash or submitted_at not in (None, version.submitted_at):
        raise OtherContent
    if is_author(version, by):
        raise OwnCriteria
    _check_basis(version, replaces)
    checked(version)
    version.status, version.approver, version.approved_at = Status.APPROVED, by, database_now()
    version.save(update_fields=["status", "approver", "approved_at"])
    return _stepped(version, Act.APPROVED, by, comment.strip())


@transaction.atomic
def publish_version(
    *,
    version: CriteriaVersion,
    publisher: User,
    effective_from: datetime | None = None,
    content_hash: str | None = None,
    replaces: int | None = None,
) -> CriteriaVersion:
    """Put an approved version in effect from a moment on (None: from now) in place of the version published before,
    which stays in effect until then.

    Makes the tiers of a new scheme. Everybody is assessed anew by a run that starts when it takes effect. `content_hash`
    and `replaces` are as for `approve_version`, None asks for nothing. Raises NotPermitted, NotApproved, OwnCriteria,
    OtherContent, OtherBasis, CriteriaRefused with everything that `check` finds, TestsFail, TiersDiffer,
    EffectiveTooEarly or EffectiveTooLate.
    """
    version = locked(version, publisher, "tiering.publish_criteria")
    if version.status != Status.APPROVED:
        raise NotApproved
    if content_hash is not None and version.content_hash != content_hash:
        raise OtherContent
    if is_author(version, publisher):
        raise OwnCriteria
    _check_basis(version, replaces)
    parsed = checked(version)
    now = database_now()
    effective_from = effective_from or now
    supersede_former(version.criteria.versions.all(), now, effective_from)
    settle_tiers(version.criteria.scheme, parsed)
    version.status, version.published_at, version.effective_from = Status.PUBLISHED, now, effective_from
    version.save(update_fields=["status", "published_at", "effective_from"])
    _stepped(version, Act.PUBLISHED, publisher)
    # Should this fail, or the version take effect later: `ensure_runs` looks each minute.
    transaction.on_commit(lambda: follow_publication(version), robust=True)
    return version


@transaction.atomic
def call_off_version(*, version: CriteriaVersion, by: User, reason: str) -> CriteriaVersion:
    """Take back a published version before it takes effect: it is a draft again, and the version published before it,
    which has been in effect all along, stays so. A new scheme has no tiers then.

    Raises NotPermitted, NothingToCallOff, OwnCriteria for whoever wrote, edited or submitted it, or ReasonRequired.
    """
    version = locked(version, by, "tiering.publish_criteria")
    if not is_ahead(version, database_now()):
        raise NothingToCallOff
    if is_author(version, by):
        raise OwnCriteria
    if not reason.strip():
        raise WhyCalledOff
    version = _back_to_draft(version, Act.CALLED_OFF, by, reason.strip())
    former = version.criteria.versions.filter(status=Status.SUPERSEDED).order_by("effective_from").last()
    if former is None:
        forget_tiers(version.criteria.scheme)
        return version
    former.status = Status.PUBLISHED
    former.save(update_fields=["status"])
    settle_tiers(version.criteria.scheme, read(former.document))
    return version


@transaction.atomic
def discard_version(*, version: CriteriaVersion, by: User) -> None:
    """Remove a draft with its edits and test cases. The audit keeps that it was there.

    Raises NotPermitted, NotADraft, or DraftIsUsed when a run or another draft rests on it.
    """
    remove_draft(locked(version, by, "tiering.write_criteria"))


@transaction.atomic
def put_in_effect(
    *,
    version: CriteriaVersion,
    approver: User,
    effective_from: datetime | None = None,
    purpose: str = AT_ONCE,
) -> CriteriaVersion:
    """Take a draft the whole way: submitted for its author, approved and published by a second person. Raises what the
    steps raise."""
    version = submit_version(version=version, by=version.author, purpose=purpose)
    version = approve_version(version=version, by=approver, content_hash=version.content_hash)
    return publish_version(version=version, publisher=approver, effective_from=effective_from)


def checked_document(version: CriteriaVersion) -> Document:
    """The version's document. Raises CriteriaRefused with everything that `check` finds."""
    document = read(version.document)
    refusals = check(document, open_catalogue())
    if refusals:
        raise CriteriaRefused(refusals)
    return document


def checked(version: CriteriaVersion) -> Document:
    """The version's document. Raises CriteriaRefused or TestsFail unless it may be published."""
    document = checked_document(version)
    failing = [
        verdict.case.name for verdict in verdicts_of(version, kept_tests(version)) if not verdict.passes
    ]
    if failing:
        raise TestsFail(failing)
    return document


def locked(version: CriteriaVersion, user: User, permission: str) -> CriteriaVersion:
    """The version as it is now, for who may take the step. Raises NotPermitted or VersionDiscarded.

    The set is locked, not the version alone: of two drafts published at once the second supersedes the first.
    """
    if not user.has_perm(permission):
        raise NotPermitted
    CriteriaSet.objects.select_for_update().get(pk=version.criteria_id)
    versions = CriteriaVersion.objects.select_for_update(of=["self"]).filter(pk=version.pk)
    found = versions.select_related("criteria__scheme", "author").first()
    if found is None:
        raise VersionDiscarded
    return found


def _stepped(version: CriteriaVersion, act: Act, by: User, comment: str = "") -> CriteriaVersion:
    _step(version, act, by, comment)
    return version


def _step(version: CriteriaVersion, act: Act, by: User, comment: str) -> CriteriaStep:
    return CriteriaStep.objects.create(
        version=version, act=act, by=by, content_hash=version.content_hash, comment=comment
    )


def _back_to_draft(version: CriteriaVersion, act: Act, by: User, reason: str = "") -> CriteriaVersion:
    version.status = Status.DRAFT
    version.approver = version.submitted_at = version.approved_at = None
    version.published_at = version.effective_from = None
    version.save(
        update_fields=[
            "status",
            "approver",
            "submitted_at",
            "approved_at",
            "published_at",
            "effective_from",
        ]
    )
    end_challenges_of(step=_step(version, act, by, reason))
    return version


def _check_basis(version: CriteriaVersion, replaces: int | None) -> None:
    if replaces is None:
        return
    published = replaced_by(version)
    if replaces != (published.pk if published else 0):
        raise OtherBasis

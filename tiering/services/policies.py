"""The way of a policy: a draft saved whole, submitted, published by a second person, superseded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from crm.errors import Conflict, NotPermitted
from crm.models import User
from tiering.core.document import content_hash
from tiering.core.policy_kinds import KINDS, check_policy
from tiering.core.refusals import CriteriaError
from tiering.errors import (
    NotADraft,
    NotSubmitted,
    OtherBasis,
    OtherContent,
    PurposeRequired,
    ReasonRequired,
    VersionDiscarded,
)
from tiering.errors_policies import OwnPolicy, PolicyRefused, SchemeOfPolicy
from tiering.models import Policy, PolicyStep, PolicyVersion, TierScheme
from tiering.selectors.policies import is_author, known_to, replaced_by
from tiering.services.clock import database_now
from tiering.services.versions import AT_ONCE, remove_draft, supersede_former
from tiering.signals import policy_published

Act = PolicyStep.Act
Status = PolicyVersion.Status


@transaction.atomic
def start_policy(
    *,
    kind: str,
    by: User,
    scheme: TierScheme | None = None,
    document: Mapping[str, Any] | None = None,
    based_on: PolicyVersion | None = None,
) -> PolicyVersion:
    """Begin a draft: of a document, of what another version says, or blank.

    Raises NotPermitted, SchemeOfPolicy, or PolicyRefused when the document has not the shape of its kind; whether it
    makes sense is asked on submitting.
    """
    if not by.has_perm("tiering.write_criteria"):
        raise NotPermitted
    if (kind == Policy.Kind.TIER_POLICY) != (scheme is not None):
        raise SchemeOfPolicy
    policy, _ = Policy.objects.get_or_create(kind=kind, scheme=scheme)
    policy = Policy.objects.select_for_update(of=["self"]).select_related("scheme").get(pk=policy.pk)
    if document is None:
        document = based_on.document if based_on else KINDS[kind].blank(known_to(policy))
    _check_shape(kind, document)
    latest = policy.versions.aggregate(number=Max("number"))["number"]
    version = PolicyVersion.objects.create(
        policy=policy,
        number=(latest or 0) + 1,
        document=document,
        content_hash=content_hash(document),
        author=by,
        based_on=based_on,
    )
    return _stepped(version, Act.BEGUN, by)


@transaction.atomic
def save_policy(
    *, version: PolicyVersion, document: Mapping[str, Any], revision: int, by: User
) -> PolicyVersion:
    """Make a draft say what the document says. `revision` is the one that its editor had before them.

    A submitted version becomes a draft again. Raises NotPermitted, NotADraft once it is published, Conflict where
    somebody else saved it meanwhile, or PolicyRefused when the document has not the shape of its kind.
    """
    version = _locked(version, by, "tiering.write_criteria")
    if version.status not in PolicyVersion.IN_PREPARATION:
        raise NotADraft
    if version.revision != revision:
        raise Conflict
    _check_shape(version.policy.kind, document)
    if (found := content_hash(document)) == version.content_hash:
        return version
    if version.status == Status.SUBMITTED:
        version = _back_to_draft(version)
    version.document, version.content_hash, version.revision = document, found, version.revision + 1
    version.save(update_fields=["document", "content_hash", "revision"])
    return _stepped(version, Act.EDITED, by)


@transaction.atomic
def submit_policy(*, version: PolicyVersion, by: User, purpose: str = "") -> PolicyVersion:
    """Ask a second person to publish a draft. `purpose` says what changes and why; without one, that of the submission
    before stands.

    Raises NotPermitted, NotADraft, PurposeRequired, or PolicyRefused with everything that makes no sense.
    """
    version = _locked(version, by, "tiering.write_criteria")
    if version.status != Status.DRAFT:
        raise NotADraft
    purpose = purpose.strip() or version.purpose
    if not purpose:
        raise PurposeRequired
    _check_sense(version)
    if purpose != version.purpose:
        version.purpose = purpose
        version.save(update_fields=["purpose"])
    version.status, version.submitted_by, version.submitted_at = Status.SUBMITTED, by, database_now()
    version.save(update_fields=["status", "submitted_by", "submitted_at"])
    return _stepped(version, Act.SUBMITTED, by, purpose)


@transaction.atomic
def withdraw_policy(*, version: PolicyVersion, by: User) -> PolicyVersion:
    """Take a submitted version back to work on it. Raises NotPermitted or NotSubmitted."""
    version = _submitted(version, by, "tiering.write_criteria")
    return _stepped(_back_to_draft(version), Act.WITHDRAWN, by)


@transaction.atomic
def reject_policy(*, version: PolicyVersion, by: User, reason: str) -> PolicyVersion:
    """Send a submitted version back to its authors. Raises NotPermitted, NotSubmitted or ReasonRequired."""
    version = _submitted(version, by, "tiering.publish_criteria")
    if not reason.strip():
        raise ReasonRequired
    return _stepped(_back_to_draft(version), Act.REJECTED, by, reason.strip())


@transaction.atomic
def publish_policy(
    *,
    version: PolicyVersion,
    by: User,
    content_hash: str,
    effective_from: datetime | None = None,
    replaces: int | None = None,
    comment: str = "",
) -> PolicyVersion:
    """Put a submitted version in effect from a moment on (None: from now) in place of the one published before, which
    stays in effect until then.

    `content_hash` is that of the document that was shown, and `replaces` the id of the published version that it was
    compared with, 0 where there is none; None asks for nothing. Raises NotPermitted, NotSubmitted, OtherContent,
    OwnPolicy for whoever wrote, edited or submitted it, OtherBasis, PolicyRefused, EffectiveTooEarly or
    EffectiveTooLate.
    """
    version = _submitted(version, by, "tiering.publish_criteria")
    if version.content_hash != content_hash:
        raise OtherContent
    if is_author(version, by):
        raise OwnPolicy
    former = replaced_by(version)
    if replaces not in (None, former.pk if former else 0):
        raise OtherBasis
    _check_sense(version)
    now = database_now()
    effective_from = effective_from or now
    supersede_former(version.policy.versions.all(), now, effective_from)
    version.status, version.publisher = Status.PUBLISHED, by
    version.published_at, version.effective_from = now, effective_from
    version.save(update_fields=["status", "publisher", "published_at", "effective_from"])
    _stepped(version, Act.PUBLISHED, by, comment.strip())
    policy_published.send(sender=PolicyVersion, version=version)
    return version


@transaction.atomic
def discard_policy(*, version: PolicyVersion, by: User) -> None:
    """Remove a draft. The audit keeps that it was there. Raises NotPermitted, NotADraft, or DraftIsUsed when another
    draft was begun from it."""
    remove_draft(_locked(version, by, "tiering.write_criteria"))


@transaction.atomic
def put_policy_in_effect(
    *,
    version: PolicyVersion,
    publisher: User,
    effective_from: datetime | None = None,
    purpose: str = AT_ONCE,
) -> PolicyVersion:
    """Take a draft the whole way: submitted for its author and published by a second person. Raises what the steps
    raise."""
    version = submit_policy(version=version, by=version.author, purpose=purpose)
    return publish_policy(
        version=version, by=publisher, content_hash=version.content_hash, effective_from=effective_from
    )


def _check_shape(kind: str, document: Mapping[str, Any]) -> None:
    try:
        KINDS[kind].read(document)
    except CriteriaError as error:
        raise PolicyRefused(error.refusals) from error


def _check_sense(version: PolicyVersion) -> None:
    refusals = check_policy(version.policy.kind, version.document, known_to(version.policy))
    if refusals:
        raise PolicyRefused(refusals)


def _locked(version: PolicyVersion, user: User, permission: str) -> PolicyVersion:
    """The version as it is now. The policy is locked, not the version alone: of two published at once the second
    supersedes the first. Raises NotPermitted or VersionDiscarded."""
    if not user.has_perm(permission):
        raise NotPermitted
    Policy.objects.select_for_update().get(pk=version.policy_id)
    versions = PolicyVersion.objects.select_for_update(of=["self"]).filter(pk=version.pk)
    found = versions.select_related("policy__scheme", "author").first()
    if found is None:
        raise VersionDiscarded
    return found


def _submitted(version: PolicyVersion, user: User, permission: str) -> PolicyVersion:
    version = _locked(version, user, permission)
    if version.status != Status.SUBMITTED:
        raise NotSubmitted
    return version


def _back_to_draft(version: PolicyVersion) -> PolicyVersion:
    version.status, version.submitted_by, version.submitted_at = Status.DRAFT, None, None
    version.save(update_fields=["status", "submitted_by", "submitted_at"])
    return version


def _stepped(version: PolicyVersion, act: Act, by: User, comment: str = "") -> PolicyVersion:
    PolicyStep.objects.create(
        version=version, act=act, by=by, content_hash=version.content_hash, comment=comment
    )
    return version

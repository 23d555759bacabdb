"""Versions on their way: what they would replace, who wrote them, which wait for whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.models import User
from tiering.models import CriteriaEdit, CriteriaStep, CriteriaVersion

Status = CriteriaVersion.Status
Act = CriteriaStep.Act
AHEAD: Final = timedelta(minutes=1)
"""So long before it takes effect a version can be called off: what is decided then holds before a run begins."""


def replaced_by(version: CriteriaVersion) -> CriteriaVersion | None:
    """The published version that this one takes the place of, None for the first of its scheme.

    It may take effect only in the future: then that never comes.
    """
    published = CriteriaVersion.objects.filter(criteria=version.criteria_id, status=Status.PUBLISHED)
    return published.exclude(pk=version.pk).select_related("criteria__scheme", "author", "approver").first()


def is_overtaken(version: CriteriaVersion, published: CriteriaVersion | None) -> bool:
    """Whether somebody published another version after this one was begun, so that it lacks what that one changed."""
    return bool(published and published.published_at and published.published_at > version.created_at)


def is_ahead(version: CriteriaVersion, now: datetime) -> bool:
    """Whether the version is published and yet to take effect."""
    begins = version.effective_from if version.status == Status.PUBLISHED else None
    return begins is not None and begins > now + AHEAD


def is_author(version: CriteriaVersion, user: User) -> bool:
    """Whether the user wrote or edited the version, or was the last to submit it, and so may not approve it."""
    wrote = version.author_id == user.pk or CriteriaEdit.objects.filter(version=version, author=user).exists()
    submitted = CriteriaStep.objects.filter(version=version, act=Act.SUBMITTED).order_by("pk").last()
    return wrote or bool(submitted and submitted.by_id == user.pk)


def authors_of(version: CriteriaVersion) -> list[User]:
    """Who wrote and edited the version, the one who began it first."""
    editors = CriteriaEdit.objects.filter(version=version).exclude(author=version.author_id)
    return [version.author, *User.objects.filter(pk__in=editors.values("author")).order_by("name")]


def steps_of(version: CriteriaVersion) -> list[CriteriaStep]:
    """The steps of a version so far, the latest last."""
    return list(CriteriaStep.objects.filter(version=version).select_related("by").order_by("pk"))


def edits_of(version: CriteriaVersion) -> QuerySet[CriteriaEdit]:
    """The edits of a version, the latest first."""
    return CriteriaEdit.objects.filter(version=version).select_related("author").order_by("-revision")


def waiting_for(user: User) -> QuerySet[CriteriaVersion]:
    """What waits for this user to approve or publish it: submitted or approved versions that others wrote and
    submitted."""
    if not user.has_perm("tiering.publish_criteria"):
        return CriteriaVersion.objects.none()
    edited = Exists(CriteriaEdit.objects.filter(version=OuterRef("pk"), author=user))
    submissions = CriteriaStep.objects.filter(version=OuterRef("pk"), act=Act.SUBMITTED).order_by("-pk")
    under_way = CriteriaVersion.objects.filter(status__in=(Status.SUBMITTED, Status.APPROVED))
    of_others = under_way.exclude(author=user).exclude(edited)
    of_others = of_others.annotate(submitter=submissions.values("by")[:1]).exclude(submitter=user.pk)
    return of_others.order_by("submitted_at", "pk")


def sent_back_to(user: User) -> QuerySet[CriteriaVersion]:
    """Drafts that this user wrote or edited and that somebody sent back since they were last submitted."""
    last = CriteriaStep.objects.filter(version=OuterRef("pk")).order_by("-pk").values("act")[:1]
    edited = Exists(CriteriaEdit.objects.filter(version=OuterRef("pk"), author=user))
    drafts = CriteriaVersion.objects.filter(Q(author=user) | Q(edited), status=Status.DRAFT)
    return drafts.annotate(last_act=last).filter(last_act__in=(Act.REJECTED, Act.CALLED_OFF)).order_by("-pk")


def concerning(user: User) -> QuerySet[CriteriaVersion]:
    """The versions that wait for this user, and those that came back to them; for who does neither none."""
    if not user.has_perm("tiering.write_criteria"):
        return CriteriaVersion.objects.none()
    waiting, back = waiting_for(user).order_by(), sent_back_to(user).order_by()
    return CriteriaVersion.objects.filter(Q(pk__in=waiting.values("pk")) | Q(pk__in=back.values("pk")))

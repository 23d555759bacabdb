"""Periodic reviews: prepared by whoever holds the client, signed by a risk officer who did not."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.errors import NotPermitted
from crm.models import Client, Task, User
from crm.selectors.absences import has_interest
from crm.services.notices import notify
from crm.services.tasks import finish_tasks
from tiering.errors_follows import (
    FindingsRequired,
    NothingAssessed,
    OwnReview,
    RemarkRequired,
    ReviewNotOpen,
    ReviewNotPrepared,
)
from tiering.errors_reviews import HasInterest
from tiering.models import PeriodicReview
from tiering.models.tiers import IN_FORCE
from tiering.selectors.review_evidence import figures_of
from tiering.selectors.tier_policies import tier_policy
from tiering.services.clock import database_now
from tiering.services.review_calendar import keep_calendar
from tiering.services.review_nights import RETURNED, params_of

Status, Conclusion = PeriodicReview.Status, PeriodicReview.Conclusion


@transaction.atomic
def prepare_review(
    *, review: PeriodicReview, by: User, conclusion: str, findings: str, at: datetime | None = None
) -> PeriodicReview:
    """Write down what was found and what is concluded, and ask for the signature.

    Raises NotPermitted, ReviewNotOpen or FindingsRequired.
    """
    client, found = _locked(review)
    if not by.has_perm("tiering.prepare_reviews", client):
        raise NotPermitted
    if found.status != Status.OPEN:
        raise ReviewNotOpen
    if not findings.strip() or conclusion not in Conclusion.values:
        raise FindingsRequired
    found.status, found.conclusion, found.findings = Status.PREPARED, conclusion, findings.strip()
    found.prepared_by, found.prepared_at = by, at or database_now()
    found.save(update_fields=["status", "conclusion", "findings", "prepared_by", "prepared_at"])
    asked = Task.objects.filter(origin=f"review:{found.pk}").values_list("pk", flat=True)
    finish_tasks(by=by, ids=list(asked), outcome=_("Prepared"))
    return found


@transaction.atomic
def return_review(*, review: PeriodicReview, by: User, remark: str) -> PeriodicReview:
    """Send a prepared review back to who prepared it. Raises NotPermitted, ReviewNotPrepared or RemarkRequired."""
    _, found = _locked(review)
    if not by.has_perm("tiering.sign_reviews"):
        raise NotPermitted
    if found.status != Status.PREPARED:
        raise ReviewNotPrepared
    if not remark.strip():
        raise RemarkRequired
    notify(
        kind=RETURNED,
        event=f"{RETURNED}:{found.pk}:{found.prepared_at:%Y%m%dT%H%M%S.%f}",
        recipients=[found.prepared_by] if found.prepared_by else [],
        params=params_of(found) | {"remark": remark.strip()},
        client=found.client_id,
    )
    found.status, found.remark = Status.OPEN, remark.strip()
    found.save(update_fields=["status", "remark"])
    return found


@transaction.atomic
def sign_review(
    *, review: PeriodicReview, by: User, remark: str = "", at: datetime | None = None
) -> PeriodicReview:
    """Sign a prepared review. It pins what it rests on, and the next one is due a cycle later.

    Raises NotPermitted, OwnReview, HasInterest, ReviewNotPrepared, or NothingAssessed where the client has no tier any
    more.
    """
    client, found = _locked(review)
    if not by.has_perm("tiering.sign_reviews"):
        raise NotPermitted
    if found.status != Status.PREPARED:
        raise ReviewNotPrepared
    if by.pk in (found.prepared_by_id, client.rm_id):
        raise OwnReview
    if has_interest(by, client.pk):
        raise HasInterest
    held = client.assignments.filter(IN_FORCE, scheme=found.scheme_id, project=None).first()
    assessed = client.assessments.filter(IN_FORCE, scheme=found.scheme_id, project=None).first()
    if held is None or assessed is None:
        raise NothingAssessed
    policy = tier_policy(found.scheme)
    found.signed_by, found.signed_at, found.client_rm = by, at or database_now(), client.rm
    found.assignment, found.assessment = held, assessed
    found.policy = policy.version if policy else None
    found.evidence = figures_of(client, found.scheme, found.signed_at)
    found.remark, found.status = remark.strip(), Status.DONE
    found.save()
    if policy:
        keep_calendar(scheme=found.scheme, policy=policy, clients=[client.pk])
    return found


def _locked(review: PeriodicReview) -> tuple[Client, PeriodicReview]:
    client = Client.objects.select_for_update(no_key=True).get(pk=review.client_id)
    rows = PeriodicReview.objects.select_for_update(of=("self",)).select_related(
        "scheme", "client", "prepared_by"
    )
    return client, rows.get(pk=review.pk)

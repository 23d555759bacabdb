"""What follows from tiers: policies in effect since some weeks, what changed tiers since then proposed, and reviews."""

from datetime import date, datetime, timedelta
from typing import Any

import pgtrigger
from django.db import connection

from config.demo.cast import Cast
from config.demo.clock import moment, working_day
from config.demo.methods import PRIMARY
from config.demo.policies import PRODUCTS, TIER_POLICY
from config.demo.streams import stream
from crm.models import Role, User
from tiering.models import FacilityChange, PeriodicReview, Policy, PolicyStep, PolicyVersion, TierScheme
from tiering.selectors.tier_policies import tier_policy
from tiering.services.facility_changes import decide_change
from tiering.services.periodic_reviews import prepare_review
from tiering.services.policies import put_policy_in_effect, start_policy
from tiering.services.review_calendar import keep_calendar
from tiering.services.review_nights import keep_day
from tiering.services.tier_changes import drain

SINCE = 45
"""The tier policy has been in effect for so many days."""
ROUNDS = 2
"""So often a client may have been reviewed again within the year."""
PURPOSE = (
    "What follows from AA, A and B was handled case by case; from now on it follows from the tier. "
    "层级应用标准化：额度、定价、担保、回访与贷后频率随层级执行。"
)
STAMPS = (
    "tiering.PolicyVersion:only_drafts_change",
    "tiering.PolicyVersion:published_is_final",
    "tiering.PolicyStep:stays_as_it_was",
)
ACCEPTED, DECLINED = 0.35, 0.5
"""Shares of the changes of facilities that are decided, one after the other."""
REASONS = (
    "Agreed with the client; in force from the next drawing.",
    "与客户沟通一致，按新条件执行。",
)
KEPT = ("Additional collateral came in; terms stay for now.", "已追加担保，暂不调整。")
FINDINGS = (
    "Orders cover five months, collections are on schedule; nothing speaks against going on. "
    "在手订单充足，回款正常，建议维持现有合作。"
)


def put_policies_in_effect(anchor: date, cast: Cast) -> None:
    """Products and the tier policy of the primary scheme, by two administrators."""
    effective_from = moment(anchor - timedelta(days=SINCE), 0)
    scheme = TierScheme.objects.get(key=PRIMARY)
    put_in_effect(Policy.Kind.PRODUCTS, PRODUCTS, None, effective_from, cast)
    put_in_effect(Policy.Kind.TIER_POLICY, TIER_POLICY, scheme, effective_from, cast)


def put_in_effect(
    kind: str, document: dict, scheme: TierScheme | None, effective_from: datetime, cast: Cast
) -> None:
    author, publisher = cast.having(Role.CRITERIA_ADMIN)[:2]
    version = start_policy(kind=kind, by=author, scheme=scheme, document=document)
    version = put_policy_in_effect(
        version=version, publisher=publisher, effective_from=effective_from, purpose=PURPOSE
    )
    days = {"begun": 20, "submitted": 12, "published": 0}
    at = {act: effective_from - timedelta(days=before) for act, before in days.items()}
    with pgtrigger.ignore(*STAMPS):
        PolicyVersion.objects.filter(pk=version.pk).update(
            created_at=at["begun"], submitted_at=at["submitted"], published_at=at["published"]
        )
        for act, then in at.items():
            PolicyStep.objects.filter(version=version, act=act).update(at=then)


def follow(anchor: date, cast: Cast) -> None:
    """Work off the tiers that changed since the policy, decide on some of what it proposed, and review clients."""
    scheme = TierScheme.objects.get(key=PRIMARY)
    review_the_year(scheme, anchor, cast)
    drain(seconds=60, day=anchor)
    decide(anchor)
    keep_day(scheme=scheme, day=anchor)
    prepare(scheme, anchor)


def review_the_year(scheme: TierScheme, anchor: date, cast: Cast) -> None:
    """The reviews that fell due within the year, all but a few of which were done in time."""
    policy = tier_policy(scheme)
    if policy is None:
        return
    officers = [user.pk for user in cast.having(Role.RISK_OFFICER)]
    told: dict[str, Any] = {"day": anchor, "scheme": scheme.pk, "findings": FINDINGS, "officers": officers}
    for statements in (SPREAD, PREPARED, SIGNED), *[(PREPARED, SIGNED)] * ROUNDS:
        keep_calendar(scheme=scheme, policy=policy)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, told)


CHANCE = "('x' || substr(md5(c.code), 1, 6))::bit(24)::int"
"""A number that is a client's own, the same in every book."""
# The tiers of all began on one day; the house had reviewed the clients all through the year.
SPREAD = f"""
UPDATE tiering_periodicreview r SET due_on = r.last_on + 30 + {CHANCE} %% 320
FROM crm_client c WHERE c.id = r.client_id AND r.scheme_id = %(scheme)s AND r.status = 'open'
"""  # noqa: S608 - this module, nobody's input
# One in fourteen is left to be overdue.
PREPARED = f"""
UPDATE tiering_periodicreview r
SET status = 'prepared', conclusion = 'keep', findings = %(findings)s, prepared_by_id = c.rm_id,
    prepared_at = r.due_on - interval '6 days'
FROM crm_client c
WHERE c.id = r.client_id AND r.scheme_id = %(scheme)s AND r.status = 'open' AND r.due_on < %(day)s
AND c.rm_id IS NOT NULL AND {CHANCE} %% 14 <> 0
"""  # noqa: S608
SIGNED = """
UPDATE tiering_periodicreview r
SET status = 'done', signed_by_id = (%(officers)s::bigint[])[1 + r.client_id %% cardinality(%(officers)s::bigint[])],
    signed_at = r.due_on - interval '3 days', client_rm_id = c.rm_id, assignment_id = t.id, assessment_id = a.id
FROM crm_client c, tiering_assignment t, tiering_assessment a
WHERE c.id = r.client_id AND r.scheme_id = %(scheme)s AND r.status = 'prepared'
AND (t.client_id, t.scheme_id) = (r.client_id, r.scheme_id) AND t.project_id IS NULL
AND t.valid_from <= r.due_on AND (t.valid_to IS NULL OR t.valid_to > r.due_on)
AND (a.client_id, a.scheme_id) = (r.client_id, r.scheme_id) AND a.project_id IS NULL
AND a.valid_from <= r.due_on AND (a.valid_to IS NULL OR a.valid_to > r.due_on)
"""


def decide(anchor: date) -> None:
    """Some of the changes of facilities, by the leads of the teams in the week before the anchor.

    No limit is accepted: facts hold limits, and the last run has seen them as they were.
    """
    leads = {user.team_id: user for user in User.objects.filter(role=Role.TEAM_LEAD)}
    waiting = FacilityChange.objects.filter(status=FacilityChange.Status.PROPOSED).select_related("client")
    for change in waiting.order_by("facility__number", "term"):
        source = stream("facility change", change.facility_id, change.term)
        drawn = source.random()
        accepts = drawn < ACCEPTED and change.term == FacilityChange.Term.RATE
        if drawn >= DECLINED or (drawn < ACCEPTED and not accepts):
            continue
        day = working_day(anchor - timedelta(days=source.randint(1, 6)))
        decide_change(
            change=change,
            verdict="accept" if accepts else "decline",
            by=leads[change.client.team_id],
            reason=source.choice(REASONS if accepts else KEPT),
            at=moment(day, source.randint(9, 17)),
        )


def prepare(scheme: TierScheme, anchor: date) -> None:
    """A few reviews that wait for a signature."""
    rows = PeriodicReview.objects.filter(
        scheme=scheme, status="open", due_on__gte=anchor, client__rm__isnull=False
    )
    for review in rows.select_related("client__rm").order_by("due_on", "client__code")[:6]:
        rm = review.client.rm
        if rm is not None:
            prepare_review(
                review=review,
                by=rm,
                conclusion="keep",
                findings=FINDINGS,
                at=moment(anchor - timedelta(days=1), 16),
            )

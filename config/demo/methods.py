"""The book's criteria: AA/A/B as its primary scheme for over a year, and other methods beside it since half a year.

Everything goes through tiering's own services. Their stamps of when something was written, approved or asked for are
then set to the day they stand for.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pgtrigger

from config.demo.cast import Cast
from config.demo.clock import moment, month_ends, months_after
from config.demo.drafting import add_cases, date_the_way, purpose_of
from config.demo.judgements import GREEN_SHARE
from crm.models import Role
from tiering.criteria_files import template
from tiering.models import CriteriaVersion, OverlayActivation, TierScheme
from tiering.services.criteria import load_criteria
from tiering.services.lifecycle import put_in_effect
from tiering.services.overlays import approve_overlay, request_overlay

PRIMARY = "aa_a_b"
BESIDE = {
    "six_tier": (6, 3),
    "contribution": (3,),
    "within_project": (3,),
    "risk_return": (3,),
    "revenue_abc": (3,),
}
"""The other schemes, and at which month ends before today (1 is the latest) the book was tiered by them."""
PRIMARY_MONTHS = 14
DRAFTED_BEFORE = 31
GREEN_OVERLAY = {
    "key": "green",
    "label": {"en": "Green finance: 3 points more", "zh": "绿色金融：加 3 分"},
    "when": {"metric": GREEN_SHARE, "op": ">=", "value": 0.5},
    "effect": "bonus",
    "points": 3,
}
"""What the house has added to the template: an overlay that reads a metric of its own."""
STAMPS = (
    "tiering.OverlayActivation:keeps_what_was_asked",
    "tiering.OverlayActivation:approval_is_final",
)


@dataclass(frozen=True, slots=True)
class Switch:
    """An overlay of `scheme` that was asked for so many days before it was to begin; some still wait for approval."""

    scheme: str
    overlay: str
    reason: str
    asked_before: int
    approved_before: int | None


GREEN = Switch("six_tier", "green", "绿色信贷工作方案：对绿色收入占比过半的客户给予支持。", 12, 6)
DOWNTURN = Switch(
    "six_tier",
    "downturn",
    "Orders and prices have fallen for two quarters; the credit committee asks for caution until they recover.",
    9,
    4,
)
LEVERAGE = Switch("six_tier", "downturn_leverage", "高杠杆客户在下行期抗风险能力弱，建议一并启用。", 5, None)


def publish_criteria(anchor: date, cast: Cast) -> list[CriteriaVersion]:
    """Every method of the book, the primary one first; each in effect before the first run by it."""
    versions = [publish(PRIMARY, moment(months_after(anchor, -PRIMARY_MONTHS), 0), cast)]
    for key, months in BESIDE.items():
        first = month_ends(anchor, max(months))[0]
        versions.append(publish(key, moment(first - timedelta(days=2), 0), cast))
    return versions


def publish(key: str, effective_from: datetime, cast: Cast) -> CriteriaVersion:
    """A template as the house uses it, written by one administrator and published by the other."""
    author, approver = cast.having(Role.CRITERIA_ADMIN)[:2]
    version = load_criteria(document=document_of(key), author=author)
    add_cases(version, author)
    version = put_in_effect(
        version=version, approver=approver, effective_from=effective_from, purpose=purpose_of(key)
    )
    # On the version that was given back: what follows its publication looks at when that was.
    version.created_at = effective_from - timedelta(days=DRAFTED_BEFORE)
    version.published_at = effective_from
    version.save(update_fields=["created_at", "published_at"])
    date_the_way(version, effective_from)
    return version


def document_of(key: str) -> dict[str, Any]:
    document = template(key)
    if key == "six_tier":
        document["overlays"].append(GREEN_OVERLAY)
    return document


def switch_overlays(anchor: date, cast: Cast) -> None:
    """Green finance since there are six tiers, the downturn for the last quarter, and a request that nobody has approved
    yet."""
    first, last_quarter = (month_ends(anchor, back)[0] for back in BESIDE["six_tier"])
    switch(GREEN, moment(first - timedelta(days=1), 0), cast)
    switch(DOWNTURN, moment(last_quarter + timedelta(days=1), 0), cast)
    switch(LEVERAGE, moment(anchor + timedelta(days=2), 0), cast)


def switch(wanted: Switch, starts: datetime, cast: Cast) -> None:
    """Ask for an overlay, and have the other administrator approve it."""
    author, approver = cast.having(Role.CRITERIA_ADMIN)[:2]
    scheme = TierScheme.objects.get(key=wanted.scheme)
    activation = request_overlay(
        scheme=scheme, overlay=wanted.overlay, reason=wanted.reason, requested_by=author, starts=starts
    )
    stamps = {"requested_at": starts - timedelta(days=wanted.asked_before)}
    if wanted.approved_before is not None:
        approve_overlay(activation=activation, approved_by=approver)
        stamps["approved_at"] = starts - timedelta(days=wanted.approved_before)
    with pgtrigger.ignore(*STAMPS):
        OverlayActivation.objects.filter(pk=activation.pk).update(**stamps)

"""Whom to contact next: open prospects in the order of what speaks for each of them, and that in words.

Points, most of them by the score: up to 60 for it, up to 20 for how lately the prospect arrived, up to 15 for whether it
can and may be reached. Whom somebody spoke with within a week waits, and so do prospects of a tier of which their owner
has as many in hand as the screening allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db.models import Case, Count, F, FloatField, IntegerField, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funnel.models import Prospect, Screening
from funnel.prospect_querysets import ProspectQuerySet
from funnel.selectors.screening import screening
from tiering import display
from tiering.core.document import SCORE_UNIT

BY_SCORE: Final = 0.6
FRESH_DAYS, BY_FRESHNESS = 30, 20.0
MAY_AND_CAN, CAN = 15.0, 8.0
QUIET_DAYS, TOO_SOON = 7, -30.0
FULL: Final = -40.0
CANDIDATES: Final = 3_000
ZONE: Final = settings.TIME_ZONE

# The names are those of our own table.
AGE: Final = "(%s::date - (funnel_prospect.arrived_at AT TIME ZONE %s)::date)"
QUIET: Final = "(%s::date - (funnel_prospect.touched_at AT TIME ZONE %s)::date)"


def ranked(prospects: ProspectQuerySet, day: date) -> ProspectQuerySet:
    """Those of the prospects that may be contacted on a day, whom to contact first first. Two queries beside its own.

    Each carries `age` and `quiet`, the days since it arrived and since the last contact, `is_full` and `priority`.
    """
    can = ~Q(email="") | ~Q(phone_sealed="")
    rows = prospects.to_contact(day).annotate(
        age=RawSQL(AGE, [day, ZONE], output_field=IntegerField()),  # noqa: S611
        quiet=RawSQL(QUIET, [day, ZONE], output_field=IntegerField()),  # noqa: S611
        is_full=_when(_full(), Value(True), Value(False)),
    )
    points = Cast(Coalesce(F("score__score"), 0), FloatField()) / SCORE_UNIT * BY_SCORE
    fresh = Greatest(Value(0.0), Value(1.0) - Cast(F("age"), FloatField()) / FRESH_DAYS) * BY_FRESHNESS
    reach = Case(
        When(can & Q(consent="given"), then=Value(MAY_AND_CAN)),
        When(can, then=Value(CAN)),
        default=Value(0.0),
    )
    waits = _when(Q(quiet__lt=QUIET_DAYS), Value(TOO_SOON), Value(0.0))
    full = _when(Q(is_full=True), Value(FULL), Value(0.0))
    rows = rows.annotate(priority=points + fresh + reach + waits + full)
    return rows.select_related("source", "owner", "score__tier", "region", "industry").order_by(
        "-priority", "pk"
    )


def candidates(prospects: ProspectQuerySet, day: date) -> ProspectQuerySet:
    """Those of the prospects among which the first to contact are: all, where they are few, else the `CANDIDATES` with
    the best scores and as many of the newest. Both are read off indexes, so a million are not ranked to show fifty."""
    some = prospects.to_contact(day)
    best = some.filter(score__isnull=False).order_by("-score__score").values("pk")[:CANDIDATES]
    newest = some.order_by("-arrived_at", "pk").values("pk")[:CANDIDATES]
    return prospects.filter(pk__in=best.union(newest))


def _when(condition: Q | None, then: Value, otherwise: Value) -> Any:
    return Case(When(condition, then=then), default=otherwise) if condition else otherwise


def _full() -> Q | None:
    """Whose hands are full of which tier: those who have contacted as many as the screening allows."""
    chosen: Screening | None = screening()
    if chosen is None or not chosen.capacity:
        return None
    in_hand = Prospect.objects.filter(status=Prospect.Status.CONTACTED, owner__isnull=False)
    counted = in_hand.filter(score__tier__key__in=chosen.capacity).values(
        "owner", "score__tier", "score__tier__key"
    )
    found = [
        Q(owner=row["owner"], score__tier=row["score__tier"], status=Prospect.Status.NEW)
        for row in counted.annotate(n=Count("pk")).order_by()
        if row["n"] >= chosen.capacity[row["score__tier__key"]]
    ]
    return None if not found else _any(found)


def _any(conditions: Sequence[Q]) -> Q:
    whole = Q()
    for condition in conditions:
        whole |= condition
    return whole


def reasons_of(prospect: Any) -> list[str]:
    """What speaks for a prospect of `ranked`, and against it, in the reader's language."""
    score = getattr(prospect, "score", None)
    said = []
    if score is not None:
        points = display.score(score.score)
        said.append(_("score %(points)s, tier %(tier)s") % {"points": points, "tier": score.tier.key})
    else:
        said.append(_("not scored yet"))
    said.append(_arrived(prospect.age))
    said.append(_reach(prospect))
    said.append(_last_contact(prospect.quiet))
    if prospect.is_full:
        said.append(_("as many of this tier in hand as allowed"))
    return said


def _arrived(days: int) -> str:
    if days <= 0:
        return _("arrived today")
    return ngettext("arrived %(days)d day ago", "arrived %(days)d days ago", days) % {"days": days}


def _reach(prospect: Prospect) -> str:
    if not prospect.email and not prospect.phone_sealed:
        return _("no address and no number")
    if prospect.consent == "given":
        return _("consent given")
    return _("consent not asked yet")


def _last_contact(days: int | None) -> str:
    if days is None:
        return _("nobody spoke with them yet")
    if days <= 0:
        return _("spoken with today")
    return ngettext("spoken with %(days)d day ago", "spoken with %(days)d days ago", days) % {"days": days}

"""Curves of the probability of default as pages lay them out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString

from crm.models import User
from tiering.models import CriteriaVersion, ScoreCurve, TierScheme
from tiering.pages.calibration_chart import pd_chart
from tiering.pages.calibration_words import horizon_text
from tiering.pages.validation_words import number, rate_text
from tiering.selectors.calibrations import curve_in_use, curves_of
from tiering.selectors.versions import VersionTier, tiers_named_by


@dataclass(frozen=True)
class TierLine:
    """A tier: how often its clients of the past turned bad, and what the curve says of those in force."""

    tier: VersionTier
    rate: str
    then: str
    clients: str
    pd: str


@dataclass(frozen=True)
class CurveLine:
    """A curve. `may_approve`: the reader may; `is_own`: may not, having asked for it."""

    curve: ScoreCurve
    may_approve: bool
    is_own: bool

    @property
    def asked(self) -> str:
        return horizon_text(self.curve.outcome, self.curve.months)

    @property
    def gini(self) -> str:
        return number(self.curve.findings["gini"])

    @property
    def rate(self) -> str:
        return rate_text(self.curve.findings["rate"])

    @property
    def formula(self) -> str:
        return f"ln(p ÷ (1 − p)) = {self.curve.intercept:.3f} − {-(self.curve.slope or 0):.4f} × score"

    def chart(self) -> SafeString:
        found = {
            "intercept": self.curve.intercept,
            "slope": self.curve.slope,
            "tenths": self.curve.findings["tenths"],
        }
        return pd_chart(found)

    @cached_property
    def tiers(self) -> list[TierLine]:
        standing = {one["tier"]: one for one in self.curve.standing}
        past = {one["key"]: one for one in self.curve.findings["tiers"]}
        lines = []
        for tier in tiers_named_by(self.curve.version):
            then, now = past.get(tier.key), standing.get(tier.key)
            rate = then["bad"] / then["subjects"] if then and then["subjects"] else None
            lines.append(
                TierLine(
                    tier=tier,
                    rate=rate_text(rate),
                    then=intcomma(then["subjects"]) if then else "",
                    clients=intcomma(now["clients"]) if now else "",
                    pd=rate_text(now["pd"] if now else None),
                )
            )
        return lines


def curve_lines(version: CriteriaVersion, user: User) -> list[CurveLine]:
    """The curves of a version, the latest first."""
    return [_line(curve, user) for curve in curves_of(version)]


@dataclass(frozen=True)
class Probability:
    """What the page of a version says of the probability of default; `line` is the curve in use."""

    line: CurveLine | None


def probability_of(version: CriteriaVersion, user: User) -> Probability | None:
    """None where there can be no curve, or for a reader whom it does not concern."""
    of_clients = version.criteria.scheme.subject == TierScheme.Subject.CLIENT
    if not of_clients or version.status in CriteriaVersion.IN_PREPARATION:
        return None
    if not user.has_perm("tiering.view_drafts"):
        return None
    curve = curve_in_use(version)
    return Probability(_line(curve, user) if curve else None)


def _line(curve: ScoreCurve, user: User) -> CurveLine:
    waits = curve.status == ScoreCurve.Status.DONE and curve.approved_at is None
    is_own = waits and curve.requested_by_id == user.pk
    may = waits and not is_own and curve.version.status == CriteriaVersion.Status.PUBLISHED
    return CurveLine(curve, may and user.has_perm("tiering.publish_criteria"), is_own)

"""What the client page says of a client's tier beside its account: the score over time, and how tiers came about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.charts import Zone, line_over_zones
from crm.formats import localized
from crm.models import Client
from tiering import display
from tiering.core.document import MAX_SCORE, Document
from tiering.core.placement import ScoreCutoffs
from tiering.models import Assessment, Assignment, Proposal, Tier, TierScheme
from tiering.selectors.criteria import document_of, tiers_by_rank
from tiering.selectors.history import score_series, tier_history
from tiering.selectors.overrides import set_by

MONTHS = 12


@dataclass(frozen=True)
class HistoryRow:
    """A tier that held for a while: what it replaced, the score behind it, and what brought it about."""

    assignment: Assignment
    before: Tier | None
    score: str
    why: str
    comment: str


def history_rows(client: Client, scheme: TierScheme) -> list[HistoryRow]:
    """Every tier of the client, newest first."""
    history = tier_history(client, scheme).select_related(
        "assessment__version", "assessment__run__requested_by", "proposal__decided_by"
    )
    assignments = list(history.defer("assessment__version__document"))
    befores = [row.tier for row in assignments[1:]] + [None]
    return [_history_row(row, before) for row, before in zip(assignments, befores, strict=True)]


def score_chart(client: Client, scheme: TierScheme, latest: Assessment, at: datetime) -> SafeString:
    """The score of each of the last twelve months over the tiers it stood for; empty with fewer than two."""
    scores = score_series([client.pk], scheme, months=MONTHS, until=at)[client.pk]
    points = [
        (on, round(score, 1))
        for on, score in zip(days_of_scores(at), scores, strict=True)
        if score is not None
    ]
    if len(points) < 2:
        return SafeString()
    tiers = {tier.key: tier for tier in tiers_by_rank(scheme).values()}
    zones = list(zones_of(document_of(latest.version), latest.scorecard, tiers))
    return line_over_zones(points, zones, _("Score over 12 months"))


def days_of_scores(at: datetime) -> list[date]:
    """The days, where the institution is, of the moments that `score_series` looks at."""
    moments = (at - relativedelta(months=back) for back in reversed(range(MONTHS)))
    return [timezone.localdate(moment) for moment in moments]


def zones_of(document: Document, scorecard: str, tiers: dict[str, Tier]) -> Iterator[Zone]:
    """The range of scores of each tier, best first."""
    card = next(card for card in document.scorecards if card.key == scorecard)
    high = MAX_SCORE
    placement = document.placement_of(card)
    for cut in placement.steps if isinstance(placement, ScoreCutoffs) else ():
        yield Zone(
            label=cut.tier,
            low=display.score_number(cut.minimum),
            high=display.score_number(high),
            css=f"tier-step-{tiers[cut.tier].colour_step}",
        )
        high = cut.minimum


def _history_row(assignment: Assignment, before: Tier | None) -> HistoryRow:
    proposal, override = assignment.proposal, set_by(assignment)
    return HistoryRow(
        assignment=assignment,
        before=before,
        score=display.score(assignment.assessment.score),
        why=_by_decision(proposal) if proposal else _by_override(assignment) or _by_run(assignment, before),
        comment=proposal.comment if proposal else override.comment if override else "",
    )


def _by_decision(proposal: Proposal) -> str:
    return _("Proposed by a run, approved by {who}").format(who=localized(proposal.decided_by))


def _by_override(assignment: Assignment) -> str:
    """Set by an override, or by the criteria once it was over; empty where there was none."""
    override = assignment.override
    if override is None:
        return ""
    if set_by(assignment):
        return _("Override approved by {who}").format(who=localized(override.decided_by))
    return _("What the criteria say, after the override")


def _by_run(assignment: Assignment, before: Tier | None) -> str:
    """Changes that need no review, told by what set the run off."""
    run = assignment.assessment.run
    if before is None:
        return _("First assessment")
    match run.trigger:
        case run.Trigger.CHANGE:
            return _("Changed records, no review needed")
        case run.Trigger.MANUAL if run.requested_by:
            return _("Run started by {who}, no review needed").format(who=localized(run.requested_by))
        case _:
            return _("Scheduled run, no review needed")

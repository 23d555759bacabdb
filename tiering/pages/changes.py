"""What changed since the assessment before, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from crm.formats import listed
from tiering import display
from tiering.core.changes import Changes, FactChange
from tiering.core.document import SCORE_UNIT
from tiering.core.metric import Catalogue
from tiering.models import Tier
from tiering.selectors.evidence import Evidence, SinceLast


@dataclass(frozen=True)
class FactLine:
    """One metric before and after, what it earned, and by how much it moved the score (None: it is not scored)."""

    label: str
    before: str
    after: str
    points: str
    change: float | None


@dataclass(frozen=True)
class ChangesText:
    """The day, tier and score of the assessment before, the metrics that changed, and what else did, a sentence each."""

    since: datetime
    tier_before: Tier
    score_before: str
    facts: list[FactLine]
    others: list[str]


def changes_text(since: SinceLast, evidence: Evidence, tiers: Mapping[int, Tier]) -> ChangesText:
    """What a page says of the changes that led to an assessment."""
    changes = since.changes
    return ChangesText(
        since=since.former.valid_from,
        tier_before=tiers[changes.before.tier],
        score_before=display.score(changes.before.score),
        facts=[_fact(row, evidence.catalogue) for row in changes.facts],
        others=list(_others(changes, evidence)),
    )


def _fact(row: FactChange, names: Catalogue) -> FactLine:
    points = ""
    if row.points_after is not None:
        same = row.points_before in (None, row.points_after)
        points = str(row.points_after) if same else f"{row.points_before} → {row.points_after}"
    return FactLine(
        label=display.metric_label(row.metric, names),
        before=display.metric_value(row.metric, row.before, names),
        after=display.metric_value(row.metric, row.after, names),
        points=points,
        change=None if row.change is None else row.change / SCORE_UNIT,
    )


def _others(changes: Changes, evidence: Evidence) -> Iterator[str]:
    document = evidence.document
    gates = {gate.key: gate.label for gate in document.gates}
    overlays = {overlay.key: overlay.label for overlay in document.overlays}
    if changes.gates_fired:
        yield _("Gates that apply now: {names}").format(names=_named(changes.gates_fired, gates))
    if changes.gates_cleared:
        yield _("Gates that no longer apply: {names}").format(names=_named(changes.gates_cleared, gates))
    if changes.overlays_begun:
        yield _("Overlays that apply now: {names}").format(names=_named(changes.overlays_begun, overlays))
    if changes.overlays_ended:
        yield _("Overlays that no longer apply: {names}").format(
            names=_named(changes.overlays_ended, overlays)
        )
    if changes.before.scorecard != evidence.explanation.assessment.scorecard:
        yield _("Another scorecard applies now.")
    if changes.other_criteria:
        yield _("The criteria are another version now.")


def _named(keys: Iterable[str], labels: Mapping[str, Mapping[str, str]]) -> str:
    """By their labels; a key that an earlier version had stands for itself."""
    return listed(display.label(labels[key]) if key in labels else key for key in keys)

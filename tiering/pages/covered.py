"""What test cases exercise of a version, and what is proposed for the rest, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tiering import display
from tiering.core.cases import Case
from tiering.core.coverage import Covered, Kind, Target, coverage
from tiering.core.document import Document, Indicator, Scorecard
from tiering.core.metric import Catalogue
from tiering.core.placement import Matrix, RankCutoffs, ScoreCutoffs
from tiering.core.suggest import Suggestion, suggestions
from tiering.core.texts import N_
from tiering.models import CriteriaVersion
from tiering.pages.criteria import overlay_text
from tiering.pages.way import Against
from tiering.selectors.catalogue import catalogue, catalogue_of
from tiering.selectors.criteria import document_of
from tiering.selectors.criteria_tests import case_of
from tiering.selectors.versions import VersionTier, tiers_named_by

KINDS: Final[Mapping[Kind, str]] = {
    "scorecard": N_("Scorecards"),
    "band": N_("Bands"),
    "category": N_("Categories"),
    "missing": N_("Values that are missing"),
    "cutoff": N_("Steps of the placement"),
    "gate": N_("Gates"),
    "overlay": N_("Overlays"),
    "policy": N_("Branches of policy"),
}
BRANCHES: Final[Mapping[str, str]] = {
    "up": N_("a tier rises"),
    "down": N_("a tier falls"),
    "up buffer": N_("the buffer holds a rise back"),
    "up dwell": N_("the time a tier is held holds a rise back"),
    "up step": N_("the largest step limits a rise"),
    "down buffer": N_("the buffer holds a fall back"),
    "down dwell": N_("the time a tier is held holds a fall back"),
    "down step": N_("the largest step limits a fall"),
    "red flag": N_("a red flag lets a tier fall at once"),
    "review": N_("a move that a person decides"),
    "no review": N_("a move that nobody has to decide"),
}


@dataclass(frozen=True)
class CoverageLine:
    """A kind of part: how many there are, how many are exercised, and which are not."""

    kind: Kind
    label: str
    count: int
    total: int
    missing: list[str]

    @property
    def is_whole(self) -> bool:
        return self.count == self.total


@dataclass(frozen=True)
class SuggestionLine:
    """A proposed case: `key` chooses it, `tier` is what comes of it today, `reaches` what it exercises anew."""

    key: str
    case: Case
    base: str
    changed: list[str]
    tier: VersionTier
    score: str
    gates: int
    reaches: str
    more: int


def coverage_lines(version: CriteriaVersion, standing: Against) -> list[CoverageLine]:
    """What the test cases of a version exercise; nothing where they cannot be run."""
    if standing.verdicts is None:
        return []
    document = document_of(version)
    words = _Words(document, catalogue_of(document))
    return [words.line(covered) for covered in coverage(document, standing.verdicts)]


def suggested(version: CriteriaVersion, standing: Against) -> list[Suggestion]:
    """Cases for what the test cases leave out, named after what they exercise; none where they cannot be run."""
    if standing.verdicts is None:
        return []
    document, known = document_of(version), catalogue()
    words = _Words(document, known)
    taken = {row.name for row in standing.tests}
    found = []
    for one in suggestions(document, [case_of(row) for row in standing.tests], known):
        name = _free(words.target(one.target)[:100], taken)
        taken.add(name)
        found.append(_named(one, name))
    return found


def suggestion_lines(version: CriteriaVersion, found: Sequence[Suggestion]) -> list[SuggestionLine]:
    """Proposed cases, to be looked at before they are taken."""
    document = document_of(version)
    words = _Words(document, catalogue())
    tiers = {tier.key: tier for tier in tiers_named_by(version)}
    return [words.suggestion(one, tiers) for one in found]


def key_of(target: Target) -> str:
    """What chooses a suggestion in a form."""
    return "/".join((target.kind, target.card, target.dimension, target.metric, target.part))


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _named(one: Suggestion, name: str) -> Suggestion:
    return replace(one, case=replace(one.case, name=name))


@dataclass(frozen=True)
class _Words:
    document: Document
    names: Catalogue

    def line(self, covered: Covered) -> CoverageLine:
        missing = [self.target(target) for target in covered.missing]
        return CoverageLine(covered.kind, _(KINDS[covered.kind]), covered.count, covered.total, missing)

    def suggestion(self, one: Suggestion, tiers: Mapping[str, VersionTier]) -> SuggestionLine:
        changed = [
            f"{display.metric_label(key, self.names)}: {display.metric_value(key, value, self.names)}"
            for key, value in one.changed.items()
        ]
        return SuggestionLine(
            key=key_of(one.target),
            case=one.case,
            base=one.base,
            changed=changed,
            tier=tiers[one.case.tier],
            score=display.score(int((one.case.score or 0) * 10**8)),
            gates=len(one.case.gates or ()),
            reaches=self.target(one.target),
            more=len(one.reached) - 1,
        )

    def target(self, target: Target) -> str:
        """A part of the document as people call it."""
        match target.kind:
            case "scorecard":
                return display.label(self._card(target.part).label)
            case "band" | "category" | "missing":
                return self._of_indicator(target)
            case "cutoff":
                return self._step(target)
            case "gate":
                return next(display.label(one.label) for one in self.document.gates if one.key == target.part)
            case "overlay":
                overlay = next(one for one in self.document.overlays if one.key == target.part)
                return overlay_text(overlay, self.names).label
            case "policy":
                return capfirst(_(BRANCHES[target.part]))

    def _of_indicator(self, target: Target) -> str:
        card = self._card(target.card)
        indicator = self._indicator(card, target)
        metric = display.metric_label(target.metric, self.names)
        if target.kind == "band":
            told = display.band_text(target.metric, indicator.bands[int(target.part)], self.names)
        elif target.kind == "category":
            told = display.metric_value(target.metric, target.part, self.names)
        else:
            told = pgettext("metric", "not known")
        text = f"{metric}: {told}"
        return text if len(self.document.scorecards) == 1 else f"{text} ({display.label(card.label)})"

    def _indicator(self, card: Scorecard, target: Target) -> Indicator:
        return next(
            indicator
            for dimension in card.dimensions
            if dimension.key == target.dimension
            for indicator in dimension.indicators
            if indicator.metric == target.metric
        )

    def _card(self, key: str) -> Scorecard:
        return next(card for card in self.document.scorecards if card.key == key)

    def _step(self, target: Target) -> str:
        card = next(
            one for one in self.document.scorecards if self.document.placement_key(one) == target.card
        )
        match self.document.placement_of(card):
            case Matrix(axes=(first, second), cells=cells):
                row, column = map(int, target.part.split(","))
                levels = (
                    f"{display.label(first.levels[row].label)} × {display.label(second.levels[column].label)}"
                )
                return f"{levels} → {cells[row][column]}"
            case ScoreCutoffs(steps) | RankCutoffs(steps=steps):
                tier = steps[int(target.part)].tier
        own = f" ({display.label(card.label)})" if target.card else ""
        return _("placed in %(tier)s by score") % {"tier": tier} + own

"""Why a subject moves: what a version makes of it, beside what its tier in force rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from tiering.core.document import Document
from tiering.core.evaluate import Assessment, evaluate
from tiering.core.metric import Facts
from tiering.core.placement import Label, Placement
from tiering.core.terms import Ages, Setting, Terms
from tiering.facts import local_day
from tiering.models import Assignment, ProjectFacts
from tiering.models import Facts as StoredFacts
from tiering.preview.amounts import Mover
from tiering.selectors.criteria import document_of
from tiering.selectors.evidence import in_force
from tiering.selectors.recall import assessments, result_of

Kind = Literal[
    "gate_on", "gate_off", "overlay_on", "overlay_off", "scorecard", "metric", "cutoffs", "damped", "already"
]
MOST_METRICS: Final = 2
Known = tuple[Facts, Ages]
Former = tuple[Document, Assessment]
"""A document and what it made of a subject."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that moves a tier: a gate or overlay that applies or no longer does, another scorecard, a metric that
    earns so many score units more or less, other cut-offs, the migration policy, or that it would move under the
    criteria in effect already."""

    kind: Kind
    name: Label | None = None
    metric: str | None = None
    change: int = 0


@dataclass(frozen=True)
class Judge:
    """Evaluates subjects by a version, and by the criteria in effect on the same facts, each under its terms.

    A tier in force rests on an assessment of its own, of other facts and perhaps by earlier criteria: that is what the
    version is compared with. With ``of_model`` it is compared with the criteria in effect alone.
    """

    document: Document
    terms: Terms
    in_effect: Document | None
    in_effect_terms: Terms
    scheme: int
    at: datetime
    of_model: bool = False

    def reasons(self, movers: Sequence[Mover]) -> list[tuple[Reason, ...]]:
        """Why each moves, what counts most first; nothing where its facts are not stored. A constant number of
        queries."""
        known = self._known(movers)
        behind = {} if self.of_model else self._behind(movers)
        return [
            tuple(self._why(mover, known[mover], behind.get(_key(mover)))) if mover in known else ()
            for mover in movers
        ]

    def _why(self, mover: Mover, known: Known, former: Former | None) -> Iterator[Reason]:
        facts, ages = known
        now = evaluate(self.document, facts, Setting(self.terms, mover.held, mover.held_days, ages))
        model = self._in_effect(mover, known)
        former = model if self.of_model else former
        if former is None:
            yield from _all("gate_on", self.document.gates, now.gates)
        elif mover.before is not None:
            yield from self._differences(now, *former, up=mover.says < mover.before)
        if model and not self.of_model and mover.before != mover.says:
            document, result = model
            if document.tiers[result.tier].key == self.document.tiers[now.tier].key:
                yield Reason("already")

    def _in_effect(self, mover: Mover, known: Known) -> Former | None:
        """What the criteria in effect make of the same facts."""
        document, (facts, ages) = self.in_effect, known
        if document is None:
            return None
        held = None if mover.held is None else document.ranks.get(self.document.tiers[mover.held].key)
        setting = Setting(self.in_effect_terms, held, mover.held_days, ages)
        return document, evaluate(document, facts, setting)

    def _differences(
        self, now: Assessment, former: Document, then: Assessment, *, up: bool
    ) -> Iterator[Reason]:
        yield from _conditions(self.document, now, former, then, up=up)
        if now.scorecard != then.scorecard:
            yield from _all("scorecard", self.document.scorecards, [now.scorecard])
        yield from _metrics(now, then, up=up)
        if _placement(self.document, now) != _placement(former, then):
            yield Reason("cutoffs")
        if now.tier != now.overlay_tier:
            yield Reason("damped")

    def _known(self, movers: Sequence[Mover]) -> Mapping[Mover, Known]:
        """Facts and ages of those whose facts are stored."""
        wholes = StoredFacts.objects.in_bulk({mover.facts for mover in movers if mover.facts})
        withins = ProjectFacts.objects.in_bulk({mover.within for mover in movers if mover.within})
        day, found = local_day(self.at), dict[Mover, Known]()
        for mover in movers:
            whole, within = wholes.get(mover.facts or 0), withins.get(mover.within or 0)
            if whole and within:
                found[mover] = {**whole.values(), **within.values}, {**whole.ages(day), **within.ages(day)}
            elif whole:
                found[mover] = whole.values(), whole.ages(day)
        return found

    def _behind(self, movers: Sequence[Mover]) -> dict[tuple[int, int | None], Former]:
        """By client and project the assessment that the tier in force rests on, worked out again."""
        held = Assignment.objects.filter(in_force(self.at), scheme=self.scheme)
        held = held.filter(client__in={mover.client for mover in movers})
        subjects = {
            assessment: (client, project)
            for client, project, assessment in held.values_list("client", "project", "assessment")
        }
        wanted = {_key(mover) for mover in movers}
        rows = assessments().in_bulk([pk for pk, subject in subjects.items() if subject in wanted])
        return {subjects[pk]: (document_of(row.version), result_of(row)) for pk, row in rows.items()}


def _key(mover: Mover) -> tuple[int, int | None]:
    return mover.client, mover.project


def _conditions(
    document: Document, now: Assessment, former: Document, then: Assessment, *, up: bool
) -> Iterator[Reason]:
    """Gates that move the tier on one side alone, and overlays that apply there and pull where it goes."""
    if now.base_tier != now.model_tier:
        yield from _all("gate_on", document.gates, _new(then.gates, now.gates))
    if then.base_tier != then.model_tier:
        yield from _all("gate_off", former.gates, _new(now.gates, then.gates))
    begun = [one for one in document.overlays if not one.shift or (one.shift > 0) == up]
    ended = [one for one in former.overlays if not one.shift or (one.shift < 0) == up]
    yield from _all("overlay_on", begun, _new(then.overlays, now.overlays))
    yield from _all("overlay_off", ended, _new(now.overlays, then.overlays))


def _all(kind: Kind, things: Iterable[object], keys: Sequence[str]) -> Iterator[Reason]:
    """A reason for each of a document's gates, overlays or scorecards that has one of the keys."""
    return (Reason(kind, thing.label) for thing in things if thing.key in keys)  # type: ignore[attr-defined]


def _placement(document: Document, result: Assessment) -> Placement:
    card = next(card for card in document.scorecards if card.key == result.scorecard)
    return document.placement_of(card)


def _metrics(now: Assessment, then: Assessment, *, up: bool) -> list[Reason]:
    """The metrics that took the score most where the tier goes, if it went there."""
    if (now.score > then.score) != up or now.score == then.score:
        return []
    earned, earns = _contributions(then), _contributions(now)
    changes = {metric: earns[metric] - earned[metric] for metric in earned | earns}
    pulling = (metric for metric, change in changes.items() if change and (change > 0) == up)
    largest = sorted(pulling, key=lambda metric: (-abs(changes[metric]), metric))
    return [Reason("metric", metric=metric, change=changes[metric]) for metric in largest[:MOST_METRICS]]


def _contributions(result: Assessment) -> Counter[str]:
    found: Counter[str] = Counter()
    for dimension in result.dimensions:
        for trace in dimension.indicators:
            found[trace.metric] += trace.contribution
    return found


def _new(before: Sequence[str], after: Sequence[str]) -> list[str]:
    return [key for key in after if key not in before]

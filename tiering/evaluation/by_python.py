"""A file assessed by ``evaluate``, the definition of what criteria mean; subject by subject."""

from __future__ import annotations

from collections.abc import Iterator

from tiering.core.document import Document
from tiering.core.evaluate import evaluate
from tiering.core.ranks import thresholds
from tiering.core.terms import Setting, Terms
from tiering.evaluation.facts_file import FactsFile, Subject
from tiering.evaluation.results import Result


def assess(document: Document, facts: FactsFile, overlays: frozenset[str]) -> Iterator[Result]:
    """The result of every row, in the order of the file. Ranks are those among the rows of the file.

    Raises FactsRefused.
    """
    population = ((subject.facts, subject.ages) for subject in facts.subjects())
    ranked = thresholds(document, population) if document.rank_placements else {}
    terms = Terms(overlays, ranked)
    for subject in facts.subjects():
        yield _result(document, subject, terms)


def _result(document: Document, subject: Subject, terms: Terms) -> Result:
    found = evaluate(document, subject.facts, Setting(terms, subject.held, subject.held_days, subject.ages))
    return Result(
        subject.id,
        subject.project,
        subject.outcome,
        found.scorecard,
        found.score,
        found.model_tier,
        found.base_tier,
        found.overlay_tier,
        found.tier,
        found.provisional,
        found.gates,
        found.overlays,
    )

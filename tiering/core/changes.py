"""What changed between two assessments of a subject: facts, conditions, tiers."""

from dataclasses import dataclass

from tiering.core.document import Document
from tiering.core.evaluate import Assessment, IndicatorTrace
from tiering.core.metric import Fact, Facts, is_missing


@dataclass(frozen=True, slots=True)
class FactChange:
    """A metric whose value or worth is another than before.

    Points are those of its indicator, None where no indicator reads it; ``change`` is the difference in what it
    contributes to the score, in score units, None unless an indicator read it both times.
    """

    metric: str
    before: Fact
    after: Fact
    points_before: int | None
    points_after: int | None
    change: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different in an assessment from the one before it; gates and overlays by their keys."""

    before: Assessment
    facts: tuple[FactChange, ...]
    gates_fired: tuple[str, ...]
    gates_cleared: tuple[str, ...]
    overlays_begun: tuple[str, ...]
    overlays_ended: tuple[str, ...]
    other_criteria: bool


def changes(
    documents: tuple[Document, Document], facts: tuple[Facts, Facts], results: tuple[Assessment, Assessment]
) -> Changes:
    """What changed from the first of each pair to the second; what moved the score most comes first."""
    before, after = results
    metrics = sorted(documents[0].metrics | documents[1].metrics)
    found = [_fact(metric, facts, results) for metric in metrics]
    found.sort(key=lambda row: -abs(row.change or 0))
    return Changes(
        before=before,
        facts=tuple(row for row in found if row.before != row.after or row.points_before != row.points_after),
        gates_fired=_new(before.gates, after.gates),
        gates_cleared=_new(after.gates, before.gates),
        overlays_begun=_new(before.overlays, after.overlays),
        overlays_ended=_new(after.overlays, before.overlays),
        other_criteria=documents[0].hash != documents[1].hash,
    )


def _fact(metric: str, facts: tuple[Facts, Facts], results: tuple[Assessment, Assessment]) -> FactChange:
    before, after = (None if is_missing(known.get(metric)) else known.get(metric) for known in facts)
    earned, earns = (_trace(metric, result) for result in results)
    return FactChange(
        metric=metric,
        before=before,
        after=after,
        points_before=earned.points if earned else None,
        points_after=earns.points if earns else None,
        change=earns.contribution - earned.contribution if earned and earns else None,
    )


def _trace(metric: str, result: Assessment) -> IndicatorTrace | None:
    traces = (trace for part in result.dimensions for trace in part.indicators)
    return next((trace for trace in traces if trace.metric == metric), None)


def _new(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in after if key not in before)

"""Test cases in words: what is expected, what comes, and why the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from crm.formats import listed
from tiering import display
from tiering.core.cases import Fault, Verdict
from tiering.core.document import Document
from tiering.models import CriteriaTest, CriteriaVersion
from tiering.pages.way import Against
from tiering.selectors.criteria import document_of
from tiering.selectors.versions import VersionTier, tiers_named_by


@dataclass(frozen=True)
class CaseLine:
    """A test case and what came of it; `passes` is None where refusals of the criteria keep it from being run.

    `expected` and `actual` are tiers; `score` what came, `gates` those that fired, `faults` why it fails.
    """

    test: CriteriaTest
    passes: bool | None
    expected: VersionTier | None
    actual: VersionTier | None
    score: str
    gates: str
    faults: list[str]


def case_lines(version: CriteriaVersion, standing: Against) -> list[CaseLine]:
    """Every test case of a version with its result, the failing ones first."""
    if not standing.tests:
        return []
    tiers = {tier.key: tier for tier in tiers_named_by(version)}
    document = document_of(version)
    verdicts = standing.verdicts or (None,) * len(standing.tests)
    lines = [
        _line(test, verdict, document, tiers) for test, verdict in zip(standing.tests, verdicts, strict=True)
    ]
    return sorted(lines, key=lambda line: line.passes is not False)


def _line(
    test: CriteriaTest, verdict: Verdict | None, document: Document, tiers: Mapping[str, VersionTier]
) -> CaseLine:
    found = verdict.assessment if verdict else None
    return CaseLine(
        test=test,
        passes=verdict.passes if verdict else None,
        expected=tiers.get(test.tier),
        actual=tiers[document.tiers[found.tier].key] if found else None,
        score=display.score(found.score) if found else "",
        gates=gate_names(found.gates, document) if found else "",
        faults=[fault_text(fault, document) for fault in verdict.faults] if verdict else [],
    )


def gate_names(keys: Iterable[str], document: Document) -> str:
    """The gates by their own names; a key that the document does not have as it is."""
    labels = {gate.key: display.label(gate.label) for gate in document.gates}
    return listed(labels.get(key, key) for key in keys)


def fault_text(fault: Fault, document: Document) -> str:
    """Why a test case fails."""
    match fault.kind:
        case "tier":
            return _("tier %(actual)s instead of %(expected)s") % _sides(fault)
        case "score":
            expected, actual = points_text(fault.expected), points_text(fault.actual)
            return _("%(actual)s points instead of %(expected)s") % {"expected": expected, "actual": actual}
        case "gates":
            actual, expected = gate_names(fault.actual, document), gate_names(fault.expected, document)
            return _("gates that apply: %(actual)s instead of %(expected)s") % {
                "actual": actual or _("none"),
                "expected": expected or _("none"),
            }
        case "unknown_tier" | "unknown_held":
            return _("the criteria have no tier “%(expected)s”") % _sides(fault)
        case "unknown_gates":
            return _("the criteria have no gate “%(expected)s”") % {"expected": listed(fault.expected)}
        case "unknown_overlays":
            return _("the criteria have no overlay “%(expected)s”") % {"expected": listed(fault.expected)}


def points_text(score: Decimal) -> str:
    """A score as exact as it was written down, with one decimal at least."""
    exponent = score.normalize().as_tuple().exponent
    return number_format(score, decimal_pos=max(1, -exponent if isinstance(exponent, int) else 1))


def _sides(fault: Fault) -> dict[str, object]:
    return {"expected": fault.expected, "actual": fault.actual}

"""What an open case no longer meets, in words: of the codes and values that `selectors.unmet_gates` gives of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from crm.formats import listed
from crm.models import CasePaper
from crm.notice_kinds import name_of
from funnel.models import CaseParty, CheckItem, StageGate
from funnel.selectors.gates import field_label

Kind = StageGate.Kind
Lapsed = Mapping[str, Any]
"""`kind` and `stage` of a gate, and what its case lacks of it."""


def why_lapsed(gates: Iterable[Lapsed]) -> str:
    """Each gate with its reason, in their order."""
    text = _("“%(stage)s”: %(why)s")
    return "; ".join(
        text % {"stage": name_of(gate, "stage"), "why": _WORDS[gate["kind"]](gate)} for gate in gates
    )


def _tier(gate: Lapsed) -> str:
    if "parts" in gate:
        return _("tier %(minimum)s or better is not held by each: %(parts)s") % {
            "minimum": gate["minimum"],
            "parts": _labels(CaseParty.Part.choices, gate["parts"]),
        }
    if gate["tier"] is None:
        text = _("tier %(minimum)s or better is asked for, there is none")
    elif gate["is_provisional"]:
        text = _("tier %(minimum)s or better is asked for, tier %(tier)s is provisional")
    else:
        text = _("tier %(minimum)s or better is asked for, it is %(tier)s")
    return text % gate


def _score(gate: Lapsed) -> str:
    minimum = number_format(gate["minimum"])
    if gate["score"] is None:
        return _("a score of %(minimum)s or more is asked for, there is none") % {"minimum": minimum}
    text = _("a score of %(minimum)s or more is asked for, it is %(score)s")
    return text % {"minimum": minimum, "score": number_format(gate["score"], 1)}


def _fields(gate: Lapsed) -> str:
    return _("not filled in: %(fields)s") % {"fields": listed(map(field_label, gate["fields"]))}


def _documents(gate: Lapsed) -> str:
    return _("documents missing: %(documents)s") % {
        "documents": _labels(CasePaper.choices, gate["documents"])
    }


def _checklist(gate: Lapsed) -> str:
    return _("checklist not finished: %(checklist)s") % {"checklist": CheckItem.Kind(gate["checks"]).label}


def _approvals(gate: Lapsed) -> str:
    return _("approvals: %(approved)d of %(needed)d") % gate


def _condition(gate: Lapsed) -> str:
    return name_of(gate, "name") or _("the condition over facts does not hold")


def _term_sheet(gate: Lapsed) -> str:
    return {
        "none": _("no term sheet is issued"),
        "amount": _("the term sheet is for another amount"),
        "validity": _("the term sheet is not valid any more"),
    }[gate["sheet"]]


def _labels(choices: Iterable[tuple[str, Any]], keys: Iterable[str]) -> str:
    labels = dict(choices)
    return listed(str(labels[key]) for key in keys)


_WORDS: Mapping[str, Callable[[Lapsed], str]] = {
    Kind.TIER: _tier,
    Kind.SCORE: _score,
    Kind.FIELDS: _fields,
    Kind.DOCUMENTS: _documents,
    Kind.CHECKLIST: _checklist,
    Kind.APPROVALS: _approvals,
    Kind.CONDITION: _condition,
    Kind.TERM_SHEET: _term_sheet,
}

"""What differs between two versions of a pipeline, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.formats import MISSING, listed, percent, reads_chinese
from crm.models import CasePaper, Facility, Role
from funnel.core.approvals import SEQUENTIAL
from funnel.core.pipeline_diff import ADDED, CHANGED, MOVED, REMOVED, Change, changes
from funnel.core.pipeline_document import parts_asked
from funnel.models import CaseParty, CheckItem, PipelineVersion, Stage, StageGate
from funnel.selectors.documents import document_of
from funnel.selectors.gates import field_label
from tiering import display
from tiering.core.conditions import parse
from tiering.core.refusals import CriteriaError
from tiering.selectors.catalogue import catalogue

Json = Mapping[str, Any]
PARTS = {
    "stage": gettext_lazy("Stage"),
    "gate": gettext_lazy("Gate"),
    "reason": gettext_lazy("Reason"),
    "point": gettext_lazy("Point of the checklist"),
    "name_en": gettext_lazy("English name"),
    "name_zh": gettext_lazy("Chinese name"),
    "products": gettext_lazy("Products"),
    "is_retired": gettext_lazy("Retired"),
    "outcome": gettext_lazy("Outcome"),
    "limit_days": gettext_lazy("Days allowed"),
    "expected_days": gettext_lazy("Expected days"),
    "probability": gettext_lazy("Probability"),
    "colour": gettext_lazy("Colour"),
}
KINDS = {
    ADDED: pgettext_lazy("difference", "added"),
    REMOVED: pgettext_lazy("difference", "removed"),
    MOVED: pgettext_lazy("difference", "moved"),
    CHANGED: pgettext_lazy("difference", "changed"),
}


@dataclass(frozen=True)
class Difference:
    """One change in words: of which stage (empty: of the whole), which part, what it said and says."""

    stage: str
    part: str
    kind: str
    kind_name: str
    before: str
    after: str


def baseline_of(version: PipelineVersion) -> Json | None:
    """What a version is read against: for one in preparation what is in effect, for others what they replaced."""
    if version.status in PipelineVersion.IN_PREPARATION:
        return document_of(version.pipeline)
    return version.replaced or None


def differences(before: Json, after: Json) -> list[Difference]:
    """Every change, in the order of the later document."""
    names = {stage["key"]: stage for document in (before, after) for stage in document.get("stages", ())}
    return [_told(one, names) for one in changes(before, after)]


def _told(one: Change, names: Mapping[str, Json]) -> Difference:
    before, after = _value(one, one.before), _value(one, one.after)
    return Difference(
        _name(names[one.stage]) if one.stage else "",
        str(PARTS[one.part]),
        one.kind,
        str(KINDS[one.kind]),
        before,
        after,
    )


def _name(row: Json) -> str:
    name: str = (row.get("name_zh") if reads_chinese() else "") or row["name_en"]
    return name


def _value(one: Change, value: Any) -> str:
    if value is None or value == "" or value == []:
        return MISSING
    match one.part:
        case "stage":
            return _("place %(place)d") % {"place": value} if one.kind == MOVED else _name(value)
        case "reason":
            return _name(value)
        case "point":
            kind = dict(CheckItem.Kind.choices).get(value.get("kind"), "")
            return f"{kind}: {_name(value)}"
        case "gate":
            return gate_text(value)
        case "products":
            return listed(str(dict(Facility.Product.choices).get(key, key)) for key in value)
        case "probability":
            return percent(value)
        case "outcome":
            return str(dict(Stage.Outcome.choices).get(value, value))
        case "colour":
            return str(dict(Stage.Colour.choices).get(value, value))
        case "is_retired":
            return _("yes") if value else _("no")
    return str(value)


def gate_text(gate: Json) -> str:
    """What a gate of a document asks for."""
    params = gate.get("params", {})
    kind = str(dict(StageGate.Kind.choices).get(gate["kind"], gate["kind"]))
    match gate["kind"]:
        case "tier":
            said = tier_text(gate)
        case "score":
            said = str(params["minimum"])
        case "fields":
            said = listed(field_label(name) for name in params["fields"])
        case "documents":
            names = [str(CasePaper(key).label) for key in params["documents"]]
            said = listed([*names, *([_("those of the tier policy")] if params.get("of_tier") else [])])
        case "checklist":
            said = str(CheckItem.Kind(params["checks"]).label)
        case "approvals":
            said = _approvals(params)
        case "condition":
            said = _condition(params)
        case _:
            return kind
    return f"{kind}: {said}"


def tier_text(gate: Json) -> str:
    """Which tier, and of which further clients where it is not asked of the leading one."""
    labels = dict(CaseParty.Part.choices)
    parts = listed(str(labels.get(part, part)) for part in parts_asked(gate))
    if not parts:
        return str(gate["tier"])
    if gate["params"].get("if_any"):
        parts = _("%(parts)s, if any") % {"parts": parts}
    return f"{gate['tier']} ({parts})"


def _approvals(params: Json) -> str:
    roles = [str(Role(role).label) for role in params["roles"]]
    if params.get("mode") == SEQUENTIAL:
        return _("%(roles)s, one after another") % {"roles": " → ".join(roles)}
    return _("%(needed)d of %(roles)s") % {
        "needed": params.get("needed", len(roles)),
        "roles": listed(roles),
    }


def _condition(params: Json) -> str:
    words = (params.get("name_zh") if reads_chinese() else "") or params.get("name_en")
    if words:
        return str(words)
    try:
        return display.condition_text(parse(params["when"]), catalogue=catalogue())
    except CriteriaError:
        return MISSING

"""Pipelines as documents: what is in effect, and what a document may name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm.models import Facility, Role
from funnel.core.pipeline_diff import changes
from funnel.core.pipeline_document import Known, Problem, problems
from funnel.models import Case, CaseDocument, CaseParty, CheckItem, Pipeline, Stage, StageGate
from funnel.querysets import CaseQuerySet
from funnel.selectors.gates import FIELDS
from funnel.selectors.pipelines import stages_of
from tiering.core.check_conditions import check_condition
from tiering.core.conditions import parse
from tiering.core.refusals import CriteriaError
from tiering.models import Tier
from tiering.selectors.catalogue import open_catalogue

APPROVERS = (Role.TEAM_LEAD, Role.RISK_OFFICER)


def document_of(pipeline: Pipeline) -> dict[str, Any]:
    """What is in effect. Three queries."""
    stages = stages_of(pipeline).prefetch_related("reasons", "gates__minimum_tier__scheme")
    return {
        "name_en": pipeline.name_en,
        "name_zh": pipeline.name_zh,
        "products": list(pipeline.products),
        "is_retired": pipeline.is_retired,
        "checklist": list(pipeline.checklist),
        "stages": [_stage(stage) for stage in stages],
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "key": stage.key,
        "name_en": stage.name_en,
        "name_zh": stage.name_zh,
        "outcome": stage.outcome,
        "limit_days": stage.limit_days,
        "expected_days": stage.expected_days,
        "probability": stage.probability,
        "colour": stage.colour,
        "reasons": [
            {"key": reason.key, "name_en": reason.name_en, "name_zh": reason.name_zh}
            for reason in stage.reasons.all()
            if not reason.is_retired
        ],
        "gates": [gate_document(gate) for gate in sorted(stage.gates.all(), key=lambda gate: gate.pk)],
    }


def gate_document(gate: StageGate) -> dict[str, Any]:
    if gate.minimum_tier:
        tier = {"kind": gate.kind, "scheme": gate.minimum_tier.scheme.key, "tier": gate.minimum_tier.key}
        return {**tier, "params": gate.params} if gate.params else tier
    return {"kind": gate.kind, "params": gate.params}


def touched_cases(pipeline: Pipeline, before: Mapping[str, Any], after: Mapping[str, Any]) -> CaseQuerySet:
    """The open cases that stand in stages which one document changes or leaves out against the other, or whose way on
    from there it does: gates further on concern them too."""
    places = {stage["key"]: at for at, stage in enumerate(before.get("stages", ()))}
    found = [
        one
        for one in changes(before, after)
        if one.stage and one.part not in ("colour", "name_en", "name_zh")
    ]
    here = {one.stage for one in found}
    gates = [places.get(one.stage, len(places)) for one in found if one.part == "gate" or one.kind == "added"]
    ahead = {key for key, place in places.items() if gates and place < max(gates)}
    cases: CaseQuerySet = Case.objects.standing().filter(
        stage__pipeline=pipeline, stage__key__in=here | ahead, stage__outcome=Stage.Outcome.OPEN
    )
    return cases


def problems_of(pipeline: Pipeline, document: Any) -> list[Problem]:
    """Everything that is wrong with a document for the pipeline, in the reader's language."""
    found = problems(document, _known(pipeline))
    if not found:
        found = _of_conditions(document)
    return [Problem(one.path, _(one.text)) for one in found]


def _known(pipeline: Pipeline) -> Known:
    tiers: dict[str, set[str]] = {}
    for scheme, key in Tier.objects.values_list("scheme__key", "key"):
        tiers.setdefault(scheme, set()).add(key)
    return Known(
        products=frozenset(Facility.Product.values),
        tiers={scheme: frozenset(keys) for scheme, keys in tiers.items()},
        fields=frozenset(FIELDS),
        documents=frozenset(CaseDocument.Kind.values),
        checks=frozenset(CheckItem.Kind.values),
        parts=frozenset(CaseParty.Part.values),
        roles=frozenset(APPROVERS),
        colours=frozenset(Stage.Colour.values),
        outcomes=dict(pipeline.stages.values_list("key", "outcome")),
    )


def _of_conditions(document: Any) -> list[Problem]:
    names = open_catalogue()
    found = []
    for at, stage in enumerate(document["stages"]):
        for place, gate in enumerate(stage.get("gates", ())):
            if gate["kind"] != "condition":
                continue
            try:
                refusals = check_condition(parse(gate["params"]["when"]), names)
            except CriteriaError as error:
                refusals = error.refusals
            path = f"stages.{at}.gates.{place}"
            found += [Problem(path, f"{one.text(_)} {one.remedy(_)}") for one in refusals]
    return found

"""Pipelines as documents: written by one person, published by another, and what becomes of the past."""

from copy import deepcopy
from typing import Any

import pytest
from django.db import InternalError, transaction
from django.urls import reverse

from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Notice, Role
from funnel import errors
from funnel.core.pipeline_diff import changes
from funnel.models import GateWaiver, PipelineVersion
from funnel.selectors.documents import document_of, problems_of
from funnel.services import versions
from funnel.services.moves import move_case, waive_gates
from tests.factories import make_user
from tests.funnel.making import make_case, make_gated_pipeline, stage_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return make_user(Role.CRITERIA_ADMIN)


def draft(writer, pipeline=None):
    return versions.start_version(pipeline=pipeline or make_gated_pipeline(), by=writer)


def in_effect(version, document, writer):
    """The document, published by a second person."""
    version = versions.save_version(version=version, document=document, revision=version.revision, by=writer)
    version = versions.submit_version(version=version, purpose="Closer to practice", by=writer)
    publisher = make_user(Role.CRITERIA_ADMIN)
    return versions.publish_version(version=version, revision=version.revision, by=publisher)


def test_a_draft_says_what_is_in_effect_and_publishing_it_changes_nothing(writer):
    version = draft(writer)
    before = deepcopy(version.document)
    gates = list(version.pipeline.stages.get(key="due_diligence").gates.values_list("pk", flat=True))
    in_effect(version, before, writer)
    assert document_of(version.pipeline) == before
    assert list(version.pipeline.stages.get(key="due_diligence").gates.values_list("pk", flat=True)) == gates


def test_publishing_renames_adds_and_retires_stages_and_keeps_the_past(writer):
    case = make_case(stage="preliminary_assessment", tier="A")
    version = draft(writer, case.stage.pipeline)
    document = deepcopy(version.document)
    first, _preliminary, diligence, *ends = document["stages"]
    first["name_en"], first["probability"] = "Screening", 0.2
    committee = {**diligence, "key": "committee", "name_en": "Committee", "gates": []}
    committee["gates"] = [{"kind": "approvals", "params": {"roles": ["risk_officer"], "needed": 1}}]
    document["stages"] = [first, diligence, committee, *ends]
    in_effect(version, document, writer)
    pipeline = version.pipeline
    assert [stage.key for stage in pipeline.stages.filter(is_retired=False)] == [
        "initial_identification", "due_diligence", "committee", "approved", "declined",
    ]  # fmt: skip
    assert pipeline.stages.get(key="initial_identification").probability == 0.2
    case.refresh_from_db()
    assert (case.stage.key, case.stage.is_retired) == ("preliminary_assessment", True)
    with pytest.raises(errors.GateNotMet, match="Committee"):
        move_case(case=case, to_stage=stage_of(pipeline, "approved"), version=1, moved_by=case.client.rm)
    moved = move_case(
        case=case, to_stage=stage_of(pipeline, "due_diligence"), version=1, moved_by=case.client.rm
    )
    assert moved.moves.last().from_stage.key == "preliminary_assessment"


def test_a_retired_stage_stays_on_the_board_as_long_as_a_case_stands_in_it(writer, client):
    case = make_case(stage="preliminary_assessment")
    version = draft(writer, case.stage.pipeline)
    document = deepcopy(version.document)
    del document["stages"][1]
    in_effect(version, document, writer)
    client.force_login(case.client.rm)
    columns = client.get(reverse("funnel:board")).context["columns"]
    assert [column.heading.key for column in columns][-1] == "preliminary_assessment"


def test_what_was_waived_stays_waived_while_the_gate_is_asked_for_as_before(writer):
    case = make_case(tier="B")
    target = stage_of(case.stage.pipeline, "due_diligence")
    waive_gates(case=case, to_stage=target, reason="Guaranteed", by=make_user(Role.RISK_OFFICER))
    version = draft(writer, case.stage.pipeline)
    in_effect(version, {**version.document, "name_en": "Projects"}, writer)
    assert GateWaiver.objects.get().gates == list(target.gates.values_list("pk", flat=True))


def test_publishing_takes_a_second_person_and_what_was_shown(writer):
    version = versions.submit_version(version=draft(writer), purpose="x", by=writer)
    with pytest.raises(errors.OwnVersion):
        versions.publish_version(version=version, revision=0, by=writer)
    other = make_user(Role.CRITERIA_ADMIN)
    with pytest.raises(Conflict):
        versions.publish_version(version=version, revision=1, by=other)
    with pytest.raises(NotPermitted):
        versions.publish_version(version=version, revision=0, by=make_user(Role.RISK_OFFICER))
    version.publisher, version.status = writer, "published"
    with pytest.raises(InternalError, match="publisher_is_no_author"), transaction.atomic():
        version.save()


def test_whoever_edited_a_draft_does_not_publish_it(writer):
    version, second = draft(writer), make_user(Role.CRITERIA_ADMIN)
    version = versions.save_version(version=version, document=version.document, revision=0, by=second)
    with pytest.raises(Conflict):
        versions.save_version(version=version, document={}, revision=0, by=writer)
    version = versions.submit_version(version=version, purpose="x", by=writer)
    with pytest.raises(errors.OwnVersion):
        versions.publish_version(version=version, revision=1, by=second)
    with pytest.raises(errors.PurposeMissing):
        versions.send_back(version=version, remark=" ", by=make_user(Role.CRITERIA_ADMIN))
    assert versions.send_back(version=version, remark="", by=writer).status == "draft"


def test_one_version_is_in_preparation_at_a_time(writer):
    version = draft(writer)
    with pytest.raises(errors.InPreparation):
        draft(writer)
    versions.discard_version(version=version, by=writer)
    assert draft(writer).number == 1


def test_submitting_refuses_everything_that_makes_no_sense(writer):
    version = draft(writer)
    document = deepcopy(version.document)
    document["products"] = ["bitcoin"]
    document["stages"][0]["probability"] = 2
    document["stages"][1]["key"] = "initial_identification"
    document["stages"][2]["gates"] = [{"kind": "tier", "scheme": "aa_a_b", "tier": "Z"}, {"kind": "moon"}]
    versions.save_version(version=version, document=document, revision=0, by=writer)
    with pytest.raises(Invalid) as refused:
        versions.submit_version(version=version, purpose="x", by=writer)
    assert set(refused.value.fields) == {
        "products", "stages.0.probability", "stages.1.key", "stages.2.gates.0", "stages.2.gates.1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("gate", "is_sound"),
    [
        ({"kind": "score", "params": {"minimum": 60}}, True),
        ({"kind": "score", "params": {"minimum": 160}}, False),
        ({"kind": "fields", "params": {"fields": ["purpose"]}}, True),
        ({"kind": "fields", "params": {"fields": ["password"]}}, False),
        ({"kind": "documents", "params": {"documents": []}}, False),
        ({"kind": "documents", "params": {"documents": [], "of_tier": True}}, True),
        ({"kind": "documents", "params": {"documents": ["contract"], "of_tier": 1}}, False),
        ({"kind": "checklist", "params": {"checks": "precedent"}}, True),
        ({"kind": "tier", "scheme": "aa_a_b", "tier": "B", "params": {"parts": ["heir"]}}, False),
        (
            {"kind": "tier", "scheme": "aa_a_b", "tier": "B", "params": {"parts": ["sponsor"], "if_any": 1}},
            False,
        ),
        ({"kind": "approvals", "params": {"roles": ["team_lead"], "needed": 2}}, False),
        ({"kind": "approvals", "params": {"roles": ["rm"], "needed": 1}}, False),
        ({"kind": "condition", "params": {"when": {"metric": "leverage", "op": "<", "value": 1}}}, True),
        ({"kind": "condition", "params": {"when": {"metric": "moon", "op": "<", "value": 1}}}, False),
    ],
)
def test_a_gate_asks_for_what_there_is(gate, is_sound):
    pipeline = make_gated_pipeline()
    document = document_of(pipeline)
    document["stages"][1]["gates"] = [gate]
    assert (problems_of(pipeline, document) == []) is is_sound


def test_nonsense_of_any_shape_is_named_and_never_an_error():
    nonsense: tuple[Any, ...] = (None, [], {"stages": [1]}, {"stages": [{}]}, {"stages": [{"gates": [{}]}]})
    for document in nonsense:
        assert problems_of(make_gated_pipeline(), document)


def test_a_stage_is_edited_on_its_page_with_every_kind_of_gate(writer, client):
    version = draft(writer)
    client.force_login(writer)
    body = {
        "revision": 0, "key": "preliminary_assessment", "name_en": "Assessment", "name_zh": "评估",
        "outcome": "open", "colour": "blue", "chance": "35", "expected_days": "12", "limit_days": "20",
        "tier": "aa_a_b:B", "party_tier": "aa_a_b:A", "party_parts": ["guarantor"],
        "party_if_any": "on", "score": "40", "fields_asked": ["purpose"], "documents": ["statements"],
        "documents_of_tier": "on", "checks": ["diligence"], "mode": "sequential", "seat_1": "team_lead",
        "seat_2": "risk_officer", "when": '{"metric": "leverage", "op": "<", "value": 0.9}', "condition_en": "Bearable",
    }  # fmt: skip
    address = reverse("funnel:edit-stage", args=[version.pk, 1])
    assert client.get(address).status_code == 200
    answer = client.post(address, body)
    assert answer.status_code == 302, answer.context["form"].errors
    version.refresh_from_db()
    stage = version.document["stages"][1]
    assert (stage["probability"], stage["colour"], stage["expected_days"]) == (0.35, "blue", 12)
    kinds = [gate["kind"] for gate in stage["gates"]]
    assert kinds == ["fields", "documents", "tier", "tier", "score", "checklist", "approvals", "condition"]
    assert stage["gates"][3]["params"] == {"parts": ["guarantor"], "if_any": True}
    assert problems_of(version.pipeline, version.document) == []
    shown = client.get(address).context["form"]
    assert (shown["tier"].value(), shown["seat_2"].value()) == ("aa_a_b:B", "risk_officer")
    assert shown["documents_of_tier"].value() is True
    assert (shown["party_tier"].value(), shown["party_parts"].value()) == ("aa_a_b:A", ["guarantor"])
    assert shown["party_if_any"].value() is True
    assert (
        "Minimum tier: A (Guarantor, if any)"
        in client.get(reverse("funnel:pipeline-version", args=[version.pk])).content.decode()
    )
    assert (
        "party_parts"
        in client.post(address, {**body, "revision": 1, "party_parts": []}).context["form"].errors
    )


def test_a_pipeline_goes_its_way_on_its_pages(writer, client):
    make_gated_pipeline()
    client.force_login(writer)
    client.post(reverse("funnel:new-pipeline"), {"key": "guarantees", "name_en": "Guarantees"})
    version = PipelineVersion.objects.get()
    page = reverse("funnel:pipeline-version", args=[version.pk])
    whole = {"revision": 0, "name_en": "Guarantees", "products": ["guarantee"]}
    whole["checklist"] = "diligence | Guarantor | 担保人"
    client.post(reverse("funnel:edit-pipeline", args=[version.pk]), whole)
    for revision, (key, outcome) in enumerate([("lost", "lost"), ("asked", "open"), ("won", "won")], 1):
        stage = {"revision": revision, "key": key, "name_en": key, "outcome": outcome, "mode": "parallel"}
        if outcome == "lost":
            stage["reasons"] = "price | Price | 价格"
        client.post(reverse("funnel:edit-stage", args=[version.pk, revision - 1]), stage)
    client.post(reverse("funnel:submit-pipeline", args=[version.pk]), {"words": "For guarantees"})
    client.force_login(make_user(Role.CRITERIA_ADMIN))
    assert "Publish" in client.get(page).content.decode()
    client.post(reverse("funnel:publish-pipeline", args=[version.pk]), {"revision": 4})
    pipeline = version.pipeline
    pipeline.refresh_from_db()
    assert [stage.key for stage in pipeline.stages.all()] == ["asked", "won", "lost"]
    assert (pipeline.is_retired, pipeline.checklist[0]["name_zh"]) == (False, "担保人")
    assert make_case(product="guarantee").stage.pipeline == pipeline


def test_differences_are_told_before_publishing_and_afterwards_and_holders_are_told(writer, client):
    case = make_case(stage="preliminary_assessment")
    make_case(case.client.rm, stage="declined")
    version = draft(writer, case.stage.pipeline)
    document = deepcopy(version.document)
    document["stages"][1]["limit_days"] = 10
    document["stages"][2]["gates"] = [{"kind": "term_sheet", "params": {}}]
    del document["stages"][0]
    versions.save_version(version=version, document=document, revision=0, by=writer)
    client.force_login(writer)
    page = reverse("funnel:pipeline-version", args=[version.pk])
    before = client.get(page)
    told = [(one.stage, one.part, one.kind, one.before, one.after) for one in before.context["differences"]]
    assert told == [
        ("Preliminary assessment", "Days allowed", "changed", "30", "10"),
        ("Due diligence", "Gate", "added", "–", "Term sheet issued"),
        ("Due diligence", "Gate", "removed", "Minimum tier: A", "–"),
        ("Initial identification", "Stage", "removed", "Initial identification", "–"),
    ]
    assert before.context["touched"] == 1
    version.refresh_from_db()
    in_effect(version, document, writer)
    assert [one.before for one in client.get(page).context["differences"]] == [row[3] for row in told]
    notice = Notice.objects.get(kind="pipeline-changed")
    assert (notice.recipient, notice.params["cases"]) == (case.client.rm, 1)
    (row, *_) = client.get(reverse("api:pipeline-differences", args=[version.pk])).json()
    assert row == {
        "stage": "Preliminary assessment", "part": "Days allowed", "kind": "changed", "before": "30", "after": "10",
    }  # fmt: skip


def test_moving_one_stage_is_one_difference():
    stages = [{"key": key, "name_en": key, "outcome": "open"} for key in "abcd"]
    later = [stages[0], stages[3], stages[1], stages[2]]
    (moved,) = changes({"stages": stages}, {"stages": later})
    assert (moved.stage, moved.kind, moved.before, moved.after) == ("d", "moved", 4, 2)


def test_programs_begin_a_pipeline_and_discard_its_draft(writer, client):
    client.force_login(writer)
    body = {"key": "bridges", "name_en": "Bridges"}
    made = client.post(reverse("api:pipeline-list"), body, content_type="application/json").json()
    listed = client.get(
        reverse("api:pipeline-versions", args=[PipelineVersion.objects.get().pipeline_id])
    ).json()
    assert [one["id"] for one in listed] == [made["id"]]
    assert client.delete(reverse("api:pipeline-version", args=[made["id"]])).status_code == 204
    assert not PipelineVersion.objects.exists()


def test_cases_left_in_a_retired_stage_are_found_to_be_moved_on(writer, client):
    case = make_case(stage="preliminary_assessment", tier="A")
    version = draft(writer, case.stage.pipeline)
    document = deepcopy(version.document)
    del document["stages"][1]
    in_effect(version, document, writer)
    client.force_login(case.client.rm)
    page = client.get(reverse("funnel:pipeline", args=[case.stage.pipeline_id])).content.decode()
    assert "?pipeline=financing&amp;stage=preliminary_assessment" in page

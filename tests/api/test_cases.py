import pytest

from funnel.models import StageMove
from tests.api.asking import Asker, make_house
from tests.funnel.making import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def rm(house):
    return Asker(house.rm)


@pytest.fixture
def case(house):
    return make_case(house.rm, client=house.own, tier="A")


def move(asker, case, stage, version=1, **more):
    return asker.post(f"cases/{case.pk}/move/", {"stage": stage, "version": version, **more})


def listed(answer):
    return {row["id"] for row in answer.data["results"]}


def test_list_shows_visible_cases_with_tier_and_what_may_be_done(house, rm, case):
    team = make_case(house.team.rm, client=house.team)
    make_case(house.foreign.rm, client=house.foreign)
    rows = {row["id"]: row for row in rm.get("cases/").data["results"]}
    assert set(rows) == {case.pk, team.pk}
    assert (rows[case.pk]["tier"]["key"], rows[case.pk]["can_move"]) == ("A", True)
    assert (rows[team.pk]["tier"], rows[team.pk]["can_move"]) == (None, False)
    assert rows[case.pk]["stage"]["key"] == "initial_identification"


def test_filters_narrow(house, rm, case):
    other = make_case(house.rm, stage="declined")
    assert listed(rm.get("cases/", stage="declined")) == {other.pk}
    assert listed(rm.get("cases/", outcome="open")) == {case.pk}
    assert listed(rm.get("cases/", client=house.own.pk)) == {case.pk}
    assert listed(rm.get("cases/", pipeline="financing", rm=house.rm.pk)) == {case.pk, other.pk}
    assert rm.get("cases/", stage="nowhere").status_code == 400


def test_move_is_recorded_and_raises_the_version(rm, case):
    answer = move(rm, case, "preliminary_assessment", comment="Papers are complete.")
    assert (answer.status_code, answer.data["version"]) == (200, 2)
    assert answer.data["stage"]["key"] == "preliminary_assessment"
    assert StageMove.objects.filter(case=case).last().comment == "Papers are complete."


def test_move_from_an_old_version_conflicts(rm, case):
    move(rm, case, "preliminary_assessment")
    answer = move(rm, case, "due_diligence")
    assert (answer.status_code, answer.data["code"]) == (409, "moved_meanwhile")


def test_gate_that_is_not_met_refuses(house, rm):
    case = make_case(house.rm, client=house.own, tier="B")
    answer = move(rm, case, "due_diligence")
    assert (answer.status_code, answer.data["code"]) == (409, "gate_not_met")
    assert [one["code"] for one in answer.data["missing"]] == ["gate_tier_too_low"]


def test_declining_takes_one_of_the_reasons(rm, case):
    assert move(rm, case, "declined").data["code"] == "reason_missing"
    assert move(rm, case, "declined", reason="mood").data["code"] == "unknown_reason"
    assert move(rm, case, "declined", reason="terms").data["reason"] == "terms"


def test_unknown_stage_is_refused_and_names_the_known_ones(rm, case):
    answer = move(rm, case, "nowhere")
    assert answer.status_code == 400
    assert "due_diligence" in answer.data["fields"]["stage"][0]


def test_colleagues_case_cannot_be_moved_and_a_foreign_one_is_not_there(house, rm):
    team = make_case(house.team.rm, client=house.team)
    foreign = make_case(house.foreign.rm, client=house.foreign)
    assert move(rm, team, "preliminary_assessment").status_code == 403
    assert move(rm, foreign, "preliminary_assessment").status_code == 404
    assert move(Asker(house.officer), foreign, "preliminary_assessment").status_code == 403


def test_a_point_is_finished_with_evidence_about_its_client(house, rm, case):
    point = case.checks.create(name_en="Licence")
    own, others = (
        client.attachments.create(name="a.pdf", content_type="application/pdf", size=1, uploaded_by=house.rm)
        for client in (house.own, house.team)
    )
    said = {"revision": 1, "finding": "Valid", "risk": "low"}
    refused = rm.post(f"checks/{point.pk}/finish/", {**said, "evidence": others.pk})
    assert list(refused.data["fields"]) == ["evidence"]
    done = rm.post(f"checks/{point.pk}/finish/", {**said, "evidence": own.pk}).data["checks"][0]
    assert (done["state"], done["evidence"]) == ("done", own.pk)

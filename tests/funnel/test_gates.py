"""What stages ask for beside tiers: fields, documents, checklists, approvals, scores, conditions; and waivers."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.errors import NotPermitted
from crm.models import Interest, Role
from funnel import errors
from funnel.models import Approval, Case, StageGate
from funnel.selectors.gates import requirements, requirements_of, stages_between
from funnel.services.cases import edit_case
from funnel.services.moves import move_case, move_cases, waive_gates
from funnel.services.work import add_check, add_document, finish_check, reopen_check, say
from tests.factories import make_user
from tests.funnel.making import make_case, stage_of

pytestmark = pytest.mark.django_db
ASSESSED = "preliminary_assessment"


def ask(case: Case, kind: str, *, stage: str = ASSESSED, **params) -> StageGate:
    """A gate of a stage of the case's pipeline."""
    return StageGate.objects.create(stage=stage_of(case.stage.pipeline, stage), kind=kind, params=params)


def go(case: Case, stage: str = ASSESSED) -> Case:
    return move_case(
        case=case,
        to_stage=stage_of(case.stage.pipeline, stage),
        version=case.version,
        moved_by=case.client.rm,
    )


def refused(case: Case, stage: str = ASSESSED) -> list[str]:
    with pytest.raises(errors.GateNotMet) as refusal:
        go(case, stage)
    return [one.code for one in refusal.value.missing]


def paper(name: str = "report.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"seen and found sound")


def test_a_refusal_says_all_that_is_missing_and_where_each_is_put_right():
    case = make_case(tier="B")
    ask(case, "fields", fields=["purpose", "expected_close"])
    ask(case, "documents", documents=["statements"])
    with pytest.raises(errors.GateNotMet) as refusal:
        go(case, "due_diligence")
    missing = {one.code: one for one in refusal.value.missing}
    assert list(missing) == ["gate_fields", "gate_documents", "gate_tier_too_low"]
    assert "expected close" in missing["gate_fields"].text
    assert "purpose" in missing["gate_fields"].text
    assert missing["gate_fields"].url == f"/funnel/cases/{case.pk}/edit/"
    assert missing["gate_documents"].url == f"/funnel/cases/{case.pk}/#documents"
    assert missing["gate_tier_too_low"].url == f"/clients/{case.client_id}/"


def test_required_fields_open_the_gate_once_they_are_filled_in():
    case = make_case()
    ask(case, "fields", fields=["purpose"])
    assert refused(case) == ["gate_fields"]
    edit_case(case=case, revision=1, by=case.client.rm, details={"purpose": "A second furnace"})
    assert go(case).stage.key == ASSESSED


def test_required_documents_open_the_gate_once_they_are_handed_in():
    case = make_case()
    ask(case, "documents", documents=["statements"])
    add_document(case=case, kind="contract", by=case.client.rm, file=paper())
    assert refused(case) == ["gate_documents"]
    add_document(case=case, kind="statements", by=case.client.rm, file=paper())
    assert go(case).stage.key == ASSESSED


def test_a_checklist_opens_the_gate_once_every_point_is_finished():
    case = make_case()
    rm = case.client.rm
    ask(case, "checklist", checks="diligence")
    assert refused(case) == ["gate_checklist"]
    check = add_check(case=case, kind="diligence", name="Site visit", by=rm, owner=rm)
    assert refused(case) == ["gate_checklist"]
    with pytest.raises(errors.FindingMissing):
        finish_check(check=check, revision=1, finding=" ", by=rm)
    check = finish_check(check=check, revision=1, finding="Runs at 80 %", risk="low", by=rm, file=paper())
    assert (check.state, check.finished_by, check.evidence.name) == ("done", rm, "report.txt")
    reopened = reopen_check(check=check, revision=2, by=rm)
    assert refused(case) == ["gate_checklist"]
    with pytest.raises(errors.EditedMeanwhile):
        finish_check(check=reopened, revision=2, finding="Again", by=rm)
    finish_check(check=reopened, revision=3, finding="No site", by=rm, applies=False)
    assert go(case).stage.key == ASSESSED


def test_points_are_finished_by_those_who_work_on_the_case():
    case = make_case()
    check = add_check(case=case, kind="diligence", name="Site visit", by=case.client.rm)
    colleague = make_user(team=case.client.team)
    with pytest.raises(errors.NotTheHolder):
        finish_check(check=check, revision=1, finding="x", by=colleague)
    case.team.create(user=colleague)
    assert finish_check(check=check, revision=1, finding="x", by=colleague).finished_by == colleague


def test_two_of_three_approvals_suffice_side_by_side():
    case = make_case()
    lead = make_user(Role.TEAM_LEAD, team=case.client.team)
    officers = [make_user(Role.RISK_OFFICER) for _ in range(3)]
    gate = ask(
        case, "approvals", mode="parallel", needed=2, roles=["team_lead", "risk_officer", "risk_officer"]
    )
    say(case=case, stage=gate.stage, is_approved=True, by=officers[0])
    assert refused(case) == ["gate_approvals"]
    say(case=case, stage=gate.stage, is_approved=False, by=lead, comment="Too large")
    say(case=case, stage=gate.stage, is_approved=True, by=officers[1])
    with pytest.raises(errors.NotAskedFor):
        say(case=case, stage=gate.stage, is_approved=True, by=officers[2])
    assert go(case).stage.key == ASSESSED


def test_sequential_approvals_are_asked_for_in_turn():
    case = make_case()
    lead = make_user(Role.TEAM_LEAD, team=case.client.team)
    officer = make_user(Role.RISK_OFFICER)
    gate = ask(case, "approvals", mode="sequential", roles=["team_lead", "risk_officer"])
    with pytest.raises(errors.NotAskedFor):
        say(case=case, stage=gate.stage, is_approved=True, by=officer)
    say(case=case, stage=gate.stage, is_approved=True, by=lead)
    say(case=case, stage=gate.stage, is_approved=False, by=officer, comment="No")
    assert "too many were refused" in requirements(case, [gate.stage], lead)[0].missing.text
    say(case=case, stage=gate.stage, is_approved=True, by=officer)
    assert go(case).stage.key == ASSESSED


def test_an_approval_is_of_the_amount_that_it_was_given_for():
    case = make_case()
    officer = make_user(Role.RISK_OFFICER)
    gate = ask(case, "approvals", roles=["risk_officer"])
    say(case=case, stage=gate.stage, is_approved=True, by=officer)
    edit_case(case=case, revision=1, by=case.client.rm, details={"amount": Decimal(99)})
    assert refused(case) == ["gate_approvals"]
    say(case=case, stage=gate.stage, is_approved=True, by=officer)
    assert go(case).stage.key == ASSESSED


def test_who_works_on_a_case_or_has_an_interest_approves_of_nothing():
    case = make_case()
    gate = ask(case, "approvals", roles=["team_lead", "risk_officer"])
    lead = make_user(Role.TEAM_LEAD, team=case.client.team)
    case.team.create(user=lead)
    officer = make_user(Role.RISK_OFFICER)
    Interest.objects.create(user=officer, client=case.client, reason="A cousin's firm")
    for party in (lead, officer):
        with pytest.raises(errors.PartyToTheCase):
            say(case=case, stage=gate.stage, is_approved=True, by=party)
    with pytest.raises(NotPermitted):
        say(case=case, stage=gate.stage, is_approved=True, by=case.client.rm)
    with pytest.raises(errors.ReasonMissing):
        say(case=case, stage=gate.stage, is_approved=False, by=make_user(Role.RISK_OFFICER))


def test_the_database_refuses_an_approval_by_the_manager_of_the_client():
    case = make_case()
    with pytest.raises(IntegrityError, match="decides nothing"), transaction.atomic():
        Approval.objects.create(
            case=case, stage=case.stage, by=case.client.rm, role="rm", is_approved=True, amount=1
        )


@pytest.mark.parametrize(("minimum", "opens"), [(0, True), (50, False)])
def test_a_score_opens_the_gate_from_its_minimum_on(minimum, opens):
    case = make_case(tier="A")  # assessed with a score of 0
    ask(case, "score", minimum=minimum)
    assert (
        not requirements(case, [stage_of(case.stage.pipeline, ASSESSED)], case.client.rm)[0].bars
    ) is opens


def test_a_condition_over_facts_says_in_words_what_it_asks_for():
    case = make_case(tier="A")
    when = {"metric": "leverage", "op": "<", "value": 0.7}
    ask(case, "condition", when=when, name_en="Debt is bearable", name_zh="负债可承受")
    assert refused(case) == ["gate_condition"]
    held = requirements(case, [stage_of(case.stage.pipeline, ASSESSED)], case.client.rm)
    assert "Debt is bearable" in held[0].missing.text
    StageGate.objects.filter(kind="condition").update(params={"when": {"not": when}})
    assert go(case).stage.key == ASSESSED


def test_a_waiver_lets_pass_what_was_missing_then_and_nothing_else():
    case = make_case(tier="B")
    officer = make_user(Role.RISK_OFFICER)
    target = stage_of(case.stage.pipeline, "due_diligence")
    waive_gates(case=case, to_stage=target, reason="The sponsor stands behind it", by=officer)
    assert [one.is_waived for one in requirements(case, stages_between(case.stage, target), officer)] == [
        True
    ]
    ask(case, "fields", fields=["purpose"])
    assert refused(case, "due_diligence") == ["gate_fields"]
    edit_case(case=case, revision=1, by=case.client.rm, details={"purpose": "A furnace"})
    assert go(case, "due_diligence").stage.key == "due_diligence"


def test_waiving_is_for_officers_who_have_no_part_in_the_case_and_takes_a_reason():
    case = make_case(tier="B")
    target, officer = stage_of(case.stage.pipeline, "due_diligence"), make_user(Role.RISK_OFFICER)
    with pytest.raises(NotPermitted):
        waive_gates(case=case, to_stage=target, reason="x", by=case.client.rm)
    with pytest.raises(errors.ReasonMissing):
        waive_gates(case=case, to_stage=target, reason=" ", by=officer)
    with pytest.raises(errors.NothingToWaive):
        waive_gates(case=case, to_stage=stage_of(case.stage.pipeline, ASSESSED), reason="x", by=officer)


def test_many_cases_move_each_for_itself_and_refusals_list_what_is_missing():
    met, unmet = make_case(tier="A"), make_case(tier="B")
    both = [(met, 1), (unmet, 1)]
    rm = met.client.rm
    unmet.client.rm, unmet.client.team = rm, rm.team
    unmet.client.save()
    outcomes = move_cases(cases=both, to_stage="due_diligence", moved_by=rm)
    assert outcomes[0].error is None
    refusal = outcomes[1].error
    assert isinstance(refusal, errors.GateNotMet)
    assert [one.code for one in refusal.missing] == ["gate_tier_too_low"]


def test_many_cases_are_held_against_every_kind_of_gate_as_each_alone_in_as_many_queries():
    cases = [make_case(tier=tier) for tier in ("A", "B", "A", "B")]
    first, second = cases[:2]
    rm, officer = first.client.rm, make_user(Role.RISK_OFFICER)
    asked = [
        ask(first, "fields", fields=["purpose", "project"]),
        ask(first, "documents", documents=["statements"], of_tier=True),
        ask(first, "checklist", checks="diligence"),
        ask(first, "approvals", roles=["risk_officer"]),
        ask(first, "score", minimum=50),
        ask(first, "condition", when={"metric": "leverage", "op": "<", "value": 0.7}),
        ask(first, "term_sheet"),
    ]
    add_document(case=first, kind="statements", by=rm, file=paper())
    finish_check(
        check=add_check(case=first, kind="diligence", name="Visit", by=rm), revision=1, finding="x", by=rm
    )
    add_check(case=second, kind="diligence", name="Visit", by=second.client.rm)
    say(case=first, stage=asked[0].stage, is_approved=True, by=officer)
    waive_gates(case=second, to_stage=asked[0].stage, reason="The sponsor stands behind it", by=officer)
    ask(first, "fields", fields=["source"])
    way = stages_between(first.stage, stage_of(first.stage.pipeline, "due_diligence"))
    with CaptureQueriesContext(connection) as alone:
        requirements_of({first: way}, officer)
    with CaptureQueriesContext(connection) as together:
        held = requirements_of(dict.fromkeys(cases, way), officer)
    assert len(together) == len(alone)
    assert held == {case: requirements(case, way, officer) for case in cases}
    met = {case: {one.gate.kind for one in held[case] if not one.missing} for case in cases}
    assert met[first] == {"documents", "checklist", "approvals", "tier"}
    assert not met[second]
    assert [one.asks for one in held[second] if one.bars] == [
        "“Preliminary assessment” asks for source",
        "“Due diligence” takes tier A or better",
    ]


def test_many_cases_take_as_many_queries_to_move_as_one():
    def queries(count: int, stage: str, **said: str) -> int:
        cases = [make_case(rm, tier="A") for _ in range(count)]
        with CaptureQueriesContext(connection) as captured:
            outcomes = move_cases(cases=[(case, 1) for case in cases], to_stage=stage, moved_by=rm, **said)
        assert not any(one.error for one in outcomes)
        assert [case.moves.last().to_stage.key for case in cases] == [stage] * count
        return len(captured)

    rm = make_user()
    assert queries(1, "due_diligence") == queries(5, "due_diligence")
    assert queries(1, "declined", reason="collateral") == queries(5, "declined", reason="collateral")


def test_of_many_cases_each_is_refused_for_its_own_reason():
    rm = make_user()
    moved, overtaken, closed, there, foreign = (
        make_case(rm, tier="AA"),
        make_case(rm),
        make_case(rm, stage="declined"),
        make_case(rm, stage=ASSESSED),
        make_case(),
    )
    go(overtaken)
    cases = [(case, 1) for case in (moved, overtaken, closed, there, foreign)]
    outcomes = move_cases(cases=cases, to_stage=ASSESSED, moved_by=rm)
    assert [one.case for one in outcomes] == [moved, overtaken, closed, there, foreign]
    assert [type(one.error) for one in outcomes] == [
        type(None),
        errors.MovedMeanwhile,
        errors.CaseClosed,
        errors.AlreadyThere,
        errors.NotTheHolder,
    ]
    assert rm.name in str(outcomes[1].error)
    assert Case.objects.get(pk=moved.pk).version == outcomes[0].case.version == 2

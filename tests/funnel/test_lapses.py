"""Tiers, scores and facts that change after gates were passed: what is noted, and who is told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Notice, Role
from funnel.models import Case, GateLapse, StageGate
from funnel.services.cases import edit_case
from funnel.services.lapses import note_lapses
from funnel.services.moves import move_case, waive_gates
from tests.factories import make_user
from tests.funnel.making import make_case, put_in_tier, stage_of
from tiering.models import Facts

pytestmark = pytest.mark.django_db


def in_due_diligence() -> Case:
    case = make_case(tier="A")
    stage = stage_of(case.stage.pipeline, "due_diligence")
    return move_case(case=case, to_stage=stage, version=case.version, moved_by=case.client.rm)


def gate(case: Case, kind: str, **params) -> StageGate:
    return StageGate.objects.create(stage=case.stage, kind=kind, params=params)


def test_a_fall_below_a_passed_gate_is_noted_and_told_once(client):
    case = in_due_diligence()
    assert note_lapses() == 0
    put_in_tier(case.client, "B")
    assert (note_lapses(), note_lapses()) == (1, 0)
    told = Notice.objects.get(kind="case-gate-lapsed")
    assert (told.recipient, told.params["code"]) == (case.client.rm, case.code)
    client.force_login(case.client.rm)
    assert b"is in tier B" in client.get(reverse("funnel:case", args=[case.pk])).content
    assert b"no longer met" in client.get(reverse("funnel:board")).content
    assert b"does not meet any more what was asked for" in client.get(reverse("crm:today")).content
    assert client.get(reverse("api:case-detail", args=[case.pk])).json()["case"]["is_lapsed"]


def test_a_gate_that_is_met_again_or_left_behind_or_waived_is_noted_no_more():
    back, closed, waived = in_due_diligence(), in_due_diligence(), in_due_diligence()
    for case in (back, closed, waived):
        put_in_tier(case.client, "B")
    assert note_lapses() == 3
    put_in_tier(back.client, "A")
    declined = stage_of(closed.stage.pipeline, "declined")
    move_case(
        case=closed, to_stage=declined, version=closed.version, moved_by=closed.client.rm, reason="tier"
    )
    move_case(
        case=waived,
        to_stage=stage_of(waived.stage.pipeline, "initial_identification"),
        version=waived.version,
        moved_by=waived.client.rm,
    )
    officer = make_user(Role.RISK_OFFICER)
    waive_gates(
        case=waived, to_stage=stage_of(waived.stage.pipeline, "due_diligence"), reason="s", by=officer
    )
    waived.refresh_from_db()
    move_case(
        case=waived,
        to_stage=stage_of(waived.stage.pipeline, "due_diligence"),
        version=waived.version,
        moved_by=waived.client.rm,
    )
    assert note_lapses() == 0
    assert not GateLapse.objects.exists()


def test_scores_and_conditions_lapse_too():
    case = in_due_diligence()
    score = gate(case, "score", minimum=60)
    gate(case, "condition", when={"metric": "leverage", "op": "<=", "value": 0.8}, name_en="", name_zh="")
    assert note_lapses() == 2
    StageGate.objects.filter(pk=score.pk).update(params={"minimum": 0})
    held = Facts.objects.get(client=case.client, valid_to=None)
    later = held.valid_from + timedelta(seconds=1)
    Facts.objects.filter(pk=held.pk).update(valid_to=later)
    Facts.objects.create(client=case.client, valid_from=later, content_hash="1", leverage=0.7)
    note_lapses()
    assert not GateLapse.objects.exists()


def test_an_edit_does_not_touch_what_lapsed():
    case = in_due_diligence()
    put_in_tier(case.client, "B")
    note_lapses()
    edit_case(
        case=case, revision=case.revision, by=case.client.rm, details={"expected_close": timezone.localdate()}
    )
    assert note_lapses() == 0
    assert GateLapse.objects.get().case == case

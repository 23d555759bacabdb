"""The further clients of a case: who may be one, who sees them, what is asked of them, and what carries them on."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from crm.errors import Invalid
from crm.models import Client, Role, User
from crm.selectors.search import search
from crm.services.merging import merge_clients, undo_merge
from funnel import errors
from funnel.models import Case, CaseParty, GateLapse, StageGate
from funnel.pages.term_sheet import paper_of
from funnel.selectors.parties import parties_of
from funnel.services.cases import clone_case
from funnel.services.lapses import note_lapses
from funnel.services.moves import move_case, move_cases, waive_gates
from funnel.services.parties import add_party, change_party, remove_party
from funnel.services.recuts import Part, merge_case, split_case
from funnel.services.term_sheets import draft_term_sheet
from tests.factories import make_client, make_user
from tests.funnel.making import make_case, put_in_tier, stage_of
from tiering.models import Tier

pytestmark = pytest.mark.django_db
ASSESSED = "preliminary_assessment"


def join(case: Case, client: Client | None = None, part: str = "guarantor", **given: Any) -> CaseParty:
    """A client of the same manager takes part."""
    rm = case.client.rm
    assert rm is not None
    given = {"by": rm, **given}
    return add_party(case=case, client=client or make_client(rm=rm), part=part, **given)


def shown(case: Case, reader: User) -> list[tuple[str, str, Decimal | None]]:
    return [(one.name, one.row.part, one.row.share) for one in parties_of(case, reader)]


def refused_field(case: Case, **given: Any) -> str:
    with pytest.raises(Invalid) as refusal:
        join(case, **given)
    (field,) = refusal.value.fields
    return field


def test_a_client_takes_part_once_with_a_share_that_leaves_room_for_the_others():
    case = make_case()
    party = join(case, part="sponsor", share=Decimal(60), note=" Own funds ")
    assert (party.note, party.version) == ("Own funds", 1)
    assert refused_field(case, client=party.client, part="offtaker") == "client"
    assert refused_field(case, client=case.client) == "client"
    assert refused_field(case, client=make_client()) == "client"
    assert refused_field(case, part="heir") == "part"
    refused = [
        refused_field(case, part="sponsor", share=Decimal(share)) for share in ("40.01", "0", "100.01")
    ]
    assert refused == ["share"] * 3
    join(case, part="sponsor", share=Decimal(40))
    join(case, part="borrower", share=Decimal("33.33"))
    assert [one.row.share for one in parties_of(case, make_user(Role.AUDITOR))] == [Decimal("33.33"), 60, 40]
    with pytest.raises(IntegrityError, match="no further party"), transaction.atomic():
        CaseParty.objects.create(case=case, client=case.client, part="sponsor")


def test_guarantors_may_each_stand_for_the_whole():
    case = make_case()
    assert [join(case, share=Decimal(100)).share for _two in range(2)] == [100, 100]
    assert refused_field(case, share=Decimal("100.01")) == "share"


def test_parties_are_changed_by_the_holder_at_the_version_seen_and_while_the_case_is_open():
    case = make_case()
    rm = case.client.rm
    party = join(case, share=Decimal(60))
    other = join(case, share=Decimal(40))
    party = change_party(party=party, version=1, by=rm, share=Decimal(55), part="sponsor")
    assert (party.share, party.part, party.version) == (55, "sponsor", 2)
    with pytest.raises(errors.EditedMeanwhile):
        change_party(party=party, version=1, by=rm, note="late")
    with pytest.raises(errors.EditedMeanwhile):
        remove_party(party=party, version=1, by=rm)
    with pytest.raises(errors.NotTheHolder):
        remove_party(party=party, version=2, by=make_user(team=case.client.team))
    remove_party(party=party, version=2, by=rm)
    lost = stage_of(case.stage.pipeline, "declined")
    move_case(case=case, to_stage=lost, version=1, moved_by=rm, reason="terms")
    for act in (lambda: join(case), lambda: remove_party(party=other, version=1, by=rm)):
        with pytest.raises(errors.CaseClosed):
            act()


def test_whom_the_reader_may_not_see_takes_part_without_a_name(client):
    case = make_case()
    rm = case.client.rm
    near, far = (
        make_client(rm=rm, name_zh="华东担保", name_en=""),
        make_client(name_zh="远方钢铁", name_en=""),
    )
    join(case, near, share=Decimal(50))
    CaseParty.objects.create(case=case, client=far, part="offtaker")
    put_in_tier(near, "A")
    client.force_login(rm)
    page = client.get(reverse("funnel:case", args=[case.pk])).content.decode()
    assert "华东担保" in page
    assert "takes part as: Guarantor, 50%" in page
    assert "a client you have no access to" in page
    assert "远方钢铁" not in page
    told = client.get(reverse("api:case-parties", args=[case.pk])).json()
    assert [(one["client"] and one["client"]["id"], one["tier"] and one["tier"]["key"]) for one in told] == [
        (near.pk, "A"),
        (None, None),
    ]
    assert told == client.get(reverse("api:case-detail", args=[case.pk])).json()["parties"]
    for name, count in (("华东担保", 1), ("远方钢铁", 0)):
        assert len(client.get(reverse("funnel:list"), {"q": name}).context["cards"]) == count
        assert len(client.get(reverse("api:case-list"), {"q": name}).json()["results"]) == count
        assert sum(len(group.hits) for group in search(rm, name, 6) if group.key == "cases") == count
    part = client.get(reverse("funnel:client-cases", args=[near.pk])).content.decode()
    assert case.code in part
    timeline = client.get(reverse("crm:client-timeline", args=[near.pk])).content.decode()
    assert f"{case.code}: takes part as: Guarantor, 50%" in timeline
    details = dict(paper_of(draft_term_sheet(case=case, by=rm), rm).details)
    assert details["Guarantor"] == f"华东担保 ({near.code}), 50%"
    assert details["Off-taker"] == "a client you have no access to"


def test_the_page_and_programs_add_change_and_take_out(client):
    case = make_case()
    rm = case.client.rm
    backer = make_client(rm=make_user(team=rm.team), name_zh="城投集团")
    client.force_login(rm)
    find = reverse("funnel:find-party-clients", args=[case.pk])
    assert "城投集团" in client.get(find, {"q": "城投"}).content.decode()
    add = reverse("funnel:add-party", args=[case.pk])
    bad = client.post(add, {"client": backer.pk, "part": "guarantor", "share": "140", "note": "Kept"})
    assert (bad.status_code, bad.context["chosen"]) == (422, backer)
    assert 'value="Kept"' in bad.content.decode()
    assert client.post(add, {"client": backer.pk, "part": "guarantor", "share": "40"}).status_code == 302
    assert "城投集团" not in client.get(find, {"q": "城投"}).content.decode()
    party = case.parties.get()
    change = reverse("funnel:change-party", args=[party.pk])
    client.post(change, {"version": 1, "part": "sponsor", "share": "", "note": "Own funds"})
    late = client.post(change, {"version": 1, "part": "borrower", "note": "Late"})
    assert (late.status_code, "Late" in late.content.decode()) == (422, True)
    party.refresh_from_db()
    assert (party.part, party.share, party.note) == ("sponsor", None, "Own funds")
    client.post(reverse("funnel:remove-party", args=[party.pk]), {"version": 2})
    assert not case.parties.exists()

    def send(method: str, name: str, pk: int, **body: Any) -> tuple[int, Any]:
        answer = getattr(client, method)(
            reverse(f"api:{name}", args=[pk]), body, content_type="application/json"
        )
        return answer.status_code, answer.json() if answer.content else None

    status, made = send("post", "case-parties", case.pk, client=backer.pk, part="borrower", share="30")
    assert (status, made["share"], made["client"]["code"]) == (201, "30.00", backer.code)
    status, told = send("patch", "case-party", made["id"], version=1, share="101")
    assert (status, list(told["fields"])) == (400, ["share"])
    assert send("patch", "case-party", made["id"], version=1, share=None)[1]["version"] == 2
    assert send("delete", "case-party", made["id"], version=1)[0] == 409
    assert send("delete", "case-party", made["id"], version=2)[0] == 204
    assert send("post", "case-parties", case.pk, client=make_client().pk, part="borrower")[0] == 400


def test_clones_parts_and_merged_cases_have_the_parties():
    case = make_case(amount=Decimal(100))
    rm = case.client.rm
    backer = join(case, share=Decimal(50)).client
    again = clone_case(case=case, by=rm)
    assert shown(again, rm) == [(backer.name, "guarantor", 50)]
    new = join(again, part="sponsor", share=Decimal(20)).client
    merge_case(
        case=again, seen=(1, 1), into=case, seen_into=(1, 1), amount=Decimal(150), reason="One plant", by=rm
    )
    assert shown(case, rm) == [(backer.name, "guarantor", 50), (new.name, "sponsor", None)]
    parts = [Part(Decimal(90)), Part(Decimal(60))]
    recut = split_case(case=case, version=1, revision=2, parts=parts, reason="Two", by=rm)
    assert [shown(part, rm) for part in recut.parts.all()] == [shown(case, rm)] * 2


def ask_of_guarantors(case: Case, tier: str = "A", **params: Any) -> StageGate:
    minimum = Tier.objects.get(scheme__is_primary=True, key=tier)
    stage = stage_of(case.stage.pipeline, ASSESSED)
    return StageGate.objects.create(
        stage=stage, minimum_tier=minimum, params={"parts": ["guarantor"], **params}
    )


def test_a_gate_on_a_part_that_nobody_has_bars_unless_it_asks_of_those_there_are_only(client):
    case = make_case(tier="A")
    rm, stage = case.client.rm, stage_of(case.stage.pipeline, ASSESSED)
    gate = ask_of_guarantors(case)
    join(case, part="sponsor")
    with pytest.raises(errors.GateNotMet) as refusal:
        move_case(case=case, to_stage=stage, version=1, moved_by=rm)
    (missing,) = refusal.value.missing
    assert (missing.code, missing.url) == ("gate_party_missing", f"/funnel/cases/{case.pk}/#parties")
    assert "Guarantor, and the case has none" in missing.text
    gate.params["if_any"] = True
    gate.save()
    client.force_login(rm)
    assert "if any" in client.get(reverse("funnel:case", args=[case.pk])).content.decode()
    move_case(case=case, to_stage=stage, version=1, moved_by=rm)
    assert note_lapses() == 0
    gate.params["if_any"] = False
    gate.save()
    assert note_lapses() == 1


def test_a_gate_asks_the_tier_of_each_party_and_refuses_alike_wherever_it_is_tried(client):
    case = make_case(tier="B")
    rm, stage = case.client.rm, stage_of(case.stage.pipeline, ASSESSED)
    ask_of_guarantors(case)
    low, none = join(case).client, join(case).client
    join(case, part="sponsor")
    CaseParty.objects.create(case=case, client=make_client(name_zh="远方钢铁"), part="guarantor")
    put_in_tier(low, "B")
    with pytest.raises(errors.GateNotMet) as refusal:
        move_case(case=case, to_stage=stage, version=1, moved_by=rm)
    missing = refusal.value.missing
    assert [(one.code, one.url) for one in missing] == [
        ("gate_tier_too_low_of_party", f"/clients/{low.pk}/"),
        ("gate_tier_missing_of_party", f"/clients/{none.pk}/"),
        ("gate_tier_unmet_of_party", f"/funnel/cases/{case.pk}/#parties"),
    ]
    assert missing[0].text.startswith("Guarantor: ")
    assert "远方" not in str(refusal.value)
    (bulk,) = move_cases(cases=[(case, 1)], to_stage=ASSESSED, moved_by=rm)
    assert isinstance(bulk.error, errors.GateNotMet)
    assert bulk.error.missing == missing
    client.force_login(rm)
    move = {"stage": ASSESSED, "version": 1}
    by_api = client.post(reverse("api:case-move", args=[case.pk]), move, content_type="application/json")
    assert [one["text"] for one in by_api.json()["missing"]] == [one.text for one in missing]
    on_board = client.post(reverse("funnel:move", args=[case.pk]), move, headers={"HX-Request": "true"})
    assert (on_board.status_code, on_board.context["missing"]) == (409, missing)
    (waiver,) = waive_gates(case=case, to_stage=stage, reason="Cash deposit", by=make_user(Role.RISK_OFFICER))
    assert len(waiver.gates) == 1
    assert move_case(case=case, to_stage=stage, version=1, moved_by=rm).stage == stage


def test_an_open_case_is_held_against_the_tiers_of_its_parties_when_they_change(client):
    case = make_case(tier="A")
    ask_of_guarantors(case)
    party = join(case)
    put_in_tier(party.client, "A")
    move_case(case=case, to_stage=stage_of(case.stage.pipeline, ASSESSED), version=1, moved_by=case.client.rm)
    assert note_lapses() == 0
    put_in_tier(party.client, "B")
    assert note_lapses() == 1
    client.force_login(case.client.rm)
    assert (
        f"{party.client.name} is in tier B"
        in client.get(reverse("funnel:case", args=[case.pk])).content.decode()
    )
    put_in_tier(party.client, "A")
    note_lapses()
    assert not GateLapse.objects.exists()
    remove_party(party=party, version=1, by=case.client.rm)
    assert note_lapses() == 1


def test_a_merge_of_clients_moves_their_parts_and_leaves_what_names_the_leading_client():
    rm = make_user()
    kept, gone = make_client(rm=rm), make_client(rm=rm)
    led, other, own = make_case(rm, client=kept), make_case(rm), make_case(rm, client=gone)
    for case in (led, other):
        join(case, gone)
    join(own, kept, part="sponsor")
    made = merge_clients(
        by=rm, client=kept, gone=gone, versions=(kept.version, gone.version), reason="One register entry"
    )
    own.refresh_from_db()
    assert [shown(case, rm) for case in (led, other, own)] == [[], [(kept.name, "guarantor", None)], []]
    assert note_lapses() == 0
    undo_merge(by=rm, merge=made)
    own.refresh_from_db()
    assert [shown(case, rm) for case in (led, other, own)] == [
        [(gone.name, "guarantor", None)],
        [(gone.name, "guarantor", None)],
        [(kept.name, "sponsor", None)],
    ]

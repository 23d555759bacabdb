"""Prospects one by one: taken in once, scored, compared with clients, contacted, decided and taken back."""

from datetime import timedelta

import pghistory
import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from crm.errors import Conflict, Invalid, NotPermitted
from crm.history import events_of
from crm.models import Client, ContactPerson, Interaction, Notice, Observation, Role
from crm.services.duplicates import refresh_keys
from crm.services.interactions import log_interaction
from funnel.models import Case, Prospect, ProspectEdit, ProspectScore, ProspectTwin, StageMove
from funnel.selectors import next_best
from funnel.selectors.next_best import candidates, ranked, reasons_of
from funnel.selectors.pipelines import first_stage
from funnel.selectors.prospect_list import ProspectList
from funnel.services import prospect_edits, prospects
from funnel.services.pipelines import ensure_seed_pipeline
from funnel.services.prospect_tending import tend_prospects
from funnel.services.prospects import Decided, keep_apart, log_contact, take_lead
from funnel.services.screening import choose_screening
from tests.factories import make_client, make_industry, make_user
from tests.funnel.making import publish_criteria
from tests.funnel.prospects.making import make_prospect, make_source
from tiering.core.evaluate import evaluate
from tiering.core.terms import Setting
from tiering.models import TierScheme
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.criteria import document_of

pytestmark = pytest.mark.django_db

KNOWN = {"leverage": 0.4, "current_ratio": 2.0, "credit_score": 720, "operating_margin": 0.2}


@pytest.fixture
def rm():
    return make_user()


def tend() -> int:
    return tend_prospects(at=timezone.now())


def act(prospect, by, name, **params):
    prospect.refresh_from_db()
    return prospect_edits.act_on(by=by, prospect=prospect, version=prospect.version, act=name, params=params)


def test_a_lead_is_taken_once_and_told_to_its_owner_or_the_leads_of_the_team(rm):
    lead = make_user(Role.TEAM_LEAD, team=rm.team)
    owned, free = make_source(rm, owner=rm), make_source(rm)
    first, is_new = take_lead(source=owned, by=rm, reference="A1", name_en="Acme", phone="+86 138 0000 1111")
    again, again_new = take_lead(source=owned, by=rm, reference="A1", name_en="Another")
    other, _new = take_lead(source=free, by=None, name_zh="远山矿业有限公司", facts={"leverage": 0.5})
    assert (is_new, again_new, again.pk, again.name_en) == (True, False, first.pk, "Acme")
    assert (first.owner, first.team, first.phone_masked) == (rm, rm.team, "•••• 1111")
    assert other.sort_key.startswith("yuan3")
    told = Notice.objects.filter(kind=prospects.ARRIVED)
    assert set(told.values_list("recipient", "params__prospect")) == {(rm.pk, first.pk), (lead.pk, other.pk)}
    with pytest.raises(NotPermitted):
        take_lead(source=owned, by=make_user(), name_en="Foreign")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("facts", {"facts": {"leverage": "high"}}),
        ("facts", {"facts": {"no_such": 1}}),
        ("phone", {"phone": "call me"}),
        ("consent", {"consent": "maybe"}),
        ("currency", {"currency": "XXX"}),
    ],
)
def test_what_is_no_value_is_refused_by_its_field(rm, field, said):
    with pytest.raises(Invalid) as refused:
        take_lead(source=make_source(rm), by=rm, name_en="Acme", **said)
    assert field in refused.value.fields
    assert not Prospect.objects.exists()


def test_prospects_are_scored_as_the_definition_says_and_anew_when_they_or_the_choice_change(rm):
    version = publish_criteria()
    industry = make_industry(risk_coefficient=0.8)
    prospect = make_prospect(rm, facts=KNOWN, industry=industry)
    bare = make_prospect(rm, source=prospect.source)
    assert (tend(), tend()) == (2, 0)
    document = document_of(version)
    meant = evaluate(document, {**KNOWN, "industry_risk": 0.8, "client_kind": "corporate"}, Setting())
    score = ProspectScore.objects.get(prospect=prospect)
    assert (score.score, score.tier.rank, score.scorecard) == (meant.score, meant.tier, meant.scorecard)
    assert catalogue_of(document)["leverage"].is_number
    assert ProspectScore.objects.get(prospect=bare).is_incomplete
    prospects.change_prospect(by=rm, prospect=prospect, version=1, facts={**KNOWN, "leverage": 0.97})
    assert tend() == 1
    assert ProspectScore.objects.get(prospect=prospect).gates == ["leverage_too_high"]
    admin, scheme = make_user(Role.CRITERIA_ADMIN), version.criteria.scheme
    with pytest.raises(Invalid):
        choose_screening(
            by=admin, scheme=TierScheme.objects.create(key="x", name_en="X"), capacity={}, version=0
        )
    chosen = choose_screening(by=admin, scheme=scheme, capacity={"A": 3}, version=0)
    with pytest.raises(Conflict):
        choose_screening(by=admin, scheme=scheme, capacity={}, version=0)
    assert (chosen.version, chosen.capacity) == (1, {"A": 3})


def test_a_client_that_it_looks_like_bars_qualification_until_somebody_decides(rm):
    ensure_seed_pipeline()
    client = make_client(rm=rm, name_zh="远山重工机械有限公司", name_en="", registration_number="R1")
    hidden = make_client(rm=make_user(), name_zh="远山重工机械有限责任公司", name_en="")
    refresh_keys([client.pk, hidden.pk])
    prospect = make_prospect(
        rm, name_zh="远山重工机械股份有限公司", name_en="", facts={"leverage": 0.5}, email="a@b.cn"
    )
    later = make_prospect(rm, source=prospect.source, name_zh="远山重工机械集团有限公司", name_en="")
    tend()
    pipeline = ensure_seed_pipeline()
    with pytest.raises(prospect_edits.Refused):
        act(prospect, rm, "qualify", pipeline=pipeline.pk)
    twin = ProspectTwin.objects.get(prospect=prospect, client=client)
    assert twin.score >= 75
    with pytest.raises(Invalid):
        keep_apart(by=rm, twin=twin, reason=" ")
    with pytest.raises(Invalid):
        act(prospect, rm, "merge", client=hidden.pk)
    act(prospect, rm, "merge", client=client.pk)
    prospect.refresh_from_db()
    assert (prospect.status, prospect.client) == ("duplicate", client)
    assert client.people.get().email == "a@b.cn"
    assert client.observations.get(metric="leverage").value == 0.5
    for one in later.twins.all():
        keep_apart(by=rm, twin=one, reason="Another plant")
    act(later, rm, "qualify", pipeline=pipeline.pk)
    later.refresh_from_db()
    assert later.status == "qualified"


def test_qualifying_makes_client_person_consent_facts_contacts_and_case_and_can_be_taken_back(rm):
    pipeline, today = ensure_seed_pipeline(), timezone.localdate()
    prospect = make_prospect(
        rm, facts=KNOWN, person_name="Li Wei", email="li@example.com", consent="given", consent_on=today,
        registration_number="FOREIGN-7",
    )  # fmt: skip
    log_contact(by=rm, prospect=prospect, kind="call", outcome="good", note="Wants a loan")
    before = Client.objects.count()
    act(prospect, rm, "qualify", pipeline=pipeline.pk)
    prospect.refresh_from_db()
    client, case = prospect.client, prospect.case
    assert client is not None
    assert case is not None
    assert (client.rm, client.team, client.registration_number) == (rm, rm.team, "FOREIGN-7")
    assert (case.amount, case.product, case.source) == (5_000_000, "term_loan", "import")
    assert case.stage == first_stage(pipeline)
    assert StageMove.objects.filter(case=case).count() == 1
    assert client.people.get().name == "Li Wei"
    assert client.consents.get().stance == "given"
    assert set(client.observations.exclude(source="funnel").values_list("metric", "value")) == set(
        KNOWN.items()
    )
    assert client.interactions.get().subject == "Wants a loan"
    edit = ProspectEdit.objects.get()
    prospect_edits.undo(by=rm, edit=edit)
    prospect_edits.run_edit(edit.pk)
    prospect.refresh_from_db()
    assert (prospect.status, prospect.client, prospect.case) == ("contacted", None, None)
    assert Client.objects.count() == before
    for model in (Case, ContactPerson, Observation, Interaction):
        assert not model.objects.exists()
    assert events_of(Prospect).filter(pgh_obj_id=prospect.pk, status="qualified").exists()


def test_of_many_each_is_accounted_for_and_whom_somebody_went_on_with_stays_whole(rm):
    pipeline = ensure_seed_pipeline()
    source = make_source(rm)
    one, other, poor = (make_prospect(rm, source=source) for _ in range(3))
    Prospect.objects.filter(pk=poor.pk).update(amount=None)
    foreign = make_prospect(make_user(team=rm.team), source=source)
    edit = prospect_edits.choose(by=rm, prospects=Prospect.objects.filter(source=source))
    prospect_edits.plan(by=rm, edit=edit, act="qualify", params={"pipeline": pipeline.pk})
    told = dict(edit.items.values_list("prospect", "code"))
    assert told == {one.pk: "", other.pk: "", poor.pk: "no_amount", foreign.pk: "not_held"}
    Prospect.objects.filter(pk=other.pk).update(version=7)
    prospect_edits.apply(by=rm, edit=edit)
    prospect_edits.run_edit(edit.pk)
    assert edit.items.get(prospect=other).code == "changed_since"
    again = prospect_edits.choose(by=rm, prospects=Prospect.objects.filter(pk=other.pk))
    prospect_edits.plan(by=rm, edit=again, act="qualify", params={"pipeline": pipeline.pk})
    assert again.items.get().code == ""
    both = prospect_edits.choose(by=rm, prospects=Prospect.objects.filter(pk__in=[other.pk, one.pk]))
    prospect_edits.plan(by=rm, edit=both, act="reject", params={"reason": "no_need"})
    assert dict(both.items.values_list("prospect", "code")) == {one.pk: "decided", other.pk: ""}
    third = make_prospect(rm, source=source)
    pair = prospect_edits.choose(by=rm, prospects=Prospect.objects.filter(pk__in=[other.pk, third.pk]))
    prospect_edits.plan(by=rm, edit=pair, act="qualify", params={"pipeline": pipeline.pk})
    prospect_edits.apply(by=rm, edit=pair)
    prospect_edits.run_edit(pair.pk)
    third.refresh_from_db()
    assert third.client is not None
    with pghistory.context(user=rm.pk):
        log_interaction(by=rm, client=third.client, kind="call", at=timezone.now(), subject="Goes on")
    prospect_edits.undo(by=rm, edit=pair)
    prospect_edits.run_edit(pair.pk)
    other.refresh_from_db()
    third.refresh_from_db()
    assert (other.status, third.status) == ("new", "qualified")
    assert third.case is not None
    assert third.client.interactions.count() == 1
    pair.refresh_from_db()
    assert pair.counts["kept"] == 1


def test_prospects_are_rejected_for_a_reason_and_given_to_colleagues_by_leads_alone(rm):
    lead, colleague = make_user(Role.TEAM_LEAD, team=rm.team), make_user(team=rm.team)
    prospect = make_prospect(rm)
    with pytest.raises(Invalid):
        act(prospect, rm, "assign", owner=colleague.pk)
    act(prospect, lead, "assign", owner=colleague.pk)
    prospect.refresh_from_db()
    assert prospect.owner == colleague
    with pytest.raises(prospect_edits.Refused):
        act(prospect, rm, "reject", reason="no_need")
    with pytest.raises(Invalid):
        act(prospect, colleague, "reject", reason="other")
    act(prospect, colleague, "reject", reason="other", remark="Moved away")
    with pytest.raises(Decided):
        log_contact(by=colleague, prospect=prospect, kind="call", outcome="good")
    with pytest.raises(NotPermitted):
        prospects.reveal_phone(by=rm, prospect=prospect, reason="To call")


def test_whom_to_contact_next_goes_by_score_freshness_reach_and_leaves_out_who_refuses(rm):
    publish_criteria()
    source, now = make_source(rm), timezone.now()
    good = make_prospect(
        rm, source=source, facts=KNOWN, email="a@b.cn", consent="given", consent_on=now.date()
    )
    stale = make_prospect(rm, source=source, facts=KNOWN, arrived_at=now - timedelta(days=50))
    spoken = make_prospect(rm, source=source, facts=KNOWN, touched_at=now, status="contacted")
    make_prospect(rm, source=source, consent="refused", consent_on=now.date())
    make_prospect(rm, source=source, later_until=timezone.localdate() + timedelta(days=1))
    tend()
    rows = list(ranked(Prospect.objects.workable_by(rm), timezone.localdate()))
    assert [row.pk for row in rows] == [good.pk, stale.pk, spoken.pk]
    assert "consent given" in reasons_of(rows[0])
    assert "arrived 50 days ago" in reasons_of(rows[1])
    assert "spoken with today" in reasons_of(rows[2])


def test_of_very_many_the_best_and_the_newest_are_ranked(rm, monkeypatch):
    publish_criteria()
    source, now, day = make_source(rm), timezone.now(), timezone.localdate()
    best = make_prospect(rm, source=source, facts=KNOWN, arrived_at=now - timedelta(days=50))
    newest = make_prospect(rm, source=source)
    between = make_prospect(rm, source=source, arrived_at=now - timedelta(days=20))
    make_prospect(rm, source=source, facts=KNOWN, consent="refused", consent_on=now.date())
    tend()
    some = Prospect.objects.filter(source=source)
    assert set(ranked(candidates(some, day), day)) == {best, newest, between}
    monkeypatch.setattr(next_best, "CANDIDATES", 1)
    assert set(candidates(some, day)) == {best, newest}


def test_the_list_narrows_to_tiers_and_to_who_has_none(rm):
    publish_criteria()
    source = make_source(rm)
    scored = make_prospect(rm, source=source, facts=KNOWN)
    tend()
    fresh = make_prospect(rm, source=source)
    tier = ProspectScore.objects.get(prospect=scored).tier.key

    def listed(*tiers: str) -> list[int]:
        asked = QueryDict("&".join(f"tier={one}" for one in tiers))
        return [one.pk for one in ProspectList.read(asked, rm).page().rows]

    assert listed(tier) == [scored.pk]
    assert listed("none") == [fresh.pk]
    assert set(listed(tier, "none")) == {scored.pk, fresh.pk}
    assert listed("nothing") == []


def test_pages_show_search_and_act_for_whoever_may(client, rm):
    ensure_seed_pipeline()
    prospect = make_prospect(rm, person_name="Li", phone_sealed="", message="<script>x</script>")
    client.force_login(rm)
    page = client.get(reverse("funnel:prospects"), {"q": "quartz", "sort": "-score", "owner": str(rm.pk)})
    assert prospect.name in page.content.decode()
    hostile = client.get(
        reverse("funnel:prospects"), {"source": "1;--", "sort": "x", "after": "y", "view": "z"}
    )
    assert hostile.status_code == 200
    address = reverse("funnel:prospect", args=[prospect.pk])
    assert b"<script>x" not in client.get(address).content
    said = {"kind": "call", "outcome": "good", "note": "Hello"}
    assert client.post(reverse("funnel:prospect-contact", args=[prospect.pk]), said).status_code == 302
    stale = client.post(
        reverse("funnel:prospect-act", args=[prospect.pk]),
        {"act": "reject", "reason": "no_need", "version": "1"},
        follow=True,
    )
    assert "Somebody changed it after you looked." in stale.content.decode()
    assert prospect.name in client.get(reverse("funnel:prospects-next")).content.decode()

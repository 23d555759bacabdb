"""How prospects come in: by lists, by the API, by the form of a source."""

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import ImportJob, ImportRow, Role
from crm.services import imports
from funnel.lead_tokens import token_of
from funnel.models import LeadSource, Prospect, ProspectKey
from funnel.services.lead_sources import change_source, renew_address
from funnel.services.prospect_tending import tend_prospects
from tests.crm.imports.making import imported, issues
from tests.factories import make_client, make_user
from tests.funnel.prospects.making import make_prospect, make_source

pytestmark = pytest.mark.django_db

HEAD = [
    "source",
    "reference",
    "name",
    "revenue",
    "leverage",
    "amount",
    "consent",
    "consent_on",
    "phone",
    "owner",
]


def test_a_list_comes_in_is_gone_on_with_and_is_taken_back():
    rm = make_user()
    source = make_source(rm, name="Fair 2026", owner=rm)
    rows = [
        [
            "fair 2026",
            "F1",
            "远山矿业",
            "1000000",
            "62%",
            "5000000",
            "given",
            "2026-01-05",
            "+86 138 0000 2222",
            "",
        ],
        ["Fair 2026", "F2", "Quarry Ltd", "", "", "", "", "", "", rm.username],
        ["Elsewhere", "F3", "Lost Ltd", "", "", "", "", "", "", ""],
        ["Fair 2026", "F4", "Strange Ltd", "", "", "-1", "given", "", "", "nobody"],
        ["Fair 2026", "F5", "", "", "", "", "", "", "", ""],
    ]
    job = imported(ImportJob.Kind.PROSPECTS, [HEAD, *rows], by=rm)
    assert job.counts == {"create": 2, "refuse": 3}
    assert {(line, code) for line, _field, code in issues(job)} >= {
        (4, "unknown_source"),
        (5, "amount_not_positive"),
        (5, "consent_without_its_day"),
        (5, "unknown_owner"),
        (6, "no_name"),
    }
    first = Prospect.objects.get(external_reference="F1")
    assert (first.source, first.owner, first.team) == (source, rm, rm.team)
    assert (first.facts, first.phone_masked, first.sort_key[:4]) == (
        {"revenue": 1_000_000, "leverage": 0.62},
        "•••• 2222",
        "yuan",
    )
    tend_prospects(at=timezone.now())
    assert ProspectKey.objects.filter(prospect=first).exists()
    job = imported("prospects", [HEAD[:5], ["Fair 2026", "F1", "远山矿业", "2000000", ""]], by=rm)
    assert ImportRow.objects.get(job=job).changes == {"revenue": [1_000_000, 2_000_000]}
    first.refresh_from_db()
    assert (first.facts, first.version) == ({"revenue": 2_000_000, "leverage": 0.62}, 2)
    imports.start_undo(by=rm, job=job, ring=False)
    imports.run_import(job.pk)
    first.refresh_from_db()
    assert first.facts == {"revenue": 1_000_000, "leverage": 0.62}


def test_the_api_takes_a_lead_once_and_tells_no_more_than_the_sender_knew(client):
    rm, system = make_user(), make_user(Role.SYSTEM_ADMIN)
    source = make_source(rm)
    make_client(rm=rm, name_en="Acme Ltd")
    client.force_login(system)
    body = {"source": str(source.pk), "reference": "X-1", "name_en": "Acme Ltd", "facts": {"leverage": 0.4}}
    address = reverse("api:prospect-list")
    first = client.post(address, body, content_type="application/json")
    again = client.post(address, {**body, "name_en": "Other"}, content_type="application/json")
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    assert set(first.json()) == {"id", "reference", "status"}
    wrongs: tuple[dict[str, object], ...] = (
        {"source": "none"},
        {"facts": {"leverage": []}},
        {"amount": "-1"},
        {"secret": 1},
    )
    for wrong in wrongs:
        assert (
            client.post(
                address, {**body, "reference": "", **wrong}, content_type="application/json"
            ).status_code
            == 400
        )
    assert Prospect.objects.count() == 1
    client.force_login(rm)
    told = client.get(address, {"status": "new"}).json()["results"]
    assert [(one["reference"], one["tier"]) for one in told] == [("X-1", None)]
    act = reverse("api:prospect-act", args=[first.json()["id"]])
    said = {"act": "reject", "version": 1, "reason": "unfit"}
    assert client.post(act, said, content_type="application/json").json()["status"] == "rejected"
    assert client.post(act, said, content_type="application/json").status_code == 409


SAID = {"company": "远山矿业", "person_name": "Li", "email": "li@example.com", "consent": "on"}


def test_the_form_of_a_source_takes_a_strangers_word_and_gives_nothing_away(client):
    source = make_source(make_user(), is_open=True)
    address = reverse("funnel:lead-form", args=[token_of(source)])
    page = client.get(address, {"lang": "zh-hans"})
    assert source.consent_zh in page.content.decode()
    assert (page["Referrer-Policy"], "sessionid" in page.cookies) == ("no-referrer", False)
    assert client.post(address, {**SAID, "consent": ""}).status_code == 422
    assert client.post(address, {**SAID, "email": "", "phone": ""}).status_code == 422
    answers = {
        client.post(address + "?lang=zh-hans", {**SAID, **more})["Location"]
        for more in ({}, {}, {"website": "http://spam"})
    }
    assert len(answers) == 1
    prospect = Prospect.objects.get()
    assert (prospect.name_zh, prospect.consent, prospect.consent_words) == (
        "远山矿业",
        "given",
        source.consent_zh,
    )
    assert (prospect.language, prospect.source) == ("zh-hans", source)
    assert client.get(answers.pop()).status_code == 200


def test_a_form_that_is_closed_renewed_or_sent_too_often_takes_nothing(client, settings):
    settings.LEAD_RATES = "1/m/ip"
    lead = make_user(Role.TEAM_LEAD)
    source = make_source(lead, is_open=True)
    address = reverse("funnel:lead-form", args=[token_of(source)])
    assert client.post(address, SAID).status_code == 302
    assert client.post(address, {**SAID, "person_name": "Wu"}).status_code == 429
    renew_address(by=lead, source=source)
    assert client.get(address).status_code == 410
    source.refresh_from_db()
    change_source(by=lead, source=source, version=source.version, is_open=False)
    closed = reverse("funnel:lead-form", args=[token_of(LeadSource.objects.get())])
    assert client.get(closed).status_code == 410
    assert Prospect.objects.count() == 1


def test_an_import_leaves_prospects_alone_about_whom_somebody_decided():
    rm = make_user()
    source = make_source(rm)
    make_prospect(rm, source=source, external_reference="F1", status="rejected", reason="unfit")
    job = imported("prospects", [HEAD[:3], [source.name, "F1", "Anew Ltd"]], by=rm)
    assert [code for _line, _field, code in issues(job)] == ["prospect_decided"]

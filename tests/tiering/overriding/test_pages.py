"""The register, the page of an override, and the form that asks for one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from crm.models import Attachment, Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.overriding.making import ask, hold, in_days, officer, scored, tier, tiered
from tiering.core.authority import OverrideLimits
from tiering.models import Override, TierScheme
from tiering.selectors import override_authority

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def criteria():
    return publish()


def as_(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def sent(client, **changes):
    """The filled-in form."""
    form = {
        "kind": "output",
        "scheme": TierScheme.objects.get(is_primary=True).pk,
        "tier": tier("Middle").pk,
        "reason": "group_support",
        "grounds": "The parent guarantees the loans",
        "last_day": in_days(60).isoformat(),
        **changes,
    }
    return as_(client.rm).post(reverse("tiering:override-new", args=[client.pk]), form)


def test_rm_asks_with_evidence_and_an_officer_approves():
    client = tiered(500.0)
    answer = sent(client, evidence=SimpleUploadedFile("guarantee.pdf", PDF))
    asked = Override.objects.get()
    assert answer["Location"] == reverse("tiering:override", args=[asked.pk])
    assert asked.evidence.name == "guarantee.pdf"
    by = as_(officer())
    page = text_of(by.get(answer["Location"]))
    assert "The parent guarantees the loans" in page
    assert "guarantee.pdf" in page
    by.post(
        reverse("tiering:override-decide", args=[asked.pk]),
        {"decision": "approve", "assessment": asked.assessment_id, "comment": ""},
    )
    asked.refresh_from_db()
    assert asked.status == "in_force"


def test_refused_request_says_why_beside_the_field_and_keeps_the_file():
    client = tiered(500.0)
    refused = sent(client, tier=tier("Low").pk, evidence=SimpleUploadedFile("guarantee.pdf", PDF))
    assert refused.status_code == 422
    assert "The criteria say this tier themselves." in text_of(refused)
    kept = Attachment.objects.get()
    assert f'name="attached" value="{kept.pk}"' in text_of(refused)
    sent(client, attached=kept.pk)
    assert Override.objects.get().evidence == kept


def test_form_for_a_value_offers_what_the_criteria_read():
    client = tiered(500.0)
    form = as_(client.rm).get(
        reverse("tiering:override-new", args=[client.pk]), {"kind": "input", "metric": "credit_score"}
    )
    page = text_of(form)
    assert 'value="credit_score" selected' in page
    assert 'value="leverage"' not in page
    sent(client, kind="input", tier="", metric="credit_score", value="650")
    assert Override.objects.get().value == 650.0


def test_rejection_without_a_word_keeps_the_page():
    asked = ask(tiered(500.0))
    answer = as_(officer()).post(reverse("tiering:override-decide", args=[asked.pk]), {"decision": "reject"})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in text_of(answer)


def test_asker_sees_that_somebody_else_decides_and_withdraws():
    client = tiered(500.0)
    asked = ask(client)
    rm = as_(client.rm)
    page = text_of(rm.get(reverse("tiering:override", args=[asked.pk])))
    assert "waits for a risk officer" in page
    rm.post(reverse("tiering:override-withdraw", args=[asked.pk]))
    asked.refresh_from_db()
    assert asked.status == "withdrawn"


def test_end_asks_for_a_reason():
    held = hold(tiered(500.0))
    by = as_(officer())
    address = reverse("tiering:override-end", args=[held.pk])
    assert "Say why the override ends" in text_of(by.post(address, {"reason": " "}))
    by.post(address, {"reason": "The guarantee ran out"})
    held.refresh_from_db()
    assert (held.status, held.end_reason) == ("ended", "The guarantee ran out")


def test_register_narrows_by_what_the_reader_chooses():
    up, down = scored(500.0), scored(720.0)
    run_now(as_of=days_ago(10))
    held, asked = hold(up), ask(down, "Middle")
    reader = as_(officer())

    def shown(**query) -> set[int]:
        page = reader.get(reverse("tiering:overrides"), query)
        return {line.override.pk for line in page.context["lines"]}

    assert shown() == {held.pk, asked.pk}
    assert shown(status="in_force") == shown(direction="up") == {held.pk}
    assert shown(direction="down") == shown(officer=down.rm_id) == {asked.pk}
    assert shown(expiring="on") == shown(kind="input") == set()
    assert shown(segment="all") == {held.pk, asked.pk}


def test_register_and_its_file_hold_only_what_the_reader_may_see():
    client = tiered(500.0)
    ask(client)
    for user, count in ((client.rm, 1), (make_user(Role.RM), 0), (make_user(Role.AUDITOR), 1)):
        browser = as_(user)
        assert len(browser.get(reverse("tiering:overrides")).context["lines"]) == count
        rows = browser.get(reverse("tiering:overrides-file")).content.decode().splitlines()
        assert len(rows) == count + 1


def test_rates_split_overrides_by_officer_segment_and_month():
    clients = [scored(500.0) for _ in range(4)]
    run_now(as_of=days_ago(10))
    by = officer(name="Wen Li")
    held = hold(clients[0])
    page = as_(by).get(reverse("tiering:override-rates")).context["page"]
    assert (page.whole.up, page.whole.down, page.whole.rate) == ("1", "0", "25.00%")
    (line,) = page.officers
    assert line.label == held.decided_by.name
    assert page.segments[0].up == "1"
    assert page.months[0].up == "1"
    rows = as_(by).get(reverse("tiering:override-rates"), {"file": ""}).content.decode()
    assert "book,small,,assessed,4" in rows


def test_register_warns_where_overrides_defeat_the_criteria(monkeypatch):
    monkeypatch.setattr(override_authority, "DEFAULT_LIMITS", OverrideLimits(warn_share=1_000))
    clients = [scored(500.0) for _ in range(4)]
    run_now(as_of=days_ago(10))
    hold(clients[0])
    page = text_of(as_(officer()).get(reverse("tiering:overrides")))
    assert "1 of 4 clients of the segment “All” (25.0%) are overridden upward." in page


def test_decision_warns_of_a_binding_gate():
    client = scored(720.0)
    make_observation(client, "days_overdue", 120.0, observed_on=days_ago(20).date())
    run_now(as_of=days_ago(10))
    asked = ask(client, "High")
    page = text_of(as_(officer()).get(reverse("tiering:override", args=[asked.pk])))
    assert "The gate “Late” is binding, and 1 client is overridden above it." in page
    assert "2 of 3 risk officers of grade 1 or more have to approve." in page


def test_client_page_tells_what_holds_the_tier_and_what_the_criteria_say():
    client = tiered(500.0)
    held = hold(client)
    page = text_of(as_(client.rm).get(reverse("tiering:client-why", args=[client.pk])))
    assert "An override holds tier Middle until" in page
    assert "By the criteria alone it would be Low." in page
    assert reverse("tiering:override", args=[held.pk]) in page
    history = text_of(as_(client.rm).get(reverse("tiering:client-history", args=[client.pk])))
    assert f"Override approved by {held.decided_by.name}" in history


def test_explain_command_tells_the_override(capsys):
    client = tiered(500.0)
    hold(client)
    call_command("explain", client.code)
    assert "By the criteria alone it would be Low." in capsys.readouterr().out


def test_search_offers_only_clients_that_one_may_ask_for():
    client, other = tiered(500.0), make_client(rm=make_user(Role.RM), name_zh="别家公司")
    found = as_(client.rm).get(reverse("tiering:override-choose"), {"q": "公司"})
    assert [one.pk for one in found.context["clients"]] == [client.pk]
    everybody = as_(officer()).get(reverse("tiering:override-choose"), {"q": "公司"})
    assert {one.pk for one in everybody.context["clients"]} == {client.pk, other.pk}

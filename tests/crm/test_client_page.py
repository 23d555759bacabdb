"""The page of one client, its tabs, and the forms that change it."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.history import events_of
from crm.models import Client, CreditReport, CustomMetric, Facility, Interaction, Participation, Role
from crm.selectors.audit import audit_of
from crm.selectors.past import client_at
from crm.services.clients import assign_rm, update_client
from tests.factories import (
    make_client,
    make_facility,
    make_industry,
    make_observation,
    make_payment,
    make_project,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db
EMPTY_TABS = {
    "timeline": "Log the first call",
    "projects": "Projects appear here",
    "exposures": "Facilities and their payments appear here",
    "statements": "Import statements or observations",
    "audit": "recorded",  # the client itself
}


@pytest.fixture
def held(client) -> Client:
    """A client whose RM is signed in."""
    made = make_client(rm=make_user(Role.RM), name_zh="苏州恒威化工有限公司", name_en="Hengwei Chemicals")
    client.force_login(made.rm)
    return made


def page(client, of: Client, tab: str = "", **params) -> str:
    url = reverse("crm:client-tab", args=[of.pk, tab]) if tab else reverse("crm:client", args=[of.pk])
    response = client.get(url, params)
    assert response.status_code == 200
    return response.content.decode()


def test_overview_leads_with_the_legal_name_and_what_is_owed(client, held):
    make_facility(held, limit=10_000_000, drawn=9_000_000)
    make_statement(held)
    content = page(client, held)
    assert "<h1>苏州恒威化工有限公司</h1>" in content
    assert "9.0 m" in content
    assert "90%" in content
    assert "50.0%" in content  # leverage: 60 of 120


@pytest.mark.parametrize("tab", EMPTY_TABS)
def test_empty_tabs_say_what_will_stand_there(client, held, tab):
    assert EMPTY_TABS[tab] in page(client, held, tab)


def test_timeline_pages_from_the_newest(client, held):
    for number in range(32):
        at = timezone.now() - timedelta(days=number)
        Interaction.objects.create(
            client=held, kind="call", at=at, subject=f"Call {number:02}", author=held.rm
        )
    content = page(client, held, "timeline")
    assert "Call 00" in content
    assert "Call 29" in content
    assert "Call 30" not in content
    assert "Show earlier" in content


def test_exposures_show_balances_and_lead_with_what_is_overdue(client, held):
    today = timezone.localdate()
    facility = make_facility(held, number="F-7", drawn=8_000_000)
    make_payment(facility, today - timedelta(days=45))
    make_payment(facility, today - timedelta(days=75), principal=2_000_000, paid_on=today)
    content = page(client, held, "exposures")
    assert "6.0 m" in content
    assert "45 days overdue" in content


def test_statements_show_each_year_as_last_reported(client, held):
    first = make_statement(held, revenue=100_000_000)
    make_statement(
        held,
        revenue=80_000_000,
        period_end=first.period_end,
        received_on=first.received_on + timedelta(days=30),
    )
    CreditReport.objects.create(client=held, bureau="Bureau", reported_on=first.period_end, score=701)
    make_observation(held, "market_share", 0.25, source="survey")
    content = page(client, held, "statements")
    assert '<td class="number">80.0</td>' in content
    assert '<td class="number">100</td>' not in content
    assert "701" in content
    assert "survey" in content


def test_metric_of_ones_own_is_called_by_its_name_in_the_readers_language(client, held):
    CustomMetric.objects.create(key="green", label_en="Green share", label_zh="绿色占比")
    make_observation(held, "green", 0.25)
    assert "Green share" in page(client, held, "statements")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert "绿色占比" in page(client, held, "statements")


def test_projects_show_the_clients_part(client, held):
    project = make_project(name_en="Solar park", amount=50_000_000)
    Participation.objects.create(client=held, project=project, part="sponsor", revenue_share=0.3)
    content = page(client, held, "projects")
    assert "Solar park" in content
    assert "Sponsor" in content
    assert "30.0%" in content


def test_audit_names_who_changed_what(client, held):
    client.post(reverse("crm:client-edit", args=[held.pk]), edited(held, name_en="Hengwei Group"))
    content = page(client, held, "audit")
    assert held.rm.name in content
    assert "Hengwei Chemicals" in content
    assert "Hengwei Group" in content


def test_audit_calls_what_a_client_points_to_by_name(client, held):
    taker = make_user(Role.RM, team=held.team, name="Na Li")
    industry = make_industry(name="Chemicals")
    client.post(reverse("crm:client-edit", args=[held.pk]), edited(held, industry=industry.pk))
    assign_rm(by=make_user(Role.TEAM_LEAD, team=held.team), client_ids=[held.pk], rm=taker)
    changes = {
        change.field: (change.before, change.after) for entry in audit_of(held) for change in entry.changes
    }
    assert changes["relationship manager"] == (held.rm.name, "Na Li")
    assert changes["industry"] == (None, "Chemicals")


def test_audit_takes_no_more_queries_for_more_events(held):
    def rename(times: int) -> int:
        for number in range(times):
            Client.objects.filter(pk=held.pk).update(name_en=f"Name {number}")
        with CaptureQueriesContext(connection) as captured:
            audit_of(held)
        return len(captured)

    assert rename(2) == rename(20)


def test_page_takes_no_more_queries_for_more_records(client, held):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, held)
        return len(captured)

    def record() -> None:
        facility = make_facility(held)
        make_payment(facility, date(2026, 1, 31))
        make_statement(held, period_end=date(2015 + Facility.objects.count(), 12, 31))
        Participation.objects.create(client=held, project=make_project(), part=Participation.Part.SPONSOR)
        Interaction.objects.create(
            client=held, kind="call", at=timezone.now(), subject="Rates", author=held.rm
        )

    record()
    queries()
    few = queries()
    for _turn in range(3):
        record()
    assert queries() <= few <= 45


def test_unknown_tab_and_foreign_client_are_not_there(client, held):
    foreign = make_client(rm=make_user(Role.RM))
    assert client.get(reverse("crm:client-tab", args=[held.pk, "nonsense"])).status_code == 404
    for name in ("client", "client-edit", "client-timeline", "client-audit"):
        assert client.get(reverse(f"crm:{name}", args=[foreign.pk])).status_code == 404


def test_previous_and_next_keep_the_filter_of_the_list(client, held):
    rm = held.rm
    first = make_client(rm=rm, sort_key="a", status="dormant")
    make_client(rm=rm, sort_key="b", status="active")
    last = make_client(rm=rm, sort_key="c", status="dormant")
    context = client.get(reverse("crm:client", args=[first.pk]), {"list": "status=dormant"}).context
    assert (context["previous"], context["following"]) == (None, last.pk)


def test_place_in_the_list_is_told_without_loading_it(client, held):
    for key in ("a", "b", "c"):
        last = make_client(rm=held.rm, sort_key=key, status="dormant")
    answer = client.get(reverse("crm:client-place", args=[last.pk]), {"list": "status=dormant"})
    assert answer.content.decode().strip() == "3 of 3"
    gone = client.get(reverse("crm:client-place", args=[held.pk]), {"list": "status=dormant"})
    assert gone.content.decode().strip() == ""


def test_stepping_through_the_list_keeps_the_tab_that_is_open(client, held):
    following = make_client(rm=held.rm, sort_key="~")
    content = page(client, held, "timeline", list="status=active")
    assert f'href="{reverse("crm:client-tab", args=[following.pk, "timeline"])}?list=status' in content


def test_client_is_looked_at_beside_the_list(client, held):
    make_facility(held, limit=10_000_000, drawn=9_000_000)
    peek = reverse("crm:client-peek", args=[held.pk])
    content = client.get(peek, {"list": "status=active"}).content.decode()
    assert "苏州恒威化工有限公司" in content
    assert "9.0 m" in content
    assert f'href="{reverse("crm:client", args=[held.pk])}?list=status%3Dactive"' in content
    assert "data-log" in content
    client.force_login(make_user(Role.AUDITOR))
    assert "data-log" not in client.get(peek).content.decode()


def test_page_as_of_a_past_day_tells_what_was_known_then(client, held):
    today = timezone.localdate()
    make_facility(held, limit=10_000_000, drawn=9_000_000, opened_on=today - timedelta(days=400))
    make_facility(held, limit=10_000_000, drawn=9_000_000, opened_on=today - timedelta(days=10))
    make_statement(held, received_on=today - timedelta(days=5))
    for days, subject in ((200, "Old call"), (2, "New call")):
        Interaction.objects.create(
            client=held,
            kind="call",
            at=timezone.now() - timedelta(days=days),
            subject=subject,
            author=held.rm,
        )
    then = page(client, held, as_of=(today - timedelta(days=100)).isoformat())
    assert "Nothing can be changed here" in then
    assert "Old call" in then
    assert "New call" not in then
    assert "9.0 m / 10.0 m" in then
    assert "Key ratios" not in then
    assert "kept since" in then  # its own fields have a history of today only
    changing = ("data-inline=", f'data-log="{held.pk}"', reverse("crm:client-edit", args=[held.pk]))
    assert not any(mark in then for mark in changing)
    assert "Nothing can be changed here" not in page(client, held, as_of=today.isoformat())
    assert "Nothing can be changed here" not in page(client, held, as_of="2026-13-01")


def test_fields_of_the_past_come_from_history(held):
    before = timezone.now()
    assert client_at(held, before - timedelta(days=1)) is None
    industry = make_industry(name="Chemicals")
    update_client(by=held.rm, client=held, version=1, industry=industry, name_zh="新名")
    events = events_of(Client).filter(pgh_obj_id=held.pk).order_by("pgh_id")
    assert events.count() == 2
    # All of a test is one moment of the database; the later event of a moment counts.
    past = client_at(held, events[0].pgh_created_at)
    assert past is not None
    assert (past.name_zh, past.industry, held.name_zh) == ("新名", industry, "苏州恒威化工有限公司")


def test_colleague_reads_but_is_offered_no_change(client, held):
    merge = reverse("crm:merge", args=[held.pk])
    assert merge in page(client, held)
    client.force_login(make_user(Role.RM, team=held.team))
    seen = page(client, held)
    assert f'data-log="{held.pk}"' not in seen
    assert merge not in seen
    assert client.get(reverse("crm:client-edit", args=[held.pk])).status_code == 403


# --- making and changing -------------------------------------------------------------------------------


def edited(client: Client, version: int | None = None, **changes) -> dict:
    return {
        "version": version or client.version,
        "kind": "corporate",
        "status": "active",
        "name_zh": client.name_zh,
        "name_en": client.name_en,
        **changes,
    }


def test_new_client_opens_after_it_is_made(client):
    client.force_login(make_user(Role.RM))
    fields = {"code": "N1", "kind": "corporate", "status": "active", "name_en": "Northwind"}
    response = client.post(reverse("crm:client-new"), fields)
    assert response.url == reverse("crm:client", args=[Client.objects.get(code="N1").pk])


def test_form_names_the_field_to_mend_and_keeps_the_rest(client):
    make_client(code="TAKEN")
    client.force_login(make_user(Role.RM))
    fields = {"code": "TAKEN", "kind": "corporate", "status": "active", "name_en": "Northwind"}
    content = client.post(reverse("crm:client-new"), fields).content.decode()
    assert 'aria-describedby="id_code_helptext id_code_error ' in content
    assert 'value="Northwind"' in content


def test_editor_who_saves_second_sees_both_states_and_loses_nothing(client, held):
    url = reverse("crm:client-edit", args=[held.pk])
    client.post(url, edited(held, name_en="First"))
    second = client.post(url, edited(held, version=1, name_en="Second"))
    content = second.content.decode()
    assert "English name: was “Hengwei Chemicals”, now “First”, yours “Second”" in content
    assert 'value="Second"' in content
    assert Client.objects.get(pk=held.pk).name_en == "First"
    client.post(url, edited(held, version=second.context["form"]["version"].value(), name_en="Second"))
    assert Client.objects.get(pk=held.pk).name_en == "Second"


def test_empty_choices_are_dashes_not_a_row_of_hyphens(client, held):
    content = client.get(reverse("crm:client-edit", args=[held.pk])).content.decode()
    assert "---------" not in content


def test_details_leave_status_and_stage_to_the_card_that_says_why(client):
    rm = make_user(Role.RM)
    client.force_login(rm)
    response = client.get(reverse("crm:client", args=[make_client(rm=rm).pk]))
    names = {detail.name for detail in response.context["details"]}
    assert "industry" in names
    assert not names & {"status", "life_cycle"}

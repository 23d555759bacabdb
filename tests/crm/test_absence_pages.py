"""Absences and interests by page, and evidence as a download."""

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.urls import reverse

from crm.models import Absence, Interest, Role
from crm.models.conduct import today
from crm.services.attachments import attach
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("crm:absences")


@pytest.fixture
def officer(client):
    user = make_user(Role.RISK_OFFICER)
    client.force_login(user)
    return user


def days(first: str = "2099-01-01", last: str = "2099-01-05", **more) -> dict[str, object]:
    return {"starts_on": first, "ends_on": last, "is_away": "on", "reason": "", **more}


def page(client, address: str = LIST) -> str:
    return client.get(address).content.decode()


def test_absence_with_a_deputy_is_entered_and_ended(client, officer):
    deputy = make_user(Role.RISK_OFFICER, name="Chen")
    assert client.post(LIST, days(deputy=deputy.pk, reason="Leave")).status_code == 302
    assert "Leave" in page(client)
    client.post(reverse("crm:absence-end", args=[Absence.objects.get().pk]))
    assert not Absence.objects.exists()


def test_deputies_of_other_roles_are_not_offered(client, officer):
    answer = client.post(LIST, days(deputy=make_user(Role.RM).pk))
    assert answer.status_code == 422


def test_overlap_is_told_and_what_was_typed_stays(client, officer):
    client.post(LIST, days())
    answer = client.post(LIST, days("2099-01-05", "2099-01-09", reason="Again"))
    assert answer.status_code == 422
    assert "overlap" in answer.content.decode()
    assert 'value="Again"' in answer.content.decode()


def test_deputy_reads_for_whom_they_decide_today(client, officer):
    other = make_user(Role.RISK_OFFICER, name="Zhao")
    Absence.objects.create(user=other, deputy=officer, starts_on=today(), ends_on=today(), entered_by=other)
    assert "you decide for Zhao" in page(client)


def test_administrator_enters_for_whom_they_choose(client, officer):
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    client.post(LIST, days(user=officer.pk))
    assert Absence.objects.get().user == officer


def test_interest_is_declared_on_the_clients_page_and_ended_in_the_list(client, officer):
    about = make_client()
    overview = reverse("crm:client", args=[about.pk])
    assert "Declare an interest" in page(client, overview)
    client.post(reverse("crm:interest-new", args=[about.pk]), {"reason": "My brother owns it"})
    interest = Interest.objects.get()
    assert "Declare an interest" not in page(client, overview)
    assert "My brother owns it" in page(client, reverse("crm:interests"))
    client.post(reverse("crm:interest-end", args=[interest.pk]))
    interest.refresh_from_db()
    assert interest.ended_at


def test_auditor_reads_everybodys_interests(client, officer):
    Interest.objects.create(user=officer, client=make_client(), reason="Shares")
    client.force_login(make_user(Role.AUDITOR))
    assert "Shares" in page(client, reverse("crm:interests"))


def test_evidence_is_handed_out_as_a_download_only(client):
    rm = make_user(Role.RM)
    kept = attach(file=ContentFile(b"<script>", "审计 意见.txt"), client=make_client(rm=rm), by=rm)
    client.force_login(rm)
    answer = client.get(reverse("crm:attachment", args=[kept.pk]))
    assert (answer.content, answer["Content-Type"]) == (b"<script>", "text/plain")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%AE%A1")
    assert answer["X-Content-Type-Options"] == "nosniff"
    client.force_login(make_user(Role.RM))
    assert client.get(reverse("crm:attachment", args=[kept.pk])).status_code == 404


def test_grade_is_shown_and_set_in_the_administration(client, officer):
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    assert "grade" in page(client, reverse("admin:crm_user_changelist")).lower()
    assert 'name="grade"' in page(client, reverse("admin:crm_user_change", args=[officer.pk]))


def test_grade_that_is_set_stays_in_the_history_with_who_set_it(client, officer):
    admin = make_user(Role.SYSTEM_ADMIN)
    client.force_login(admin)
    told = {
        "username": officer.username, "name": officer.name, "role": officer.role, "grade": 3, "is_active": "on",
    }  # fmt: skip
    answer = client.post(reverse("admin:crm_user_change", args=[officer.pk]), told)
    assert answer.status_code == 302, answer.context["errors"]
    kept = apps.get_model("crm", "UserEvent").objects.filter(pgh_obj=officer).order_by("pgh_id").last()
    assert (kept.grade, kept.pgh_context.metadata["user"]) == (3, admin.pk)

"""Today: who needs somebody, with the reason, the age and the acts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Absence, Interaction, Notice, Role, Snooze, Task
from crm.models.conduct import today as this_day
from crm.services.notices import notify
from crm.services.tasks import ASSIGNED
from tests.factories import make_client, make_facility, make_payment, make_user

TOLD = {"task": 1, "kind": "", "title": "Call", "params": {}, "by": "Lead", "by_zh": ""}
pytestmark = pytest.mark.django_db


def today(client, user, **query) -> str:
    client.force_login(user)
    return " ".join(client.get(reverse("crm:today"), query).content.decode().split())


def spoke(about, days: int) -> Interaction:
    at = timezone.now() - timedelta(days=days)
    return Interaction.objects.create(client=about, kind="call", at=at, subject="Call", author=about.rm)


def give(about, days: int = 3) -> Task:
    due_on = this_day() - timedelta(days=days)
    return Task.objects.create(client=about, assignee=about.rm, title=f"Ask {about.name}", due_on=due_on)


def test_quiet_day_says_so(client):
    assert "Nothing needs you today" in today(client, make_user(Role.RM))


def test_overdue_payments_are_summed_per_client_of_the_book(client):
    rm = make_user(Role.RM)
    late = make_client(rm=rm, name_zh="迟付公司", status="potential")
    on = timezone.localdate()
    facility = make_facility(late)
    for days in (100, 10):
        make_payment(facility, on - timedelta(days=days), principal=2_000_000, interest=500_000)
    make_payment(facility, on - timedelta(days=130), paid_on=on)
    make_payment(
        make_facility(make_client(rm=make_user(Role.RM), name_zh="别人公司")), on - timedelta(days=99)
    )
    content = today(client, rm)
    assert "5.0 m overdue" in content
    assert "100 d" in content
    assert "别人公司" not in content


def test_silent_clients_are_listed_longest_first_and_those_going_dormant_once_more(client):
    rm = make_user(Role.RM)
    for name, days in (("近期公司", 10), ("沉默公司", 100), ("更久公司", 340)):
        about = make_client(rm=rm, name_zh=name)
        spoke(about, days)
        make_facility(about, closed_on=this_day() - timedelta(days=400))
    content = today(client, rm)
    assert content.index("更久公司") < content.index("沉默公司")
    assert "近期公司" not in content
    dormant = content[content.index("About to go dormant") :]
    assert "更久公司" in dormant
    assert "沉默公司" not in dormant


def test_line_that_is_put_off_is_gone_until_then_and_comes_back_when_asked(client):
    about = make_client(rm=make_user(Role.RM))
    spoke(about, 0)
    task = give(about)
    assert task.title in today(client, about.rm)
    sent = {"source": "tasks", "item": task.pk}
    refused = client.post(reverse("crm:today-snooze"), {**sent, "days": 400}, headers={"HX-Request": "true"})
    assert refused.status_code == 400
    assert "1, 3 or 7 days" in refused["X-Message"]
    client.post(reverse("crm:today-snooze"), {**sent, "days": 1})
    content = today(client, about.rm)
    assert task.title not in content
    assert "1 put off: show" in content
    client.post(reverse("crm:today-wake"), {"source": "tasks"})
    assert task.title in today(client, about.rm)
    Snooze.objects.create(user=about.rm, source="tasks", item=task.pk, until=this_day())
    assert task.title in today(client, about.rm)


def test_lead_sees_the_teams_day_and_each_persons(client):
    lead = make_user(Role.TEAM_LEAD)
    one, other = (make_client(rm=make_user(Role.RM, team=lead.team)) for _ in range(2))
    strange = make_client(rm=make_user(Role.RM))
    tasks = [give(about) for about in (one, other, strange)]
    assert [task.title in today(client, lead) for task in tasks] == [True, True, False]
    assert [task.title in today(client, lead, whose=one.rm.pk) for task in tasks] == [True, False, False]
    assert [task.title in today(client, lead, whose=strange.rm.pk) for task in tasks] == [True, True, False]
    assert [task.title in today(client, one.rm, whose=other.rm.pk) for task in tasks] == [True, False, False]


def test_stand_in_sees_the_absent_ones_day_marked_and_acts_in_both_names(client):
    absent = make_user(Role.RM, name="Absent One")
    deputy = make_user(Role.RM, team=absent.team)
    about, on = make_client(rm=absent), this_day()
    task = give(about)
    away = Absence.objects.create(
        user=absent, deputy=deputy, starts_on=on, ends_on=on, is_away=True, entered_by=absent
    )
    notify(kind=ASSIGNED, event="before", recipients=[absent], params=TOLD, client=about.pk)
    Notice.objects.update(created_at=timezone.now() - timedelta(days=9))
    notify(kind=ASSIGNED, event="now", recipients=[absent], params=TOLD, client=about.pk)
    content = today(client, deputy)
    assert task.title in content
    assert "for Absent One" in content
    assert task.title in client.get(reverse("crm:tasks"), {"part": "overdue"}).content.decode()
    notices = client.get(reverse("crm:notices"), {"show": "standing-in"}).content.decode()
    assert notices.count("Lead gave you a task") == 1
    assert "Lead gave you a task" not in client.get(reverse("crm:notices")).content.decode()
    client.post(reverse("crm:task-finish", args=[task.pk]))
    form = {"client": about.pk, "kind": "call", "at": "2026-06-30T10:00", "subject": "Stood in"}
    client.post(reverse("crm:interaction-new"), form)
    task.refresh_from_db()
    assert (task.finished_by, task.assignee) == (deputy, absent)
    logged = Interaction.objects.get()
    assert (logged.author, logged.on_behalf_of) == (deputy, absent)
    page = client.get(reverse("crm:client-tab", args=[about.pk, "timeline"])).content.decode()
    assert "for Absent One" in page
    away.delete()
    assert client.post(reverse("crm:interaction-new"), form).status_code == 422

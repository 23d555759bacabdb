from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Interaction, Role
from tests.factories import make_client, make_facility, make_payment, make_user

pytestmark = pytest.mark.django_db


def today(client, user) -> str:
    client.force_login(user)
    return client.get(reverse("crm:today")).content.decode()


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
    assert "迟付公司" in content
    assert "5.0 m" in content
    assert "100 days" in content
    assert "别人公司" not in content


def test_silent_clients_are_listed_longest_first(client):
    rm = make_user(Role.RM)
    for name, days in (("近期公司", 10), ("沉默公司", 100), ("更久公司", 200)):
        made = make_client(rm=rm, name_zh=name)
        at = timezone.now() - timedelta(days=days)
        Interaction.objects.create(client=made, kind="call", at=at, subject="Call", author=rm)
    content = today(client, rm)
    assert content.index("更久公司") < content.index("沉默公司")
    assert "近期公司" not in content


def test_cards_of_the_book_are_not_for_those_without_one(client):
    client.force_login(make_user(Role.AUDITOR))
    assert client.get(reverse("crm:today-silent")).status_code == 403

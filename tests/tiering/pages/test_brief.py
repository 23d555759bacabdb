"""The one-page brief: what it says, that it is one page whatever there is, and who took it."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from crm.models import Brief, Client, Interaction, Role
from crm.selectors.audit import audit_of
from tests.api.asking import Asker
from tests.factories import make_client, make_facility, make_statement, make_user
from tiering.pages.brief import A_PAGE, Subject, brief_of, paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Client:
    made = make_client(rm=make_user(Role.RM), name_zh="苏州恒威化工有限公司", name_en="Hengwei Chemicals")
    make_statement(made)
    for number in range(30):
        make_facility(made, limit=10_000_000, drawn=9_000_000, number=f"F-{number}")
        Interaction.objects.create(
            client=made, kind="call", at=timezone.now(), subject="Rates " * 30, author=made.rm
        )
    return made


def test_brief_is_one_page_in_both_languages(held):
    for language in ("en", "zh-hans"):
        with translation.override(language):
            name, content = brief_of(held, held.rm, timezone.now())
        assert re.fullmatch(rf"brief-{held.code}-\d{{4}}-\d\d-\d\d\.pdf", name)
        assert len(A_PAGE.findall(content)) == 1


def test_brief_tells_the_figures_and_leaves_out_what_it_knows_nothing_of(held):
    told = paper(Subject(held, held.rm, timezone.now(), None), 3)
    assert told.subtitle.startswith("Hengwei Chemicals")
    assert dict(told.details)["Exposure"] == "270 m / 300 m (90%)"
    assert [section.title for section in told.sections] == [
        f"Key ratios, year to {date(2025, 12, 31):%-d %b %Y}",
        "Facilities",
        "Last contacts",
    ]


def test_who_took_the_brief_is_noted_alike_by_page_and_api(client):
    held = make_client(rm=make_user(Role.RM))
    client.force_login(held.rm)
    page = client.post(reverse("tiering:client-brief", args=[held.pk]))
    answer = Asker(held.rm).browser.post(
        reverse("api:client-brief", args=[held.pk]), headers=Asker(held.rm).headers
    )
    assert [one["Content-Type"] for one in (page, answer)] == ["application/pdf"] * 2
    assert page.content.startswith(b"%PDF")
    assert [(one.client, one.by) for one in Brief.objects.all()] == [(held, held.rm)] * 2
    assert [entry.thing for entry in audit_of(held)].count("one-page brief") == 2
    stranger = Asker(make_user(Role.RM))
    assert stranger.post(f"clients/{held.pk}/brief/").status_code == 404
    assert Brief.objects.count() == 2

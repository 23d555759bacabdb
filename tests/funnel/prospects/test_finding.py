"""Prospects found by name and number, narrowed in their list, and taken out as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.core.terms import words_of
from crm.models import Absence, Export
from crm.models.conduct import today
from crm.services import exports
from funnel.models import Prospect, ProspectSearch
from funnel.prospect_entries import find_prospects
from funnel.selectors.prospect_list import ProspectList
from funnel.services.prospect_tending import tend_prospects
from tests.factories import make_user
from tests.funnel.making import publish_criteria
from tests.funnel.prospects.making import make_prospect, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def rm():
    return make_user()


def found(user, term: str, most: int = 5) -> list[str]:
    return [str(hit.label) for hit in find_prospects(user, words_of(term), most)]


def test_search_ranks_what_begins_with_the_words_before_what_holds_them_and_decided_ones_last(rm):
    source = make_source(rm)
    for name in ("浙江远山矿业有限公司", "远山重工有限公司", "临海港务有限公司"):
        make_prospect(rm, source, name_zh=name, name_en="")
    make_prospect(
        rm, source, name_zh="远山国际物流股份有限公司", name_en="", status="rejected", reason="unfit"
    )
    make_prospect(make_user(), name_zh="远山外地有限公司", name_en="")
    order = ["远山重工有限公司", "远山国际物流股份有限公司", "浙江远山矿业有限公司"]
    assert found(rm, "远山") == order
    assert found(rm, "远山", most=1) == order[:1]  # the best of all, not of the first by id
    assert found(rm, "yuanshan") == order
    assert found(rm, "港") == found(rm, "lhgw") == ["临海港务有限公司"]


def test_search_goes_by_numbers_too_and_follows_a_prospect_that_is_renamed(rm):
    prospect = make_prospect(rm, name_en="Quartz", registration_number="R-77001", external_reference="LX9")
    assert found(rm, "r77001") == found(rm, "lx9") == ["Quartz"]
    Prospect.objects.filter(pk=prospect.pk).update(name_en="Basalt", sort_key="basalt")
    assert (found(rm, "quartz"), found(rm, "basalt")) == ([], ["Basalt"])
    assert [one.name for one in ProspectList(rm, term="bas").prospects()] == ["Basalt"]
    prospect.delete()
    assert not ProspectSearch.objects.exists()


def test_a_file_holds_what_the_list_shows_in_its_order_and_nobodys_address(rm):
    publish_criteria()
    source = make_source(rm, name="Fair")
    for name, leverage in (("=Weak", 0.9), ("Strong", 0.2)):
        make_prospect(rm, source, name_en=name, facts={"leverage": leverage}, email="li@example.com")
    make_prospect(rm, source, name_en="Gone", status="rejected", reason="unfit")
    make_prospect(make_user(), name_en="Foreign")
    tend_prospects(at=timezone.now())
    query = f"sort=-score&source={source.pk}"
    export = exports.ask(by=rm, source="prospects", form="csv", language="en", query=query)
    content = b"".join(exports.fetch(by=rm, export=export)).decode("utf-8-sig")
    mark, head, *rows = csv.reader(io.StringIO(content))
    assert f"{rm.name} ({rm.username})" in mark[0]
    assert "Open · Source: Fair · by Score, descending" in mark[0]
    named = [row[head.index("English name")] for row in rows]
    assert named == ["Strong", "'=Weak"]
    assert [float(row[head.index("Score")]) for row in rows] == sorted(
        (float(row[head.index("Score")]) for row in rows), reverse=True
    )
    assert "li@example.com" not in content
    assert (Export.objects.get().rows, Export.objects.get().sent) == (2, 2)


def test_the_own_list_of_a_deputy_holds_the_prospects_of_the_colleague_who_is_away(rm, client):
    colleague = make_user(team=rm.team)
    source = make_source(rm)
    make_prospect(rm, source, name_en="Own")
    make_prospect(colleague, source, name_en="Covered")
    day = today()
    Absence.objects.create(
        user=colleague, deputy=rm, entered_by=colleague, starts_on=day, ends_on=day + timedelta(days=1)
    )
    client.force_login(rm)
    page = client.get(reverse("funnel:prospects"), {"view": "mine"}).content.decode()
    assert "Covered" in page
    assert "Own" in page

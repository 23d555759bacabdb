"""The search and the palette over every kind of record, pages and acts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from crm.models import ContactPerson, Participation, Project, Role
from crm.names import sort_key
from crm.selectors import nearest
from crm.selectors.search import search
from tests.factories import make_client, make_user
from tests.funnel.making import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def rm():
    return make_user(Role.RM)


def named(name_zh, **fields):
    return make_client(name_zh=name_zh, sort_key=sort_key(name_zh, ""), **fields)


def found(user, term: str) -> dict[str, list[str]]:
    return {group.key: [str(hit.label) for hit in group.hits] for group in search(user, term, 6)}


def test_whole_name_comes_before_longer_ones_and_the_own_book_first(rm):
    colleague = make_user(Role.RM, team=rm.team)
    for name, holder in (("新华信贸易", rm), ("华信贸易", colleague), ("华信物流", rm), ("华信", colleague)):
        named(name, rm=holder)
    assert found(rm, "华信")["clients"] == ["华信", "华信物流", "华信贸易", "新华信贸易"]


@pytest.mark.parametrize("term", ["杭州红信", "hangzhouhongxn", "hangzhuhongxn", "northwnid"])
def test_misheard_and_misspelt_names_are_found_where_nothing_else_is(rm, term):
    named("杭州宏信", rm=rm, name_en="Northwind")
    named("成都大同", rm=rm)
    assert found(rm, term)["clients"] == ["杭州宏信"]


def test_misspelling_is_not_offered_beside_what_is_right(rm):
    named("杭州宏信", rm=rm)
    named("杭州红信", rm=rm)
    assert found(rm, "宏信")["clients"] == ["杭州宏信"]


def test_two_letters_are_first_initials_and_none_of_those_that_most_names_have(rm):
    """有限公司 is in nearly every name; what begins with the letters comes before what has them behind its place."""
    for name in ("杭州宏信有限公司", "鸿祥", "和讯科技", "上海远行有限公司", "宁波海天和讯"):
        named(name, rm=rm)
    assert found(rm, "hx")["clients"] == ["鸿祥", "和讯科技", "杭州宏信有限公司"]
    assert found(rm, "yx")["clients"] == ["上海远行有限公司"]
    assert "clients" not in found(rm, "gs")
    assert "clients" not in found(rm, "*(")


def test_whole_word_is_found_however_many_begin_with_it(rm, monkeypatch):
    monkeypatch.setattr(nearest, "CANDIDATES", 3)
    for name in ("和讯科技", "鸿祥贸易", "宏兴能源", "恒鑫"):
        named(name, rm=rm)
    assert found(rm, "hx")["clients"][0] == "恒鑫"


@pytest.mark.parametrize(
    ("term", "names"), [("红信", ["宏信"]), ("中心", []), ("虹", []), ("杭州红新", ["杭州宏信"])]
)
def test_what_sounds_alike_does_so_syllable_by_syllable(rm, term, names):
    for name in ("宏信", "鸿兴", "中兴", "杭州宏信"):
        named(name, rm=rm)
    assert found(rm, term).get("clients", [])[: len(names) or None] == names


def test_cases_are_found_by_code_client_and_project(rm):
    case = make_case(rm, tier="A")
    client = case.client
    client.name_zh, client.sort_key = "宁波海天", sort_key("宁波海天", "")
    client.save()
    for term in (case.code, case.code.lower(), "nbht", "海天"):
        assert found(rm, term)["cases"] == ["宁波海天"], term


def test_people_are_found_with_their_client_until_they_leave(rm):
    client = named("宁波海天", rm=rm)
    person = ContactPerson.objects.create(client=client, name="王晓明", email="xm@haitian.cn")
    ContactPerson.objects.bulk_create([ContactPerson(client=client, name="Ana Núñez")])
    for term in ("晓明", "wxm", "xiaoming", "xm@hai"):
        assert found(rm, term).get("people") == ["王晓明"], term
    assert found(rm, "nunez")["people"] == ["Ana Núñez"]
    assert "people" not in found(make_user(Role.RM), "晓明")
    person.ended_on = "2026-01-01"
    person.save()
    assert "people" not in found(rm, "晓明")


def test_nothing_of_another_team_is_found(rm):
    stranger = make_user(Role.RM)
    case = make_case(stranger, tier="A")
    project = Project.objects.create(code="P7", name_zh="宁波地铁", sort_key="ning2 bo1 di4 tie3")
    Participation.objects.create(client=case.client, project=project, part="borrower")
    case.project = project
    case.save()
    for term in (case.code, case.client.code, "地铁", "nbdt"):
        assert not found(rm, term), term
    assert {"cases", "projects"} <= set(found(make_user(Role.AUDITOR), "地铁"))


@pytest.mark.parametrize(
    ("language", "term"), [("en", "clie"), ("zh-hans", "客户"), ("zh-hans", "kh"), ("zh-hans", "kehu")]
)
def test_pages_are_found_in_the_language_of_the_reader(rm, language, term):
    with translation.override(language):
        assert found(rm, term)["pages"]


def test_queries_do_not_grow_with_what_is_found(rm):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            search(rm, "华信", 6)
        return len(captured)

    named("华信", rm=rm)
    one = queries()
    for number in range(5):
        named(f"华信{number}", rm=rm)
    assert queries() <= one


def test_page_and_api_tell_the_same(client, rm):
    named("杭州宏信", rm=rm)
    client.force_login(rm)
    page = client.get(reverse("crm:search"), {"q": "hzhx"}).content.decode()
    assert "杭州宏信" in page
    answer = client.get(reverse("api:search"), {"q": "hzhx"}).json()
    assert [(kind["kind"], kind["hits"][0]["label"]) for kind in answer] == [("clients", "杭州宏信")]
    assert client.get(reverse("api:search"), {"term": "x"}).status_code == 400

"""Records are found by whatever somebody remembers of their names."""

import pytest

from crm.core.terms import fold, rank_of, words_of
from crm.models import Client, Project
from crm.names import sort_key
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
HONGXIN = "杭州宏信科技有限公司"


def named(name_zh: str = "", name_en: str = "", **fields) -> Client:
    return make_client(name_zh=name_zh, name_en=name_en, sort_key=sort_key(name_zh, name_en), **fields)


def found(term: str) -> set[str]:
    return {client.name for client in Client.objects.matching(term)}


@pytest.mark.parametrize(
    "term",
    ["宏", "宏信", "杭州 科技", "hzhx", "hx", "HXKJ", "hangzhou", "hong xin", "宏信kj"],
)
def test_chinese_name_is_found_by_characters_pinyin_and_initials(term):
    named(HONGXIN)
    named("苏州恒威化工集团")
    found_names = found(term)
    assert HONGXIN in found_names
    assert "苏州恒威化工集团" not in found_names


@pytest.mark.parametrize("term", ["societe generale", "SOCIÉTÉ", "générale", "Gé", "S.A."])
def test_accents_case_and_signs_do_not_matter(term):
    named(name_en="Société Générale, S.A.")
    named(name_en="Northwind Ltd")
    assert found(term) == {"Société Générale, S.A."}


def test_name_within_brackets_is_found_without_them():
    named("华信（北京）投资")
    assert found("华信北京") == found("北京） 投") == {"华信（北京）投资"}


@pytest.mark.parametrize("term", ["-", "()", "宏伟", "zzz", "x", "宏信 苏州"])
def test_what_no_name_holds_finds_nobody(term):
    named(HONGXIN)
    assert found(term) == set()


def test_renamed_client_is_found_by_the_new_name_only():
    client = named(HONGXIN)
    client.name_zh = "宁波海天"
    client.sort_key = sort_key(client.name_zh, "")
    client.save()
    assert found("nbht") == {"宁波海天"}
    assert found("宏信") == set()


def test_bulk_insert_and_update_are_indexed_too():
    Client.objects.bulk_create(
        Client(code=f"B{n}", name_zh=name, sort_key=sort_key(name, ""))
        for n, name in enumerate(("甲乙", "丙丁"))
    )
    Client.objects.filter(code="B0").update(name_zh="戊己", sort_key=sort_key("戊己", ""))
    Client.objects.update(rm=make_user())
    assert found("wuji") == {"戊己"}
    assert found("丙") == {"丙丁"}
    assert found("甲") == set()


def test_projects_are_found_in_the_same_ways():
    Project.objects.create(code="P1", name_zh="宁波地铁四号线", sort_key=sort_key("宁波地铁四号线", ""))
    for term in ("地铁", "nbdt", "ningbo ditie", "P1"):
        assert Project.objects.matching(term).count() == 1, term
    assert not Project.objects.matching("苏州").exists()


def test_terms_are_folded_as_names_are_stored(db):
    client = named("华信Ａ·（北京）", "Société Löwe & Fils, S.A.-R.L.")
    for word in fold(f"{client.name_zh} {client.name_en}").split():
        assert f" {word} " in client.search.text + " "


def test_whole_words_rank_before_beginnings_before_parts():
    texts = [" 新华信 c3 xinhuaxin xhx", " 华信通 c2 huaxintong hxt", " 华信 c1 huaxin hx"]
    ranked = sorted(texts, key=lambda text: rank_of(text, words_of("华信")))
    assert [text.split()[0] for text in ranked] == ["华信", "华信通", "新华信"]

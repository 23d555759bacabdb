"""Building questionnaires: drafts as one document, versions that stay once published."""

import pytest
from django.db import InternalError, transaction
from django.urls import reverse

from crm.core import questionnaire_edits as edits
from crm.core.answering import asked, faults, score, values
from crm.core.questions import read
from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import CustomMetric, QuestionnaireVersion, Role
from crm.selectors.questionnaires import in_use
from crm.services.questionnaires import (
    DraftThere,
    NotADraft,
    discard_draft,
    publish_version,
    retire_questionnaire,
    start_version,
    write_document,
)
from tests.crm.outreach.making import SATISFACTION, document, draft, published, question, words
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_published_version_stays_and_a_new_one_takes_its_place():
    first = published()
    admin = first.author
    with pytest.raises(NotADraft):
        write_document(by=admin, version=first, revision=first.revision, document=SATISFACTION)
    with pytest.raises(InternalError), transaction.atomic():
        QuestionnaireVersion.objects.filter(pk=first.pk).update(document={})
    second = start_version(by=admin, questionnaire=first.questionnaire)
    with pytest.raises(DraftThere):
        start_version(by=admin, questionnaire=first.questionnaire)
    assert list(in_use()) == [first]
    publish_version(by=admin, version=second, revision=0)
    assert list(in_use()) == [second]
    retire_questionnaire(by=admin, questionnaire=first.questionnaire)
    assert not in_use().exists()


def test_draft_is_changed_as_it_was_seen_by_who_may():
    version = draft()
    with pytest.raises(Conflict):
        write_document(by=version.author, version=version, revision=0, document=SATISFACTION)
    with pytest.raises(NotPermitted):
        write_document(by=make_user(Role.TEAM_LEAD), version=version, revision=1, document=SATISFACTION)
    bad = document({**question("a", "text"), "kind": "essay"})
    with pytest.raises(Invalid, match=r"sections\.0\.questions\.0\.kind"):
        write_document(by=version.author, version=version, revision=1, document=bad)
    discard_draft(by=version.author, version=version, revision=1)
    assert not QuestionnaireVersion.objects.exists()


@pytest.mark.parametrize(
    ("asked_for", "told"),
    [
        (document(), "Add a question"),
        (document({**question("a", "text"), "words": {"en": "Only English", "zh": ""}}), "both languages"),
        (document(question("a", "choice", options=[])), "at least two choices"),
        (document(question("a", "text"), question("a", "text")), "same key"),
        (document(question("a", "text", metric="satisfaction")), "cannot feed"),
        (document(question("a", "number", metric="satisfaction", lowest=0, highest=5)), "from 1 to 5"),
        (document(question("a", "grade", metric="no_such")), "There is no metric"),
        (
            document(
                question("a", "grade", metric="satisfaction"), question("b", "grade", metric="satisfaction")
            ),
            "Two",
        ),
        (document(question("a", "choice", metric="house_view")), "knows no category low, high"),
        (document(question("a", "text"), score_metric="satisfaction"), "no question counts"),
        (document(question("a", "number", lowest=2, highest=1)), "larger than the largest"),
        (
            document(
                question("a", "text", shown_if={"question": "b", "any_of": ["yes"]}), question("b", "yes_no")
            ),
            "does not come before",
        ),
    ],
)
def test_unfinished_draft_is_not_published_and_says_what_it_lacks(asked_for, told):
    categories = [{"key": "good", "en": "Good", "zh": "好"}]
    CustomMetric.objects.create(key="house_view", label_en="View", type="category", categories=categories)
    version = draft(document=asked_for)
    with pytest.raises(Invalid, match=told):
        publish_version(by=version.author, version=version, revision=1)


def test_edits_give_keys_once_and_keep_the_order_they_are_told():
    made = edits.with_section({"title": words("T"), "sections": []}, None, words("One"))
    for kind in ("text", "date", "grade"):
        made = edits.with_question(made, "s1", None, question("x", kind))
    made = edits.with_question(edits.without(made, "q2"), "s1", None, question("x", "number"))
    made = edits.moved(made, "q4", "up")
    assert [one["key"] for one in made["sections"][0]["questions"]] == ["q1", "q4", "q3"]
    with pytest.raises(edits.NoSuchPlace):
        edits.without(made, "q9")


def test_answers_that_are_not_asked_for_count_for_nothing():
    rows = document(
        question("a", "yes_no", counts=False),
        question("b", "choices", counts=True, shown_if={"question": "a", "any_of": ["yes"]}),
        question("c", "grade", counts=True, shown_if={"question": "b", "any_of": ["high"]}),
        score_metric="m",
    )
    whole = read(rows)
    assert [one.key for one in asked(whole, {"a": "no", "b": ["high"], "c": 5})] == ["a"]
    given = {"a": "yes", "b": ["high"], "c": 3}
    assert score(whole, given) == pytest.approx(100 * (40 + 50) / (40 + 100))
    assert score(whole, {"a": "yes", "b": ["high"]}) == pytest.approx(100 * 40 / 140)
    assert score(whole, {"a": "no"}) is None
    assert dict(values(whole, given, categories=set(), grades={"m"})) == {"m": 1 + score(whole, given) / 25}


@pytest.mark.parametrize(
    ("kind", "value", "fault"),
    [
        ("number", "12", "number"),
        ("number", float("nan"), "number"),
        ("number", True, "number"),
        ("number", -1, "too_low"),
        ("grade", 6, "grade"),
        ("grade", True, "grade"),
        ("choice", ["low"], "option"),
        ("choices", ["low", "low"], "option"),
        ("choices", [{}], "option"),
        ("date", "2026-02-30", "day"),
        ("text", "a\0b", "text"),
        ("text", "x" * 3000, "too_long"),
        ("text", " ", "missing"),
    ],
)
def test_what_is_no_answer_is_a_fault(kind, value, fault):
    whole = read(document(question("a", kind, required=True, **({"lowest": 0} if kind == "number" else {}))))
    assert faults(whole, {"a": value}, whole=True) == {"a": fault}


def test_questionnaire_is_built_and_published_by_pages(client):
    admin = make_user(Role.CRITERIA_ADMIN)
    client.force_login(admin)
    answer = client.post(
        reverse("crm:questionnaire-new"), {"kind": "survey", "title_en": "Ease", "title_zh": "便捷度"}
    )
    version = QuestionnaireVersion.objects.get()
    page = reverse("crm:questionnaire-version", args=[version.pk])
    assert answer.url == page
    assert "Add a question" in client.get(page).content.decode()
    section = {"title_en": "Us", "title_zh": "我们", "revision": 0}
    client.post(reverse("crm:section-new", args=[version.pk]), section)
    given = {
        "kind": "choice", "words_en": "How easy?", "words_zh": "是否方便？", "counts": "on",
        "options_en": ["Hard", "Quite easy", ""], "options_zh": ["难", "易", ""],
        "options_points": ["0", "10", ""], "options_key": ["hard", "", ""],
    }  # fmt: skip
    new = reverse("crm:question-new", args=[version.pk, "s1"])
    assert client.post(new, {**given, "revision": 0}).status_code == 422  # somebody changed it meanwhile
    assert client.post(new, {**given, "options_points": ["0", "w", ""], "revision": 1}).status_code == 422
    assert client.post(new, {**given, "revision": 1}).status_code == 302
    edit = reverse("crm:question", args=[version.pk, "s1", "q1"])
    assert 'name="options_key" value="quite_easy"' in client.get(edit).content.decode()
    assert client.post(
        reverse("crm:questionnaire-heading", args=[version.pk]),
        {"title_en": "Ease", "title_zh": "便捷度", "score_metric": "satisfaction", "revision": 2},
    ).status_code == 302  # fmt: skip
    tried = client.post(reverse("crm:questionnaire-preview", args=[version.pk]), {"q1": "quite_easy"})
    assert "a score of 100.0" in tried.content.decode()
    acts = reverse("crm:version-act", args=[version.pk])
    client.post(acts, {"act": "publish", "revision": 3})
    version.refresh_from_db()
    assert not version.is_draft
    assert version.read().score_metric == "satisfaction"
    assert "Ease" in client.get(reverse("crm:questionnaires")).content.decode()

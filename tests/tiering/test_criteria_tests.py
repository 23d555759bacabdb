"""Test cases of a draft: stored by whom and when, from clients, from CSV and back."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.utils import timezone

from crm.errors import Conflict, Invalid, NotPermitted
from crm.models import Role, User
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, publish, run_now
from tests.tiering.pages.methods import by_matrix
from tiering.case_files import MOST_REFUSALS, CasesRefused, read_cases, write_cases
from tiering.core.cases import Case
from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.errors import NotADraft, TooManyTests
from tiering.models import CriteriaVersion
from tiering.selectors.catalogue import catalogue
from tiering.selectors.criteria import document_of
from tiering.selectors.criteria_tests import case_from_client, case_of, kept_tests, verdicts_of
from tiering.services import criteria_tests
from tiering.services.criteria import load_criteria
from tiering.services.criteria_tests import add_expecting, add_test, change_test, put_tests, remove_test
from tiering.services.drafts import start_draft
from tiering.services.lifecycle import submit_version

pytestmark = pytest.mark.django_db
GOOD = Case("Good", {"credit_score": 720.0}, "High")
WHOLE = Case(
    "Whole",
    {"credit_score": 720.0, "demand_level": "premium"},
    "Middle",
    held="Low",
    held_days=400,
    overlays=frozenset({"downturn"}),
    gates=frozenset(),
    score=Decimal("100.0"),
)


@pytest.fixture
def author() -> User:
    return make_user(Role.CRITERIA_ADMIN)


@pytest.fixture
def draft(author) -> CriteriaVersion:
    return load_criteria(document=a_document(), author=author)


def names(version: CriteriaVersion) -> list[str]:
    return [row.name for row in kept_tests(version)]


def test_case_is_kept_with_everything_that_it_asks(author):
    version = load_criteria(document=by_matrix(), author=author)
    kept = add_test(version=version, case=WHOLE, by=author)
    kept.refresh_from_db()
    assert case_of(kept) == WHOLE
    assert [verdict.passes for verdict in verdicts_of(version, [kept])] == [True]


def test_case_is_changed_and_removed(draft, author):
    test = add_test(version=draft, case=GOOD, by=author)
    change_test(test=test, case=Case("Bad", {"credit_score": 500.0}, "Low"), by=author)
    assert names(draft) == ["Bad"]
    remove_test(test=test, by=author)
    assert names(draft) == []


@pytest.mark.parametrize(
    ("case", "field"),
    [
        (Case(" ", {}, "High"), "name"),
        (Case("x" * 121, {}, "High"), "name"),
        (Case("Good", {}, "High"), "name"),
        (Case("x", {}, "Top"), "tier"),
        (Case("x", {}, "High", held="Top"), "held"),
        (Case("x", {}, "High", overlays=frozenset({"storm"})), "overlays"),
        (Case("x", {}, "High", gates=frozenset({"flood"})), "gates"),
        (Case("x", {}, "High", score=Decimal("100.1")), "score"),
        (Case("x", {}, "High", score=Decimal("NaN")), "score"),
        (Case("x", {"wealth": 1.0}, "High"), "facts.wealth"),
        (Case("x", {"credit_score": "much"}, "High"), "facts.credit_score"),
        (Case("x", {"credit_score": True}, "High"), "facts.credit_score"),
        (Case("x", {"credit_score": float("inf")}, "High"), "facts.credit_score"),
        (Case("x", {"credit_score": 10**400}, "High"), "facts.credit_score"),
        (Case("x", {"rating": "Z"}, "High"), "facts.rating"),
        (Case("x", {"rating": 5.0}, "High"), "facts.rating"),
    ],
)
def test_case_that_means_nothing_is_refused_by_field(draft, author, case, field):
    add_test(version=draft, case=GOOD, by=author)
    with pytest.raises(Invalid) as refused:
        add_test(version=draft, case=case, by=author)
    assert list(refused.value.fields) == [field]
    assert names(draft) == ["Good"]


def test_case_that_somebody_removed_meanwhile_is_not_changed(draft, author):
    test = add_test(version=draft, case=GOOD, by=author)
    remove_test(test=test, by=author)
    with pytest.raises(Conflict):
        change_test(test=test, case=GOOD, by=author)


def test_only_who_drafts_criteria_writes_test_cases(draft, author):
    test = add_test(version=draft, case=GOOD, by=author)
    officer = make_user(Role.RISK_OFFICER)
    for act in (
        lambda: add_test(version=draft, case=GOOD, by=officer),
        lambda: change_test(test=test, case=GOOD, by=officer),
        lambda: remove_test(test=test, by=officer),
        lambda: put_tests(version=draft, cases=[GOOD], by=officer),
        lambda: add_expecting(version=draft, cases=[GOOD], by=officer),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_writing_one_takes_back_what_is_under_review_and_never_what_is_published(draft, author):
    submit_version(version=draft, by=author, purpose="Why.")
    add_test(version=draft, case=GOOD, by=author)
    draft.refresh_from_db()
    assert draft.status == "draft"
    with pytest.raises(NotADraft):
        add_test(version=publish(a_document(scheme="other")), case=GOOD, by=author)


def test_new_draft_takes_the_cases_along(draft, author):
    add_test(version=draft, case=GOOD, by=author)
    begun = start_draft(author=author, based_on=draft)
    assert names(begun) == names(draft) == ["Good"]


def test_many_are_stored_by_name_all_or_none(draft, author):
    add_test(version=draft, case=GOOD, by=author)
    changed = Case("Good", {"credit_score": 650.0}, "Middle")
    assert put_tests(version=draft, cases=[changed, Case("New", {}, "Low")], by=author) == 1
    assert [(row.name, row.tier) for row in kept_tests(draft)] == [("Good", "Middle"), ("New", "Low")]
    with pytest.raises(Invalid) as refused:
        put_tests(version=draft, cases=[Case("Third", {}, "Low"), Case("Fourth", {}, "Top")], by=author)
    assert list(refused.value.fields) == ["1.tier"]
    assert names(draft) == ["Good", "New"]


def test_version_has_so_many_cases_at_most(draft, author, monkeypatch):
    monkeypatch.setattr(criteria_tests, "MOST_TESTS", 2)
    put_tests(version=draft, cases=[GOOD, Case("2", {}, "Low")], by=author)
    put_tests(version=draft, cases=[GOOD], by=author)
    for act in (
        lambda: add_test(version=draft, case=Case("3", {}, "Low"), by=author),
        lambda: put_tests(version=draft, cases=[Case("3", {}, "Low")], by=author),
    ):
        with pytest.raises(TooManyTests):
            act()


def test_cases_are_added_with_what_comes_of_them(draft, author):
    late = {"credit_score": 720.0, "days_overdue": 120.0}
    assert add_expecting(version=draft, cases=[Case("Late", late, "High")], by=author) == 1
    (kept,) = kept_tests(draft)
    assert (kept.tier, kept.gates, kept.score) == ("Low", ["late"], Decimal(100))


def test_facts_of_a_client_are_taken_with_its_tier(author):
    version, client = publish(), make_client()
    make_observation(client, "credit_score", 650.0, observed_on=days_ago(40).date())
    run_now(as_of=days_ago(30))
    case = case_from_client(version, client, None, timezone.now())
    assert case.facts["credit_score"] == 650.0
    assert set(case.facts) <= document_of(version).metrics
    assert (case.tier, case.held, case.held_days) == ("Middle", "Middle", 30)


def test_values_too_old_for_the_criteria_are_not_taken(author):
    publish()
    version, client = load_criteria(document=by_matrix(), author=author), make_client()
    make_observation(client, "credit_score", 650.0, observed_on=days_ago(200).date())
    run_now()
    assert "credit_score" not in case_from_client(version, client, None, timezone.now()).facts
    make_observation(client, "credit_score", 660.0, observed_on=days_ago(100).date())
    run_now()
    assert case_from_client(version, client, None, timezone.now()).facts["credit_score"] == 660.0


def test_client_that_was_never_tiered_gives_an_empty_case(draft):
    assert case_from_client(draft, make_client(), None, datetime(2026, 1, 1, tzinfo=UTC)).facts == {}


def matrix() -> tuple[Document, Catalogue]:
    version = load_criteria(document=by_matrix(), author=make_user(Role.CRITERIA_ADMIN))
    return document_of(version), catalogue()


def test_cases_survive_csv_exactly():
    document, known = matrix()
    odd = Case("=SUM(A1), “quoted”\n次行", {"credit_score": 0.1 + 0.2, "exposure": 5e20}, "Low")
    plain = Case("Nothing asked", {}, "High")
    cases = [WHOLE, odd, plain]
    assert read_cases(write_cases(cases, document).encode("utf-8-sig"), document, known) == cases


def test_csv_is_no_formula_of_a_spreadsheet():
    document, _ = matrix()
    (row,) = csv.DictReader(io.StringIO(write_cases([Case("=1+1", {}, "High")], document)))
    assert row["name"] == "'=1+1"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("name,expect_tier\nx,Top\n", "c.csv:2:expect_tier", "not a tier"),
        ("name,expect_tier\nx,\n", "c.csv:2:expect_tier", "not a tier"),
        ("name,expect_tier\n,High\n", "c.csv:2:name", "has a name"),
        ("name,expect_tier\nx,High\nx,Low\n", "c.csv:3:name", "Row 2"),
        ("name,expect_tier,credit_score\nx,High,much\n", "c.csv:2:credit_score", "not a finite number"),
        ("name,expect_tier,demand_level\nx,High,vip\n", "c.csv:2:demand_level", "no category"),
        ("name,expect_tier,held\nx,High,Top\n", "c.csv:2:held", "not a tier"),
        ("name,expect_tier,held_days\nx,High,-1\n", "c.csv:2:held_days", "whole number"),
        ("name,expect_tier,overlays\nx,High,downturn;storm\n", "c.csv:2:overlays", "storm"),
        ("name,expect_tier,expect_gates\nx,High,flood\n", "c.csv:2:expect_gates", "flood"),
        ("name,expect_tier,expect_score\nx,High,101\n", "c.csv:2:expect_score", "not a score"),
        ("name,expect_tier,expect_score\nx,High,abc\n", "c.csv:2:expect_score", "not a score"),
        ("name,expect_tier,wealth\nx,High,1\n", "c.csv:1:wealth", "no metric"),
        ("name,expect_tier,name\nx,High,y\n", "c.csv:1:name", "Two columns"),
        ("name,credit_score\nx,700\n", "c.csv:1", "expect_tier"),
        ("name,expect_tier\nx,High,1\n", "c.csv:2", "number of cells"),
        ("name,expect_tier\n", "c.csv:1", "no rows"),
        ("", "c.csv:1", "no column"),
        ('name,expect_tier\n"x,High\n', "c.csv", "cannot be read"),
        ("name,expect_tier\nx\0,High\n", "c.csv", "cannot be read"),
    ],
)
def test_file_that_cannot_be_used_is_refused_by_row_and_column(text, place, said):
    document, known = matrix()
    with pytest.raises(CasesRefused) as refused:
        read_cases(text.encode(), document, known, "c.csv")
    first = refused.value.refusals[0]
    assert first.path == place
    assert said in first.text()
    assert first.remedy()


def test_file_in_another_encoding_is_refused():
    document, known = matrix()
    with pytest.raises(CasesRefused):
        read_cases("name,expect_tier\n稳健,High\n".encode("gb18030"), document, known)


def test_file_of_many_columns_is_refused_at_once():
    """Counting each of them among all of them took minutes."""
    document, known = matrix()
    header = ",".join(["a"] * 20_000 + [f"c{number}" for number in range(50_000)])
    with pytest.raises(CasesRefused) as refused:
        read_cases(f"{header}\n".encode(), document, known)
    assert len(refused.value.refusals) == MOST_REFUSALS


def test_dash_expects_that_no_gate_applies():
    document, known = matrix()
    (asked, not_asked) = read_cases(b"name,expect_tier,expect_gates\nx,High,-\ny,High,\n", document, known)
    assert (asked.gates, not_asked.gates) == (frozenset(), None)


def test_removed_test_case_stays_in_the_audit(draft, author):
    test = add_test(version=draft, case=GOOD, by=author)
    remove_test(test=test, by=author)
    labels = (
        apps.get_model("tiering", "CriteriaTestEvent")
        .objects.order_by("pgh_id")
        .values_list("pgh_label", flat=True)
    )
    assert list(labels) == ["insert", "delete"]

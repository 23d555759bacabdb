"""Test cases by page: filled in, tried, taken from a client or a file, covered and suggested."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.models import Role, User
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, publish, run_now
from tests.tiering.pages.making import visitor_of
from tests.tiering.pages.methods import by_matrix
from tests.tiering.pages.test_way import draft_of, text_of
from tiering.core.cases import Case
from tiering.models import CriteriaTest, CriteriaVersion
from tiering.services.criteria import load_criteria
from tiering.services.criteria_tests import add_test
from tiering.services.lifecycle import submit_version

pytestmark = pytest.mark.django_db
LATE = {"fact_credit_score": "720", "fact_days_overdue": "120"}


@pytest.fixture
def author() -> User:
    return make_user(Role.CRITERIA_ADMIN)


@pytest.fixture
def draft(author) -> CriteriaVersion:
    return draft_of(author)


def address(name: str, thing: CriteriaVersion | CriteriaTest) -> str:
    return reverse(f"tiering:{name}", args=[thing.pk])


def send(user: User, name: str, thing: CriteriaVersion | CriteriaTest, /, **form):
    return visitor_of(user).post(address(name, thing), form, follow=True)


def look(user: User, name: str, thing: CriteriaVersion | CriteriaTest, /, **query) -> str:
    return text_of(visitor_of(user).get(address(name, thing), query))


def upload(user: User, version: CriteriaVersion, content: str, name: str = "cases.csv"):
    file = SimpleUploadedFile(name, content.encode())
    return send(user, "criteria-tests-file", version, file=file)


def test_case_is_filled_in_in_the_units_of_its_metrics(author, draft):
    form = {**LATE, "name": "Late", "tier": "Low", "asks_gates": "on", "gates": "late", "score": "100"}
    page = text_of(send(author, "criteria-test-new", draft, **form))
    assert "“Late” is added." in page
    kept = CriteriaTest.objects.get()
    assert kept.facts == {"credit_score": 720.0, "days_overdue": 120.0}
    assert (kept.tier, kept.gates, kept.score) == ("Low", ["late"], 100)
    assert "passes" in page


def test_fractions_are_typed_in_per_cent_and_come_back_so(author):
    document = a_document(
        gates=[{**a_document()["gates"][0], "when": {"metric": "pd", "op": ">", "value": 0.2}}]
    )
    version = load_criteria(document=document, author=author)
    send(author, "criteria-test-new", version, name="Risky", tier="Low", fact_pd="7.1")
    kept = CriteriaTest.objects.get()
    assert kept.facts == {"pd": 0.071}
    assert 'value="7.1"' in look(author, "criteria-test", kept)


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(author, draft):
    add_test(version=draft, case=Case("Good", {}, "Low"), by=author)
    answer = send(author, "criteria-test-new", draft, name="Good", tier="Low", fact_credit_score="641")
    assert answer.status_code == 422
    assert "Another test case has this name." in text_of(answer)
    assert 'value="641"' in text_of(answer)
    nothing = text_of(send(author, "criteria-test-new", draft, name="x", tier=""))
    assert "Choose the tier that has to come." in nothing


def test_what_comes_now_is_shown_and_can_be_expected(author, draft):
    tried = text_of(send(author, "criteria-test-try", draft, **LATE, tier="High"))
    assert "tier Low instead of High" in tried
    assert "Gates: Late" in tried
    assert "passes" not in text_of(send(author, "criteria-test-try", draft))
    send(author, "criteria-test-new", draft, **LATE, name="Late", tier="High", expect="now")
    kept = CriteriaTest.objects.get()
    assert (kept.tier, kept.gates, kept.score) == ("Low", ["late"], 100)


def test_case_is_changed_duplicated_and_removed(author, draft):
    test = add_test(version=draft, case=Case("Good", {"credit_score": 720.0, "pd": 0.1}, "High"), by=author)
    assert "1 further value is kept" in look(author, "criteria-test", test)
    send(author, "criteria-test", test, name="Better", tier="High", fact_credit_score="800")
    test.refresh_from_db()
    assert (test.name, test.facts) == ("Better", {"credit_score": 800.0, "pd": 0.1})
    copy = text_of(visitor_of(author).get(address("criteria-test-new", draft), {"from": test.pk}))
    assert 'value="Better, copy"' in copy
    assert 'value="800"' in copy
    assert "“Better” is removed." in text_of(send(author, "criteria-test-remove", test))
    assert not CriteriaTest.objects.exists()


def test_facts_are_taken_from_a_client_that_one_may_see(author):
    client = make_client()
    make_observation(client, "credit_score", 650.0, observed_on=days_ago(40).date())
    version = publish()
    run_now(as_of=days_ago(30))
    draft = load_criteria(document=a_document(note={"en": "2", "zh": "2"}), author=author)
    found = text_of(visitor_of(author).get(address("criteria-test-clients", draft), {"q": client.code}))
    link = f"{address('criteria-test-new', draft)}?client={client.pk}"
    assert link in found
    page = text_of(visitor_of(author).get(link))
    assert 'value="650"' in page
    assert '<option value="Middle" selected>' in page
    assert visitor_of(author).get(f"{address('criteria-test-new', draft)}?client=987654").status_code == 404
    assert "No client matches." in look(author, "criteria-test-clients", draft, q="nobody at all")
    assert version.status == "published"


def test_file_is_taken_as_a_whole_or_refused_by_row(author, draft):
    header = "name,expect_tier,credit_score,expect_gates\n"
    bad = upload(author, draft, f"{header}Good,High,720,\nBad,Top,x,\n")
    assert bad.status_code == 422
    assert "cases.csv:3:expect_tier" in text_of(bad)
    assert "cases.csv:3:credit_score" in text_of(bad)
    assert not CriteriaTest.objects.exists()
    good = text_of(upload(author, draft, f"{header}Good,High,720,\nWeak,Low,500,-\n"))
    assert "2 test cases stored, 2 of them new." in good
    again = visitor_of(author).get(address("criteria-tests-file", draft))
    assert again["Content-Disposition"] == 'attachment; filename="small-1-tests.csv"'
    assert "2 test cases stored, 0 of them new." in text_of(
        upload(author, draft, again.content.decode("utf-8-sig"))
    )


def test_page_tells_failures_first_and_what_is_covered(author, draft):
    add_test(version=draft, case=Case("Right", {"credit_score": 720.0}, "High"), by=author)
    add_test(version=draft, case=Case("Wrong", {"credit_score": 500.0}, "High"), by=author)
    page = look(author, "criteria-tests", draft)
    assert page.index("Wrong") < page.index("Right")
    assert "tier Low instead of High" in page
    assert "2 of 3" in page
    assert "600 to under 700" in page


def test_draft_that_makes_no_sense_runs_nothing_and_says_so(author):
    version = draft_of(author, cutoffs=[{"tier": "High", "min": 80}])
    add_test(version=version, case=Case("Good", {}, "High"), by=author)
    page = look(author, "criteria-tests", version)
    assert "not run" in page
    assert "once what stands against the draft is put right" in page
    assert "Nothing to suggest" in look(author, "criteria-tests-suggest", version)
    assert "cannot be used as they are" in text_of(send(author, "criteria-test-try", version))
    answer = send(author, "criteria-test-new", version, name="x", expect="now")
    assert (answer.status_code, CriteriaTest.objects.count()) == (422, 1)


def test_suggestions_are_added_when_they_are_chosen(author, draft):
    page = look(author, "criteria-tests-suggest", draft)
    key = "gate////late"
    assert f'value="{key}"' in page
    stale = send(author, "criteria-tests-suggest", draft, target=key, content_hash="x")
    assert "Look at the proposals again" in text_of(stale)
    added = send(author, "criteria-tests-suggest", draft, target=key, content_hash=draft.content_hash)
    assert "1 test case added." in text_of(added)
    kept = CriteriaTest.objects.get()
    assert (kept.name, kept.tier, kept.gates) == ("Late", "Low", ["late"])
    assert f'value="{key}"' not in look(author, "criteria-tests-suggest", draft)


def test_readers_of_drafts_read_test_cases_and_change_none(author, draft):
    test = add_test(version=draft, case=Case("Good", {}, "Low"), by=author)
    auditor = make_user(Role.AUDITOR)
    page = look(auditor, "criteria-tests", draft)
    assert "Good" in page
    assert address("criteria-test", test) not in page
    assert visitor_of(make_user(Role.RM)).get(address("criteria-tests", draft)).status_code == 403


def test_changing_a_case_of_what_is_under_review_takes_it_back(author, draft):
    submit_version(version=draft, by=author, purpose="Why.")
    send(author, "criteria-test-new", draft, name="Good", tier="Low")
    draft.refresh_from_db()
    assert draft.status == "draft"
    published = publish(by_matrix(scheme="other"))
    test = CriteriaTest.objects.get()
    assert "Only a draft" in text_of(send(author, "criteria-test-new", published, name="x", tier="Low"))
    assert test.version == draft


@pytest.mark.parametrize("score", ["1E-999999", "1e400", "100.1", "-1"])
def test_score_that_is_none_is_told_and_not_tried(author, draft, score):
    form = {"name": "A", "tier": "High", "score": score}
    assert send(author, "criteria-test-try", draft, **form).status_code == 200
    assert send(author, "criteria-test-new", draft, **form).status_code == 422
    assert not CriteriaTest.objects.exists()

"""The way of a version by page: what the author says, what the second person sees, and who may do what next."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from crm.models import Role, User
from tests.factories import make_user
from tests.tiering.helpers import a_document, days_ago, publish
from tests.tiering.pages.making import visitor_of
from tests.tiering.test_trials import STRICTER
from tests.tiering.under_way import cut_at
from tiering.core.cases import Case
from tiering.models import CriteriaVersion
from tiering.services.criteria import load_criteria
from tiering.services.criteria_tests import add_test
from tiering.services.drafts import edit_draft, start_draft
from tiering.services.lifecycle import approve_version, reject_version, submit_version

pytestmark = pytest.mark.django_db
WHY = "Tiers were too easy to reach."


@pytest.fixture
def author() -> User:
    return make_user(Role.CRITERIA_ADMIN)


@pytest.fixture
def checker() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def draft_of(author: User, **changes) -> CriteriaVersion:
    return load_criteria(document=a_document(**changes), author=author)


def submitted_by(author: User, **changes) -> CriteriaVersion:
    return submit_version(version=draft_of(author, **changes), by=author, purpose=WHY)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def page_of(user: User, version: CriteriaVersion, name: str = "review", **query):
    return visitor_of(user).get(reverse(f"tiering:criteria-{name}", args=[version.pk]), query)


def send(user: User, version: CriteriaVersion, name: str, **form):
    return visitor_of(user).post(reverse(f"tiering:criteria-{name}", args=[version.pk]), form, follow=True)


def seen(version: CriteriaVersion, replaces: int = 0) -> dict[str, object]:
    """What the page of a version sends back of what it shows now."""
    version = CriteriaVersion.objects.get(pk=version.pk)
    at = version.submitted_at.isoformat() if version.submitted_at else ""
    return {"content_hash": version.content_hash, "replaces": replaces, "submitted_at": at}


def status_of(version: CriteriaVersion) -> str:
    return CriteriaVersion.objects.get(pk=version.pk).status


def test_two_people_take_a_draft_to_what_is_in_effect(author, checker):
    first = publish(effective_from=days_ago(9))
    version = draft_of(author, cutoffs=STRICTER)
    assert "Submitted. Another criteria administrator" in text_of(
        send(author, version, "submit", purpose=WHY)
    )
    review = text_of(page_of(checker, version))
    assert version.content_hash in review
    assert WHY in review
    assert f'value="{seen(version)["submitted_at"]}"' in review
    assert "2 differences from version 1" not in review
    assert "1 difference from version 1" in review
    assert "<del>80</del>" in review
    assert "<ins>100</ins>" in review
    assert "Approved. It can be published now." in text_of(
        send(checker, version, "approve", **seen(version, first.pk))
    )
    done = text_of(send(checker, version, "publish", **seen(version, first.pk)))
    assert "Version 2 is published. It takes effect on" in done
    assert (status_of(version), status_of(first)) == ("published", "superseded")
    for act in ("submitted it", "approved it", "published it"):
        assert act in done


def test_submitting_asks_for_a_purpose_and_says_what_stands_against_it(author):
    version = draft_of(author)
    refused = send(author, version, "submit", purpose="")
    assert (refused.status_code, "This field is required." in text_of(refused)) == (422, True)
    add_test(version=version, case=Case("Hopeless", {}, "High"), by=author)
    page = text_of(page_of(author, version, "submit"))
    assert "1 test case does not come out as expected" in page
    assert "Hopeless" in page
    assert 'name="purpose"' not in page
    assert "“Hopeless”" in text_of(send(author, version, "submit", purpose=WHY))
    broken = draft_of(author, scheme="other", cutoffs=[{"tier": "High", "min": 80}])
    assert "to put right" in text_of(page_of(author, broken, "submit"))
    assert status_of(version) == status_of(broken) == "draft"


def test_dialog_gets_the_form_alone(author):
    version = draft_of(author)
    address = reverse("tiering:criteria-submit", args=[version.pk])
    part = visitor_of(author).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'name="purpose"' in part


def test_author_sees_everything_and_decides_nothing(author):
    version = submitted_by(author)
    page = text_of(page_of(author, version))
    assert "You wrote, edited or submitted it: somebody else approves and publishes it." in page
    assert "Approve this content" not in page
    assert "Withdraw" in page
    assert "Somebody else has to approve" in text_of(send(author, version, "approve", **seen(version)))
    assert "Taken back" in text_of(send(author, version, "withdraw"))
    assert status_of(version) == "draft"


def test_editor_is_an_author_too(author, checker):
    version = draft_of(author)
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=checker)
    submit_version(version=version, by=author, purpose=WHY)
    page = text_of(page_of(checker, version))
    assert "Approve this content" not in page
    assert f"{author.name},</span>" in page
    assert f"{checker.name}</span>" in page
    assert "<del>80</del> → <ins>90</ins>" in page


def test_what_was_not_shown_is_not_approved(author, checker):
    version = submitted_by(author)
    shown = seen(version)
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=author)
    submit_version(version=version, by=author)
    assert "was changed after you opened it" in text_of(send(checker, version, "approve", **shown))
    other = publish(a_document(note={"en": "2", "zh": "2"}), effective_from=None)
    version.refresh_from_db()
    assert "Another version was published" in text_of(send(checker, version, "approve", **seen(version)))
    assert status_of(version) == "submitted"
    assert "was published on" in text_of(page_of(checker, version))
    send(checker, version, "approve", **seen(version, other.pk))
    assert status_of(version) == "approved"


def test_sending_back_takes_a_reason_that_the_author_reads_on_today(author, checker):
    version = submitted_by(author)
    refused = send(checker, version, "reject", reason="")
    assert (refused.status_code, "This field is required." in text_of(refused)) == (422, True)
    assert "Too strict." in text_of(send(checker, version, "reject", reason="Too strict."))
    today = text_of(visitor_of(author).get(reverse("tiering:today-versions")))
    assert "sent back" in today
    assert text_of(visitor_of(checker).get(reverse("tiering:today-versions"))) == ""


def test_what_waits_stands_on_today_and_in_the_sidebar(author, checker):
    version = submitted_by(author)
    review = reverse("tiering:criteria-review", args=[version.pk])
    assert review in text_of(visitor_of(checker).get(reverse("tiering:today-versions")))
    assert review not in text_of(visitor_of(author).get(reverse("tiering:today-versions")))
    approve_version(version=version, by=checker, content_hash=version.content_hash)
    assert "to publish" in text_of(visitor_of(checker).get(reverse("tiering:today-versions")))
    counted = '<span class="nav-count">1</span>'
    assert counted in text_of(visitor_of(checker).get(reverse("tiering:schemes")))
    assert counted not in text_of(visitor_of(author).get(reverse("tiering:schemes")))


def test_effective_date_is_read_and_a_wrong_one_refused(author, checker):
    version = submitted_by(author)
    approve_version(version=version, by=checker, content_hash=version.content_hash)
    bad = send(checker, version, "publish", **seen(version), effective_from="soon")
    assert (bad.status_code, "Enter a valid date/time." in text_of(bad)) == (422, True)
    send(checker, version, "publish", **seen(version), effective_from="2031-01-01T00:00")
    version.refresh_from_db()
    assert version.status == "published"
    assert localtime(version.effective_from).date() == date(2031, 1, 1)


def test_draft_is_discarded(author):
    version = draft_of(author)
    assert "is discarded" in text_of(send(author, version, "discard"))
    assert not CriteriaVersion.objects.exists()
    published = publish()
    assert "Only a draft" in text_of(send(author, published, "discard"))


def test_older_version_is_restored_as_a_draft_once(author, checker):
    first = publish(effective_from=days_ago(9))
    publish(a_document(cutoffs=STRICTER), effective_from=None)
    address = reverse("tiering:versions", args=[first.criteria.scheme_id])
    page = text_of(visitor_of(author).get(address))
    assert reverse("tiering:criteria-restore", args=[first.pk]) in page
    assert page.count("Restore") == 1
    for _ in range(2):
        told = text_of(send(author, first, "restore", once="7d8f"))
    assert "says what version 1 said" in told
    draft = CriteriaVersion.objects.get(status="draft")
    assert (draft.number, draft.based_on, draft.document) == (3, first, first.document)
    assert "restore" not in text_of(visitor_of(make_user(Role.AUDITOR)).get(address)).lower()


def test_two_chosen_versions_are_compared(author):
    first = publish(effective_from=days_ago(9))
    second = publish(a_document(cutoffs=STRICTER), effective_from=None)
    chosen = {"with": second.pk, "after": first.pk}
    page = text_of(visitor_of(make_user(Role.RM)).get(reverse("tiering:versions-compare"), chosen))
    assert "version 2 → version 1" in page
    draft = start_draft(author=author, based_on=first)
    compared = reverse("tiering:criteria-compare", args=[draft.pk])
    assert "They do the same" in text_of(visitor_of(author).get(compared, {"with": first.pk}))
    edited = text_of(visitor_of(author).get(compared, {"with": second.pk}))
    assert f"{reverse('tiering:studio', args=[draft.pk])}#section-placement" in edited


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"gates": []}, "Days overdue is above 90 days → no better than Low"),
        ({"policy": {}}, "the tier falls"),
        ({"label": {"en": "Large", "zh": "大"}}, "<ins>Large / 大</ins>"),
        ({"weight_limits": {"min": 500, "max": 10000}}, "<ins>5%</ins>"),
    ],
)
def test_differences_are_told_in_words(author, change, told):
    publish()
    version = draft_of(author, **change)
    assert told in text_of(page_of(author, version))


def test_bands_are_compared_line_by_line(author):
    publish()
    document = a_document()
    bands = document["scorecards"][0]["dimensions"][0]["indicators"][0]["bands"]
    bands[1]["points"], bands[2]["lo"], bands[1]["hi"] = 65, 720, 720
    page = text_of(page_of(author, load_criteria(document=document, author=author)))
    assert "600 to under 700" in page
    assert "600 to under 720" in page
    assert "<ins>65</ins>" in page
    assert "below 600" not in page


def test_rejected_version_says_so_on_its_page(author, checker):
    version = submitted_by(author)
    reject_version(version=version, by=checker, reason="Too strict.")
    page = text_of(page_of(author, version, "version"))
    assert "sent it back" in page
    assert "Too strict." in page
    assert reverse("tiering:criteria-submit", args=[version.pk]) in page


def test_studio_offers_the_way_and_counts_the_test_cases(author):
    version = draft_of(author)
    strip = reverse("tiering:draft-tests-strip", args=[version.pk])
    page = text_of(visitor_of(author).get(reverse("tiering:studio", args=[version.pk])))
    assert strip in page
    assert reverse("tiering:criteria-submit", args=[version.pk]) in page
    assert "No test cases" in text_of(visitor_of(author).get(strip))
    add_test(version=version, case=Case("Good", {"credit_score": 720.0}, "High"), by=author)
    add_test(version=version, case=Case("Bad", {}, "High"), by=author)
    assert "1 of 2 test cases pass" in text_of(visitor_of(author).get(strip))

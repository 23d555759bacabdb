"""The page of tier reviews beside the decision itself: votes, questions, talk, work, and kept filters."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.models import Role
from tests.factories import make_client, make_team, make_user
from tests.tiering.helpers import pending_of, publish, run_now, tier_of
from tests.tiering.pages.making import client_with, observe, visitor_of, waiting
from tests.tiering.reviews.deciding import TWO_OF_THREE, authority, everything_asks, officer, one_waiting
from tiering.models import Committee, Proposal, Remark, ReviewView, ReviewWork
from tiering.services.remarks import ask_rm, comment
from tiering.services.review_work import assign_review

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def criteria():
    return publish()


@pytest.fixture
def mei():
    return officer(name="Mei Lin")


def page_of(proposal: Proposal) -> str:
    return reverse("tiering:review", args=[proposal.pk])


def send(user, name, pk, query="", htmx=True, **fields):
    address = reverse(f"tiering:review-{name}", args=[pk]) + query
    return visitor_of(user).post(address, fields, headers=HTMX if htmx else {})


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_vote_in_a_committee_is_noted_and_leads_to_the_next(mei):
    everything_asks(TWO_OF_THREE)
    first, second = waiting(client_with(90_000_000), client_with(10_000_000))
    response = send(mei, "decide", first.pk, decision="approve")
    assert "1 of 2 approvals" in response.headers["HX-Trigger"]
    assert response.headers["HX-Push-Url"] == page_of(second)
    assert tier_of(first.client) == "High"
    text = text_of(visitor_of(mei).get(page_of(first)))
    assert "2 of 3 have to approve" in text
    assert "1 more approval is needed" in text
    assert 'name="decision" value="approve"' not in text.split('id="review-detail"')[1]


def test_officer_of_too_low_a_grade_sees_who_decides_and_no_bar(mei):
    authority(
        {"exposure": {"from": 1_000_000}, "label": {"en": "Large", "zh": "大额"}, "needs": {"grade": 3}}
    )
    proposal = one_waiting(client_with(5_000_000))
    text = text_of(visitor_of(mei).get(page_of(proposal)))
    assert "One risk officer of grade 3 or more decides." in text
    assert "by the authority: Large" in text
    assert 'id="decision-comment"' not in text
    assert send(mei, "decide", proposal.pk, decision="approve").headers["X-Refusal"] == "grade_too_low"


def test_asking_the_rm_goes_on_to_the_next_and_marks_the_row(mei):
    first, second = waiting(client_with(90_000_000), client_with(10_000_000))
    response = send(mei, "ask", first.pk, query="?direction=down", comment="Is the score right?")
    assert "was asked about" in response.headers["HX-Trigger"]
    assert response.headers["HX-Push-Url"] == f"{page_of(second)}?direction=down"
    marked = {row.proposal.pk: row.is_with_rm for row in response.context["rows"]}
    assert marked == {first.pk: True, second.pk: False}


def test_question_without_words_is_asked_for_at_the_field(mei):
    response = send(mei, "ask", one_waiting().pk, comment=" ")
    assert (response.status_code, response.context["comment_error"]) == (400, "Write what you want to say.")
    assert not Remark.objects.exists()


def test_rm_answers_with_a_file_on_the_page(mei):
    proposal = one_waiting()
    question = ask_rm(proposal=proposal, by=mei, text="Is the score right?")
    rm = proposal.client.rm
    assert "waits for the RM" in text_of(visitor_of(rm).get(page_of(proposal)))
    file = SimpleUploadedFile("bureau.txt", b"It is.", "text/plain")
    response = send(rm, "answer", question.pk, text="It is.", file=file)
    assert "bureau.txt" in text_of(response)
    assert send(make_user(Role.RM), "answer", question.pk, text="?").status_code == 404


def test_refused_file_is_said_and_the_words_are_not_lost(mei):
    proposal = one_waiting()
    file = SimpleUploadedFile("virus.exe", b"MZ", "application/octet-stream")
    response = send(mei, "remark", proposal.pk, text="See the file", file=file)
    assert "virus.exe" in response.context["talk_error"]
    assert response.context["typed"] == "See the file"
    assert not Remark.objects.exists()


def test_talk_about_a_replaced_proposal_is_shown_as_such(mei):
    proposal = one_waiting()
    comment(proposal=proposal, by=mei, text="One quarter does not make a trend")
    observe(proposal.client, 480.0, 5)
    run_now()
    text = text_of(visitor_of(mei).get(page_of(pending_of(proposal.client))))
    assert "One quarter does not make a trend" in text
    assert "before newer facts" in text


def test_committee_is_called_from_the_page(mei):
    officer(), officer()
    proposal = one_waiting()
    send(mei, "committee", proposal.pk, members="3", needs="2", reason="Large")
    assert Committee.objects.get().asked_by == mei
    response = send(mei, "committee", proposal.pk, members="3", needs="2", reason="Large")
    assert "A committee decides on this already." in response.context["talk_error"]


def test_work_is_taken_and_shown_in_the_queue(mei):
    proposal, other = waiting(client_with(90_000_000), client_with(10_000_000))
    send(mei, "assign", proposal.pk, to=mei.pk, was="")
    assert ReviewWork.objects.get().assignee == mei
    refused = send(officer(), "assign", proposal.pk, to=mei.pk, was="")
    assert "Somebody else works on this meanwhile." in refused.context["talk_error"]
    for reader, wanted, found in (
        (mei, "mine", proposal),
        (mei, "nobody", other),
        (officer(), str(mei.pk), proposal),
    ):
        queued = visitor_of(reader).get(reverse("tiering:reviews"), {"assignee": wanted}).context["rows"]
        assert [row.proposal for row in queued] == [found]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "with_rm"}, "asked"),
        ({"state": "free"}, "free"),
        ({"severity": "high"}, "free"),
        ({"severity": "medium"}, "asked"),
    ],
)
def test_filters_by_state_and_severity(mei, query, found):
    asked, free = one_waiting(score=650.0), one_waiting(score=500.0)
    ask_rm(proposal=asked, by=mei, text="?")
    rows = visitor_of(mei).get(reverse("tiering:reviews"), query).context["rows"]
    assert [row.proposal.pk for row in rows] == [{"asked": asked, "free": free}[found].pk]


def test_context_shows_contacts_exposure_and_documents(mei):
    client = client_with(5_000_000)
    client.interactions.create(kind="call", at="2026-06-30T10:00Z", subject="Cash position", author=client.rm)
    proposal = one_waiting(client)
    comment(
        proposal=proposal,
        by=client.rm,
        text="See.",
        file=SimpleUploadedFile("plan.txt", b"A plan.", "text/plain"),
    )
    text = text_of(visitor_of(mei).get(reverse("tiering:review-context", args=[proposal.pk])))
    for said in ("Cash position", "5.0 m", "plan.txt"):
        assert said in text


def test_view_is_kept_shared_and_never_taken_over_silently(mei):
    other, address = officer(), reverse("tiering:review-views")
    visitor = visitor_of(mei)
    visitor.post(f"{address}?state=late", {"name": "Late ones", "is_shared": "on"})
    view = ReviewView.objects.get()
    assert (view.query, view.is_shared) == ("?state=late", True)
    refused = visitor.post(f"{address}?state=free", {"name": "Late ones"}, follow=True)
    assert "There is a view named “Late ones” already." in text_of(refused)
    assert "Late ones" in text_of(visitor_of(other).get(reverse("tiering:reviews")))
    change = reverse("tiering:review-view", args=[view.pk])
    visitor_of(other).post(f"{change}?state=free", {"revision": 0, "act": "replace"})
    visitor.post(f"{change}?state=with_rm", {"revision": 0, "act": "replace"})
    visitor.post(f"{change}?state=free", {"revision": 0, "act": "replace"})
    view.refresh_from_db()
    assert (view.query, view.revision) == ("?state=with_rm", 1)
    visitor.post(change, {"revision": 1, "act": "remove"})
    assert not ReviewView.objects.exists()


def test_private_view_stays_private(mei):
    visitor_of(mei).post(reverse("tiering:review-views"), {"name": "My own"})
    assert "My own" not in text_of(visitor_of(officer()).get(reverse("tiering:reviews")))


def test_bulk_decision_tells_which_wait_for_others(mei):
    authority({"exposure": {"from": 1}, "needs": TWO_OF_THREE})
    large, small = waiting(client_with(5_000_000), make_client(rm=make_user(), team=make_team()))
    response = visitor_of(mei).post(
        reverse("tiering:reviews-decide"),
        {"decision": "approve", "proposal": [large.pk, small.pk]},
        headers=HTMX,
    )
    told = response.headers["HX-Trigger"]
    assert "1 change approved." in told
    assert "Your vote on 1 more is noted" in told


def test_holder_of_the_work_is_named(mei):
    proposal = one_waiting()
    assign_review(proposal=proposal, to=mei, by=mei)
    assert "Mei Lin" in text_of(visitor_of(officer()).get(page_of(proposal)))

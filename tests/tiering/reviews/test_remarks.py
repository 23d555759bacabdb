"""Talk about a change while it waits."""

from datetime import timedelta

import pgtrigger
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Notice, Role, Task
from tests.factories import make_client, make_user
from tests.tiering.helpers import days_ago, pending_of, publish, run_now
from tests.tiering.pages.making import observe
from tests.tiering.reviews.deciding import officer, one_waiting
from tiering.core.working_time import due_after, worked_between
from tiering.errors_reviews import NobodyToAsk, NoLongerWaits, QuestionAnswered, TextRequired
from tiering.models import Proposal, Remark, ReviewWork
from tiering.selectors.talk import talk_of, with_rm
from tiering.services.proposals import approve
from tiering.services.remarks import answer_question, ask_rm, comment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def criteria():
    return publish()


@pytest.fixture
def proposal() -> Proposal:
    return one_waiting()


def is_with_rm(proposal: Proposal) -> bool:
    return Proposal.objects.filter(with_rm(), pk=proposal.pk).exists()


def evidence() -> SimpleUploadedFile:
    return SimpleUploadedFile("bureau.txt", b"The bureau confirms 720.", "text/plain")


def test_question_goes_to_the_rm_with_a_task(proposal):
    asking = officer(name="Mei Lin")
    question = ask_rm(proposal=proposal, by=asking, text="Is the score right?")
    rm = proposal.client.rm
    assert is_with_rm(proposal)
    assert Notice.objects.get(kind="review-question").recipient == rm
    task = Task.objects.get(origin=f"review-question:{question.pk}")
    assert (task.assignee, task.client, task.status) == (rm, proposal.client, "open")


def test_answer_with_evidence_ends_the_wait_and_tells_who_asked(proposal):
    asking, rm = officer(), proposal.client.rm
    question = ask_rm(proposal=proposal, by=asking, text="Is the score right?")
    answer = answer_question(question=question, by=rm, text="It is.", file=evidence())
    assert not is_with_rm(proposal)
    assert (answer.attachment.name, answer.attachment.client) == ("bureau.txt", proposal.client)
    assert Task.objects.get().status == "done"
    assert Notice.objects.get(kind="review-answered").recipient == asking
    with pytest.raises(QuestionAnswered):
        answer_question(question=question, by=rm, text="Again")


def test_clock_stands_still_while_the_rm_is_asked(proposal):
    due = timezone.now() + timedelta(hours=5)
    ReviewWork.objects.create(proposal=proposal, due_at=due)
    question = ask_rm(proposal=proposal, by=officer(), text="?")
    with pgtrigger.ignore("tiering.Remark:stays_as_said"):
        Remark.objects.filter(pk=question.pk).update(at=days_ago(8))
    answer = answer_question(question=Remark.objects.get(pk=question.pk), by=proposal.client.rm, text="!")
    stood = worked_between(timezone.localtime(days_ago(8)), timezone.localtime(answer.at))
    later = due_after(timezone.localtime(due), stood)
    assert stood > timedelta(days=1)
    assert abs(ReviewWork.objects.get().due_at - later) < timedelta(minutes=1)


def test_rm_comments_before_the_decision_and_nobody_afterwards(proposal):
    rm = proposal.client.rm
    comment(proposal=proposal, by=rm, text="The plant reopened.", file=evidence())
    assert [said.remark.text for said in talk_of(proposal)] == ["The plant reopened."]
    approve(proposal=proposal, decided_by=officer())
    with pytest.raises(NoLongerWaits):
        comment(proposal=proposal, by=rm, text="Too late")
    assert len(talk_of(proposal)) == 1


@pytest.mark.parametrize("role", [Role.RM, Role.AUDITOR, Role.CRITERIA_ADMIN])
def test_those_who_neither_hold_the_client_nor_decide_say_nothing(proposal, role):
    with pytest.raises(NotPermitted):
        comment(proposal=proposal, by=make_user(role), text="I think …")


def test_question_without_words_or_without_an_rm_is_refused(proposal):
    with pytest.raises(TextRequired):
        ask_rm(proposal=proposal, by=officer(), text=" ")
    with pytest.raises(NobodyToAsk):
        ask_rm(proposal=one_waiting(make_client()), by=officer(), text="?")
    with pytest.raises(NotPermitted):
        ask_rm(proposal=proposal, by=proposal.client.rm, text="?")


def test_talk_is_carried_over_when_newer_facts_replace_the_proposal(proposal):
    question = ask_rm(proposal=proposal, by=officer(), text="Is the score right?")
    observe(proposal.client, 480.0, 5)
    run_now()
    newer = pending_of(proposal.client)
    assert newer != proposal
    assert is_with_rm(newer)
    answer_question(question=question, by=proposal.client.rm, text="Lower still.")
    assert [(said.is_earlier, said.is_open) for said in talk_of(newer)] == [(True, False), (False, False)]


def test_remarks_of_an_earlier_wait_stay_there(proposal):
    comment(proposal=proposal, by=officer(), text="One quarter does not make a trend")
    observe(proposal.client, 730.0, 5)
    run_now()
    observe(proposal.client, 480.0, 0)
    run_now()
    assert talk_of(pending_of(proposal.client)) == []

"""Reviews under way in the demo book."""

import pytest

from crm.models import Notice, Role, Task, User
from tiering.models import Proposal, Remark, ReviewView, ReviewWork, Vote
from tiering.selectors.authority import authority_at

pytestmark = pytest.mark.django_db
PENDING = Proposal.objects.filter(status=Proposal.Status.PENDING)


def test_work_is_shared_out_under_an_authority_with_a_clock(anchor):
    assert authority_at().authority.work is not None
    work = ReviewWork.objects.filter(proposal__in=PENDING)
    assert work.count() == PENDING.count()
    officers = User.objects.filter(role=Role.RISK_OFFICER)
    assert set(work.exclude(assignee=None).values_list("assignee", flat=True)) <= set(
        officers.values_list("pk", flat=True)
    )
    assert work.exclude(assignee=None).exists()
    assert not work.filter(due_at=None).exists()


def test_every_decision_of_the_year_has_its_vote(anchor):
    decided = Proposal.objects.exclude(decided_at=None)
    assert decided.count() > 0
    voted = Vote.objects.filter(proposal__in=decided).values_list("proposal", "voter")
    assert set(voted) == set(decided.values_list("pk", "decided_by"))


def test_the_rm_is_asked_and_one_answered_with_evidence(anchor):
    questions = Remark.objects.filter(kind=Remark.Kind.QUESTION)
    answered = questions.filter(answer__isnull=False)
    assert answered.count() == 1
    assert answered.get().answer.attachment is not None
    open_ones = Task.objects.open().filter(kind="review-question").count()
    assert open_ones == questions.count() - 1
    assert Notice.objects.filter(kind="review-question").count() == questions.count()


def test_officers_share_a_view(anchor):
    assert ReviewView.objects.filter(is_shared=True, query="?state=late").exists()

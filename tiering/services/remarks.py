"""Talk about a change while it waits: comments, questions to the client's RM, and their answers with evidence."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Client, Task, User
from crm.services.attachments import File, attach
from crm.services.notices import notify
from crm.services.tasks import TaskRow, add_tasks
from tiering.core.working_time import due_after, worked_between
from tiering.errors_reviews import NobodyToAsk, NoLongerWaits, QuestionAnswered, TextRequired
from tiering.models import Proposal, Remark, ReviewWork
from tiering.selectors.talk import as_told, event_of, may_remark, open_questions, waits_in_place_of
from tiering.services.clock import database_now

ANSWER_WITHIN = timedelta(days=3)
"""How long an RM has to answer."""


@transaction.atomic
def comment(*, proposal: Proposal, by: User, text: str, file: File | None = None) -> Remark:
    """Say something about a change that waits, perhaps with a file as evidence.

    Raises NotPermitted, TextRequired, NoLongerWaits, and what `attach` refuses.
    """
    return _say(proposal, Remark.Kind.COMMENT, by, text, file)


@transaction.atomic
def ask_rm(*, proposal: Proposal, by: User, text: str) -> Remark:
    """Send a change back to the client's RM with a question: the RM is told, gets a task, and the clock stands still.

    Raises NotPermitted, TextRequired, NoLongerWaits or NobodyToAsk.
    """
    if not by.has_perm("tiering.decide_proposals"):
        raise NotPermitted
    question = _say(proposal, Remark.Kind.QUESTION, by, text, None)
    rm = proposal.client.rm_id
    if rm is None:
        raise NobodyToAsk
    params = as_told(question.proposal, by) | {"question": question.text}
    event = event_of(question)
    notify(kind="review-question", event=event, recipients=[rm], params=params, client=question.client_id)
    due_on = timezone.localdate() + ANSWER_WITHIN
    row = TaskRow(origin=event, assignee=rm, due_on=due_on, params=params, client=question.client_id)
    add_tasks(kind="review-question", rows=[row])
    return question


@transaction.atomic
def answer_question(*, question: Remark, by: User, text: str, file: File | None = None) -> Remark:
    """Answer a question, perhaps with a file as evidence; the clock goes on, and who asked is told. An officer may so
    take a question back.

    Raises NotPermitted, TextRequired, NoLongerWaits, QuestionAnswered, and what `attach` refuses.
    """
    Client.objects.select_for_update(no_key=True).get(pk=question.client_id)
    if Remark.objects.filter(question=question).exists():
        raise QuestionAnswered
    answer = _say(question.proposal, Remark.Kind.ANSWER, by, text, file, question)
    event = event_of(question)
    _finish_task(event, by, answer.text)
    proposal = answer.proposal
    if not open_questions(proposal).exists():
        _let_clock_go_on(proposal, question.at)
    waiting_for = {question.author_id, *_assignee(proposal)} - {by.pk}
    notify(
        kind="review-answered",
        event=f"{event}:answered",
        recipients=waiting_for,
        params=as_told(proposal, by) | {"answer": answer.text},
        client=answer.client_id,
    )
    return answer


def _say(
    proposal: Proposal,
    kind: Remark.Kind,
    by: User,
    text: str,
    file: File | None,
    question: Remark | None = None,
) -> Remark:
    """Write a remark about the proposal that waits now. Raises NotPermitted, TextRequired or NoLongerWaits."""
    if not may_remark(by, proposal):
        raise NotPermitted
    if not text.strip():
        raise TextRequired
    waiting = waits_in_place_of(proposal)
    if waiting is None:
        raise NoLongerWaits
    return Remark.objects.create(
        client_id=waiting.client_id,
        scheme_id=waiting.scheme_id,
        project_id=waiting.project_id,
        proposal=waiting,
        kind=kind,
        question=question,
        text=text.strip(),
        attachment=attach(file=file, client=waiting.client, by=by) if file else None,
        author=by,
    )


def _let_clock_go_on(proposal: Proposal, since: datetime) -> None:
    """Move when a proposal is due by the working time for which its clock stood still."""
    work = ReviewWork.objects.select_for_update().filter(proposal=proposal, due_at__isnull=False).first()
    if work is None or work.due_at is None:
        return
    stood = worked_between(timezone.localtime(since), timezone.localtime(database_now()))
    work.due_at = due_after(timezone.localtime(work.due_at), stood)
    work.save(update_fields=["due_at"])


def _finish_task(origin: str, by: User, outcome: str) -> None:
    """The RM's task is done by the answer, whoever gave it."""
    Task.objects.open().filter(origin=origin).update(
        status=Task.Status.DONE, outcome=outcome[:2000], finished_by=by, finished_at=database_now()
    )


def _assignee(proposal: Proposal) -> list[int]:
    found = ReviewWork.objects.filter(proposal=proposal, assignee__isnull=False)
    return list(found.values_list("assignee", flat=True))

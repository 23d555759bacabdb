"""Answers to questionnaires: entered by the RM, or given by the client itself through a link that works once.

Who has a link has no account: everything here goes by the link alone, under its lock, and tells nothing but whether it
is open. What answers say of metrics becomes observations, so that tiers follow.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.answering import LONGEST_TEXT, Fault, counted, faults, score, values
from crm.core.questions import Document, Question
from crm.errors import DomainError, Invalid
from crm.metrics import named
from crm.models import AnswerLink, Client, ContactPerson, Questionnaire, QuestionnaireVersion, Response, User
from crm.models.conduct import today
from crm.selectors.questionnaires import in_use
from crm.services.holding import check_hold, held
from crm.services.notices import notify
from crm.services.observations import NewObservation, take_observations

SOURCE = "questionnaire"
"""The source of observations that answers are."""
ANSWERED = "questionnaire-answered"
"""The kind of notice that a client's RM gets when it has answered by itself."""
USUAL_DAYS, LONGEST_DAYS = 14, 90
MOST_CHARACTERS = 60_000
"""Of a draft, so that nobody without an account fills the house's disks."""


class LinkClosed(DomainError):
    """The link is none of ours, or cannot be answered any more. `state` is `answered`, `revoked` or `expired`."""

    code = "link_closed"
    message = gettext_lazy("This questionnaire cannot be answered any more.")
    status = 410

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class NotAsked(DomainError):
    code = "questionnaire_not_asked"
    message = gettext_lazy("This questionnaire is not in use. Choose another one.")


class NotWaiting(DomainError):
    code = "answers_not_waiting"
    message = gettext_lazy("These answers do not wait any more. Reload the page to see their state.")


@transaction.atomic
def make_link(
    *,
    by: User,
    client: Client,
    questionnaire: Questionnaire,
    language: str,
    days: int = USUAL_DAYS,
    person: ContactPerson | None = None,
) -> AnswerLink:
    """A link by which the client answers the version in use, once, within so many days.

    Raises NotPermitted, NotAsked, and Invalid for somebody who is not of the client, a time or a language that cannot
    be.
    """
    check_hold(by, client)
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid({"days": [_("Give it between 1 and %(most)d days.") % {"most": LONGEST_DAYS}]})
    if language not in dict(settings.LANGUAGES):
        known = ", ".join(code for code, _name in settings.LANGUAGES)
        raise Invalid({"language": [_("Choose one of: %(known)s.") % {"known": known}]})
    if person is not None and (person.client_id != client.pk or person.ended_on is not None):
        raise Invalid({"person": [_("Choose somebody who is at this client.")]})
    link = AnswerLink(
        client=client,
        person=person,
        version=version_in_use(questionnaire),
        language=language,
        expires_at=timezone.now() + timedelta(days=days),
        created_by=by,
    )
    link.save()
    return link


@transaction.atomic
def revoke_link(*, by: User, link: AnswerLink) -> None:
    """Let nobody answer by a link any more. Raises NotPermitted, and LinkClosed where nobody could anyway."""
    found = held(link, by)
    _check_open(found, timezone.now())
    found.revoked_at, found.revoked_by = timezone.now(), by
    found.save(update_fields=["revoked_at", "revoked_by"])


@transaction.atomic
def open_link(*, nonce: uuid.UUID | None, now: datetime) -> AnswerLink:
    """The link of a nonce, where it can be answered at a moment; the first look is kept. Raises LinkClosed."""
    link = _locked(nonce, now)
    if link.opened_at is None:
        link.opened_at = now
        link.save(update_fields=["opened_at"])
    return link


@transaction.atomic
def keep_draft(*, nonce: uuid.UUID | None, now: datetime, answers: Mapping[str, Any]) -> AnswerLink:
    """Keep what was filled in so far, right or not, to go on with later. Raises LinkClosed and Invalid."""
    link = _locked(nonce, now)
    draft = {key: value for key, value in answers.items() if key in link.version.read().by_key}
    if len(str(draft)) > MOST_CHARACTERS:
        raise Invalid({"": [_("The answers are too long to be kept. Shorten them.")]})
    link.draft, link.draft_saved_at = draft, now
    link.save(update_fields=["draft", "draft_saved_at"])
    return link


@transaction.atomic
def answer_by_link(*, nonce: uuid.UUID | None, now: datetime, answers: Mapping[str, Any]) -> Response:
    """Hand answers in by a link, which works no more from then on. Raises LinkClosed, and Invalid by question."""
    link = _locked(nonce, now)
    document = link.version.read()
    _check(document, answers)
    response = _made(link.client, link.version, document, answers, timezone.localdate(now))
    response.link = link
    if document.confirm:
        response.status = Response.Status.WAITING
    response.save()
    link.answered_at, link.draft, link.draft_saved_at = now, {}, None
    link.save(update_fields=["answered_at", "draft", "draft_saved_at"])
    if response.status == Response.Status.COUNTED:
        _feed(response, document, None)
    _tell(response)
    return response


@transaction.atomic
def enter_answers(
    *, by: User, client: Client, version: QuestionnaireVersion, answers: Mapping[str, Any], answered_on: date
) -> Response:
    """Answers that the RM asked the client for. Raises NotPermitted, NotAsked, and Invalid by question."""
    check_hold(by, client)
    if version_in_use(version.questionnaire) != version:
        raise NotAsked
    if answered_on > today():
        raise Invalid({"answered_on": [_("This day has not come yet.")]})
    document = version.read()
    _check(document, answers)
    response = _made(client, version, document, answers, answered_on)
    response.entered_by = by
    response.save()
    _feed(response, document, by)
    return response


@transaction.atomic
def confirm_answers(*, by: User, response: Response) -> Response:
    """Let answers that waited count. Raises NotPermitted and NotWaiting."""
    found = _waiting(by, response)
    found.status, found.decided_by, found.decided_at = Response.Status.COUNTED, by, timezone.now()
    found.save(update_fields=["status", "decided_by", "decided_at"])
    _feed(found, found.version.read(), by)
    return found


@transaction.atomic
def set_aside(*, by: User, response: Response, reason: str) -> Response:
    """Let answers that waited not count, and say why. Raises NotPermitted, NotWaiting and Invalid."""
    found = _waiting(by, response)
    if not reason.strip():
        raise Invalid({"reason": [_("Say why the answers are not to count.")]})
    found.status, found.reason = Response.Status.SET_ASIDE, reason.strip()
    found.decided_by, found.decided_at = by, timezone.now()
    found.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    return found


def version_in_use(questionnaire: Questionnaire) -> QuestionnaireVersion:
    """The version of it that is asked now. Raises NotAsked."""
    version = in_use().filter(questionnaire=questionnaire).first()
    if version is None:
        raise NotAsked
    return version


def _check_open(link: AnswerLink, now: datetime) -> None:
    if not link.is_open(now):
        state = "answered" if link.answered_at else "revoked" if link.revoked_at else "expired"
        raise LinkClosed(state)


def _locked(nonce: uuid.UUID | None, now: datetime) -> AnswerLink:
    """Two who send at once wait for each other, and the second finds the link answered."""
    links = AnswerLink.objects.select_for_update(of=("self",)).select_related("client", "version")
    link = links.filter(nonce=nonce).first() if nonce else None
    if link is None:
        raise LinkClosed("unknown")
    _check_open(link, now)
    return link


def _waiting(by: User, response: Response) -> Response:
    rows = Response.objects.select_for_update(of=("self",)).select_related("client", "version")
    found = rows.get(pk=response.pk)
    check_hold(by, found.client)
    if found.status != Response.Status.WAITING:
        raise NotWaiting
    return found


def _made(
    client: Client, version: QuestionnaireVersion, document: Document, answers: Mapping[str, Any], on: date
) -> Response:
    return Response(
        client=client,
        version=version,
        answers=counted(document, answers),
        score=score(document, answers),
        answered_on=on,
    )


def _feed(response: Response, document: Document, by: User | None) -> None:
    """Record what the answers say of metrics; the response keeps what was taken."""
    known = named()
    categories = {key for key, metric in known.items() if metric.type == "category"}
    grades = {key for key, metric in known.items() if metric.unit == "grade"}
    said = values(document, response.answers, categories=categories, grades=grades)
    items = [
        NewObservation(
            index=index,
            client_id=response.client_id,
            metric=metric,
            value=None if isinstance(value, str) else value,
            text=value if isinstance(value, str) else "",
            observed_on=response.answered_on,
            received_on=today(),
            source=SOURCE,
        )
        for index, (metric, value) in enumerate(said)
    ]
    taken = take_observations(items=items, by=by)
    if taken:
        response.fed = {item.metric: item.text or item.value for item in taken}
        response.save(update_fields=["fed"])


def _tell(response: Response) -> None:
    """The client's RM learns that it has answered, by itself."""
    manager = response.client.rm
    if manager is None:
        return
    notify(
        kind=ANSWERED,
        event=f"{ANSWERED}:{response.pk}",
        recipients=[manager],
        params={
            "response": response.pk,
            "title": response.version.document["title"],
            "name": response.client.name,
            "waits": response.status == Response.Status.WAITING,
        },
        client=response.client_id,
    )


def _check(document: Document, answers: Mapping[str, Any]) -> None:
    found = faults(document, answers, whole=True)
    if found:
        raise Invalid({key: [fault_text(document.by_key.get(key), fault)] for key, fault in found.items()})


def fault_text(question: Question | None, fault: Fault) -> str:
    """What is wrong with an answer and what to do."""
    match fault:
        case "missing":
            return _("Please answer this question.")
        case "option":
            return _("Choose one of the answers that are offered.")
        case "number":
            return _("Enter a number.")
        case "too_low":
            return _("This is at least %(bound)s.") % {"bound": f"{question.lowest:g}" if question else ""}
        case "too_high":
            return _("This is at most %(bound)s.") % {"bound": f"{question.highest:g}" if question else ""}
        case "grade":
            return _("Choose a grade from 1 to 5.")
        case "day":
            return _("Enter a day.")
        case "too_long":
            return _("Write at most %(most)d characters.") % {"most": LONGEST_TEXT}
        case "text":
            return _("Enter a text.")
        case "unknown":
            return _("There is no such question.")

"""Questionnaires with links and answers, in the house of the access matrix."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from crm.models import AnswerLink, Client, ConsentRecord, QuestionnaireVersion, Response, Role, Segment
from crm.services.questionnaires import start_version
from tests.crm.outreach.making import published
from tests.factories import make_user

if TYPE_CHECKING:
    from tests.access.world import World


def add_outreach(world: World, clients: Mapping[str, Client]) -> None:
    world.everywhere("segment", a_segment().pk)
    world.objects["consent"] = {scope: a_consent(client).pk for scope, client in clients.items()}
    version = published()
    world.everywhere("questionnaire", version.questionnaire_id)
    draft = start_version(by=version.author, questionnaire=version.questionnaire)
    world.everywhere("questionnaire draft", draft.pk)
    links = {scope: a_link(client, version) for scope, client in clients.items()}
    world.objects["answer link"] = {scope: link.pk for scope, link in links.items()}
    world.objects["response"] = {scope: a_response(link).pk for scope, link in links.items()}


def ids_of_outreach(client: Client) -> dict[str, int]:
    """One of each for a client, by the part of the API's address that names them."""
    version = published()
    link = a_link(client, version)
    draft = start_version(by=version.author, questionnaire=version.questionnaire)
    return {
        "questionnaires": version.questionnaire_id,
        "questionnaire-versions": draft.pk,
        "answer-links": link.pk,
        "responses": a_response(link).pk,
        "segments": a_segment().pk,
        "consents": a_consent(client).pk,
    }


def a_segment() -> Segment:
    """One for everybody."""
    return Segment.objects.create(owner=make_user(Role.TEAM_LEAD), name="All", kind="live", reach="house")


def a_consent(client: Client) -> ConsentRecord:
    assert client.rm is not None
    return client.consents.create(stance="given", source="Form", recorded_by=client.rm)


def a_link(client: Client, version: QuestionnaireVersion) -> AnswerLink:
    tomorrow = timezone.now() + timedelta(days=1)
    return client.answer_links.create(
        version=version, language="en", created_by=version.author, expires_at=tomorrow
    )


def a_response(link: AnswerLink) -> Response:
    """One that waits for the RM."""
    return Response.objects.create(
        client=link.client,
        version=link.version,
        link=link,
        answers={},
        answered_on=timezone.localdate(),
        status=Response.Status.WAITING,
    )

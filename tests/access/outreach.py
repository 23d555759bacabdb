"""Questionnaires with links and answers, in the house of the access matrix."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from crm.models import (
    AnswerLink,
    Campaign,
    Client,
    ConsentRecord,
    Invitation,
    QuestionnaireVersion,
    Response,
    Role,
    Segment,
)
from crm.services.questionnaires import start_version
from tests.crm.outreach.making import published
from tests.factories import make_user

if TYPE_CHECKING:
    from tests.access.world import World


def add_outreach(world: World, clients: Mapping[str, Client]) -> None:
    world.everywhere("segment", a_segment().pk)
    world.objects["consent"] = {scope: a_consent(client).pk for scope, client in clients.items()}
    invitations = {scope: an_invitation(client) for scope, client in clients.items()}
    world.objects["invitation"] = {scope: one.pk for scope, one in invitations.items()}
    world.objects["campaign"] = {scope: one.campaign_id for scope, one in invitations.items()}
    world.objects["campaign text"] = {scope: one.text_id or 0 for scope, one in invitations.items()}
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
    link, invitation = a_link(client, version), an_invitation(client)
    draft = start_version(by=version.author, questionnaire=version.questionnaire)
    return {
        "questionnaires": version.questionnaire_id,
        "questionnaire-versions": draft.pk,
        "answer-links": link.pk,
        "responses": a_response(link).pk,
        "segments": a_segment().pk,
        "campaigns": invitation.campaign_id,
        "invitations": invitation.pk,
        "consents": a_consent(client).pk,
    }


def a_segment() -> Segment:
    """One for everybody."""
    return Segment.objects.create(owner=make_user(Role.TEAM_LEAD), name="All", kind="live", reach="house")


def a_consent(client: Client) -> ConsentRecord:
    assert client.rm is not None
    return client.consents.create(stance="given", source="Form", recorded_by=client.rm)


def an_invitation(client: Client) -> Invitation:
    """By the client's RM, to an event that is still drafted."""
    assert client.rm is not None
    days = {"starts_on": "2026-03-01", "ends_on": "2026-03-31"}
    owned = {"owner": client.rm, "team": client.team, "segment": a_segment()}
    campaign = Campaign.objects.create(name="Day", goal="Meet", **owned, **days)
    text = campaign.texts.create(language="en", subject="Come", body="Please")
    return campaign.invitations.create(client=client, text=text)


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

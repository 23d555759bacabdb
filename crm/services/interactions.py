"""Recording contacts with clients."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.cover import on_behalf_of
from crm.errors import Invalid
from crm.models import Client, Interaction, Participant, User
from crm.selectors.audience import readers_of
from crm.services.following import INTERACTION, of_client, tell_followers
from crm.services.holding import check_hold
from crm.services.mentions import check_mentions, tell_mentioned, timeline_url
from crm.services.tasks import add_task
from crm.signals import records_changed

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


@transaction.atomic
def log_interaction(
    *,
    by: User,
    client: Client,
    kind: str,
    at: datetime,
    subject: str,
    body: str = "",
    outcome: str = "",
    people: Collection[int] = (),
    colleagues: Collection[int] = (),
    next_step: str = "",
    next_due: date | None = None,
) -> Interaction:
    """Record a contact that took place, with who took part: `people` of the client and `colleagues`, by id.

    A next step becomes a task of the writer, due on `next_due`. Who is mentioned and who follows the client is told.
    Raises NotPermitted, and Invalid for bad fields or a moment that cannot be.
    """
    check_hold(by, client)
    _check_moment(at)
    if bool(next_step) != (next_due is not None):
        field = "next_due" if next_step else "next_step"
        raise Invalid({field: [_("Say what is to be done next and by when, or neither.")]})
    check_mentions(text=body, readers=readers_of(client), field="body")
    interaction = Interaction(
        client=client,
        kind=kind,
        at=at,
        subject=subject,
        body=body,
        outcome=outcome,
        author=by,
        on_behalf_of=on_behalf_of(by, client.rm),
    )
    try:
        interaction.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    interaction.save()
    _take_part(interaction, people, set(colleagues) - {by.pk})
    if next_due is not None:
        _note_next_step(by, client, next_step, next_due)
    _tell(interaction)
    records_changed()
    return interaction


def _check_moment(at: datetime) -> None:
    if at > timezone.now():
        raise Invalid({"at": [_("This moment is still to come. Log the contact once it has taken place.")]})
    if at < EARLIEST:
        raise Invalid({"at": [_("This moment lies long before any contact. Check the year.")]})


def _take_part(interaction: Interaction, people: Collection[int], colleagues: Collection[int]) -> None:
    """Note who took part; nobody is left out silently. Raises Invalid."""
    client = interaction.client
    known = set(client.people.filter(pk__in=people).values_list("pk", flat=True))
    if set(people) - known:
        raise Invalid({"people": [_("Choose among the people of this client.")]})
    readers = set(readers_of(client).filter(pk__in=colleagues).values_list("pk", flat=True))
    if set(colleagues) - readers:
        raise Invalid({"colleagues": [_("Choose among the colleagues who may see this client.")]})
    Participant.objects.bulk_create(
        [
            *(Participant(interaction=interaction, person_id=pk) for pk in sorted(known)),
            *(Participant(interaction=interaction, colleague_id=pk) for pk in sorted(readers)),
        ]
    )


def _note_next_step(by: User, client: Client, title: str, due_on: date) -> None:
    try:
        add_task(by=by, assignee=by, client=client, title=title, due_on=due_on)
    except Invalid as error:
        named = {"title": "next_step", "due_on": "next_due"}
        raise Invalid({named.get(field, field): told for field, told in error.fields.items()}) from error


def _tell(interaction: Interaction) -> None:
    by, client = interaction.author, interaction.client
    tell_mentioned(
        by=by,
        text=interaction.body,
        event=f"interaction:{interaction.pk}",
        client=client.pk,
        url=timeline_url(client),
    )
    params = {
        "by": by.name,
        "by_zh": by.name_zh,
        "name": client.name,
        "kind": interaction.kind,
        "subject": interaction.subject,
        "client": client.pk,
    }
    row = of_client(f"interaction:{interaction.pk}", client.pk, params)
    tell_followers(kind=INTERACTION, rows=[row], but={client.pk: [by.pk]})

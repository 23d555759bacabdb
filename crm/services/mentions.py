"""Mentions of colleagues in what is written about a client: checked before it is kept, told once it is."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from crm.core.mentions import mentioned
from crm.errors import Invalid
from crm.formats import listed, localized
from crm.models import Client, Task, User
from crm.selectors.audience import readers_of
from crm.services.notices import notify

MENTIONED = "mentioned"
"""The kind of notice that somebody gets whom a colleague mentions."""
EXCERPT = 160


def check_mentions(*, text: str, readers: QuerySet[User], field: str) -> None:
    """Refuse to mention colleagues who are not among the readers. Raises Invalid, which names the field and them."""
    unseen = _people(text).exclude(pk__in=readers.values("pk"))
    if names := [localized(person) for person in unseen.order_by("name", "pk")]:
        message = _("%(names)s may not see this client. Leave the mention out, or ask who may see it.")
        raise Invalid({field: [message % {"names": listed(names)}]})


def tell_mentioned(*, by: User, text: str, event: str, client: int | None, url: str) -> int:
    """Tell those who are mentioned, as part of the caller's transaction; how many had not been told of this `event`."""
    people = _people(text).exclude(pk=by.pk)
    return notify(
        kind=MENTIONED,
        event=f"{MENTIONED}:{event}",
        recipients=people.values_list("pk", flat=True),
        params={
            "by": by.name,
            "by_zh": by.name_zh,
            "text": Truncator(text).chars(EXCERPT),
            "url": url,
        },
        client=client,
    )


def readers_of_task(task: Task) -> QuerySet[User]:
    """Who may read a task: the readers of its client; of no client, who has it and the lead of their team."""
    if task.client is not None:
        return readers_of(task.client)
    people = User.objects.filter(pk__in=[task.assignee_id] if task.assignee_id else [])
    if task.assignee is None or task.assignee.team_id is None:
        return people
    return people | User.objects.filter(role="team_lead", team=task.assignee.team_id)


def timeline_url(client: Client) -> str:
    return reverse("crm:client-tab", args=[client.pk, "timeline"])


def _people(text: str) -> QuerySet[User]:
    names = mentioned(text)
    return User.objects.filter(username__in=names, is_active=True) if names else User.objects.none()

"""Tags that a user may see, and which clients bear them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.ids import ids_of
from crm.models import Client, ClientTag, Tag, User
from crm.prepared import Reader, prepared
from crm.querysets import ClientQuerySet

GROUP = _("Tags")


def tags_of(clients: Sequence[Client], user: User) -> Mapping[int, list[Tag]]:
    """The tags of each of some clients, by client id, in the order of their names."""
    rows = ClientTag.objects.visible_to(user).filter(client__in=clients).select_related("tag")
    found: dict[int, list[Tag]] = {}
    for row in sorted(rows, key=lambda row: (row.tag.name.lower(), row.tag_id)):
        found.setdefault(row.client_id, []).append(row.tag)
    return found


def counted_tags(user: User) -> QuerySet[Tag]:
    """Every tag that the user may see, with `clients`: how many bear it."""
    return Tag.objects.visible_to(user).select_related("team").annotate(clients=Count("taggings"))


def options(user: User) -> list[slots.Option]:
    """The choices of the list's filter."""
    return [slots.Option(value=str(pk), label=name) for pk, name in _offered(Reader.of(user))]


@prepared
def _offered(reader: Reader) -> QuerySet:
    return Tag.objects.visible_to(reader.user).values_list("pk", "name")


def bearing(clients: ClientQuerySet, values: Sequence[str]) -> ClientQuerySet:
    """Clients that bear any of the tags."""
    return clients.filter(pk__in=ClientTag.objects.filter(tag__in=ids_of(values)).values("client"))


def fields(user: User, day: date) -> list[slots.Field]:
    """Each tag as what conditions may ask of a client: whether it bears it."""
    bears = "EXISTS (SELECT FROM crm_clienttag t WHERE t.client_id = c.id AND t.tag_id = {tag:d})"
    return [
        slots.Field(
            key=f"tag.{tag.pk}",
            label=tag.name,
            group=GROUP,
            sql=f"CASE WHEN {bears.format(tag=tag.pk)} THEN 'yes' ELSE 'no' END",
            type="category",
            categories={"yes": _("yes"), "no": _("no")},
        )
        for tag in Tag.objects.visible_to(user)
    ]

"""Marking clients by tags of the team."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, transaction
from django.utils.translation import gettext as _

from crm.errors import Invalid, NotPermitted
from crm.models import Client, ClientTag, Role, Tag, User
from crm.models.tags import COLOURS
from crm.services.saving import save

MARK = """
INSERT INTO crm_clienttag (client_id, tag_id, added_by_id)
SELECT id, %(tag)s, %(by)s FROM unnest(%(clients)s::bigint[]) AS given (id) ORDER BY id
ON CONFLICT (client_id, tag_id) DO NOTHING
"""


@transaction.atomic
def tag_clients(*, by: User, client_ids: Collection[int], name: str) -> int:
    """Mark the clients among these that the user holds by a tag of their team; how many did not bear it yet.

    A name that the team has no tag of becomes one. Raises NotPermitted and Invalid.
    """
    if not by.has_perm("crm.change_client") or by.team is None:
        raise NotPermitted
    clients = list(Client.objects.editable_by(by).filter(pk__in=client_ids).values_list("pk", flat=True))
    if not clients:
        return 0
    tag = tag_named(by, name)
    with connection.cursor() as cursor:
        cursor.execute(MARK, {"tag": tag.pk, "by": by.pk, "clients": clients})
        return cursor.rowcount


@transaction.atomic
def untag_clients(*, by: User, client_ids: Collection[int], tag: Tag) -> int:
    """Take a tag from the clients among these that the user holds; how many bore it. Raises NotPermitted."""
    if not by.has_perm("crm.change_client"):
        raise NotPermitted
    held = Client.objects.editable_by(by).filter(pk__in=client_ids)
    taken, _models = ClientTag.objects.filter(tag=tag, client__in=held).delete()
    return taken


@transaction.atomic
def change_tag(*, by: User, tag: Tag, name: str | None = None, colour: int | None = None) -> Tag:
    """Call a tag otherwise, or put it on another colour: its team's lead may. Raises NotPermitted and Invalid."""
    found = _own(by, tag)
    found.name = found.name if name is None else _plain(name)
    found.colour = found.colour if colour is None else colour
    save(found)
    return found


@transaction.atomic
def remove_tag(*, by: User, tag: Tag) -> None:
    """Do without a tag: no client bears it any more. Its team's lead may. Raises NotPermitted."""
    _own(by, tag).delete()


def tag_named(by: User, name: str) -> Tag:
    """The tag of that name in the user's team; a new one gets the colour that is used least."""
    plain = _plain(name)
    found = Tag.objects.filter(team=by.team_id, name__iexact=plain).first()
    if found:
        return found
    used = list(Tag.objects.filter(team=by.team_id).values_list("colour", flat=True))
    colour = min(range(1, COLOURS + 1), key=used.count)
    tag = Tag(team=by.team, name=plain, colour=colour)
    save(tag)
    return tag


def _plain(name: str) -> str:
    plain = " ".join(name.split())
    if not plain:
        raise Invalid({"name": [_("Give the tag a name.")]})
    return plain


def _own(by: User, tag: Tag) -> Tag:
    found = Tag.objects.select_for_update().get(pk=tag.pk)
    if by.role != Role.TEAM_LEAD or found.team_id != by.team_id:
        raise NotPermitted
    return found

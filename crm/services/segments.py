"""Keeping segments: made of what the client list shows, shared, renamed, removed."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.errors import Conflict, DomainError, Invalid, NotPermitted
from crm.models import Client, SavedView, Segment, SegmentMember, User
from crm.selectors.client_list import ListQuery
from crm.selectors.segments import ids_as_sql, named_in, reaches, visible_among
from crm.services.saving import save
from crm.services.views import LONGEST_QUERY

Reach = SavedView.Reach

FILL = """
INSERT INTO crm_segmentmember (segment_id, client_id)
SELECT %s, found.id FROM ({clients}) found ON CONFLICT (segment_id, client_id) DO NOTHING
"""


class SegmentCycle(DomainError):
    code = "segment_cycle"
    message = gettext_lazy("The segment would rest on itself. Leave out the condition that leads back to it.")


class NotStatic(DomainError):
    code = "segment_not_static"
    message = gettext_lazy("Who is in a live segment follows from its filter. Change that instead.")


def read_filter(*, by: User, query: str) -> ListQuery:
    """What an address of the list asks for. Raises Invalid where a menu or view of it offers nothing of that: kept
    without it, the segment would hold everybody."""
    found = ListQuery.read(QueryDict(query), by, exact=True)
    if found.is_void:
        raise Invalid(
            {"query": [_("A part of the filter is not on offer, or not any more. Choose it anew.")]}
        )
    return found


@transaction.atomic
def keep_segment(
    *, by: User, name: str, kind: str, query: str, clients: QuerySet[Client], reach: str = Reach.PRIVATE
) -> Segment:
    """A segment of what a list shows: its `clients` as they are now, or the filter that shows them (`query`).

    Raises NotPermitted, and Invalid for a name that one has already or a filter that asks for what is not there.
    """
    _check_reader(by)
    live = kind == Segment.Kind.LIVE
    segment = Segment(owner=by, name=" ".join(name.split()), kind=kind, query=query if live else "")
    _share(by, segment, reach)
    if live:
        _check_filter(by, query)
    save(segment)
    if not live:
        _fill(segment, clients)
    return segment


@transaction.atomic
def refilter_segment(*, by: User, segment: Segment, revision: int, query: str) -> Segment:
    """Let a live segment stand for another filter. Raises NotPermitted, Conflict, SegmentCycle and Invalid."""
    found = _own(by, segment, revision)
    if found.kind != Segment.Kind.LIVE:
        raise Invalid({"query": [_("A static segment has no filter; add clients to it instead.")]})
    _check_filter(by, query)
    # Every live segment is held: two that come to rest on each other at once wait for each other here.
    live = Segment.objects.select_for_update().filter(kind=Segment.Kind.LIVE).order_by("pk")
    if reaches(query, found.pk, dict(live.values_list("pk", "query"))):
        raise SegmentCycle
    found.query = query
    save(found)
    return found


@transaction.atomic
def change_segment(
    *, by: User, segment: Segment, revision: int, name: str | None = None, reach: str | None = None
) -> Segment:
    """Call one's own segment otherwise, or share it, or no longer. Raises NotPermitted, Conflict and Invalid."""
    found = _own(by, segment, revision)
    if name is not None:
        found.name = " ".join(name.split())
    if reach is not None:
        _share(by, found, reach)
    save(found)
    return found


@transaction.atomic
def add_to_segment(*, by: User, segment: Segment, client_ids: Collection[int]) -> int:
    """Put clients that the user may see into their own static segment; how many were not in it.

    Raises NotPermitted and NotStatic.
    """
    found = _static(by, segment)
    return _fill(found, Client.objects.visible_to(by).filter(pk__in=client_ids))


@transaction.atomic
def take_from_segment(*, by: User, segment: Segment, client_ids: Collection[int]) -> int:
    """Take clients out of one's own static segment; how many were in it. Raises NotPermitted and NotStatic."""
    found = _static(by, segment)
    members = SegmentMember.objects.filter(segment=found, client__in=client_ids)
    gone, _models = members.delete()
    return gone


@transaction.atomic
def remove_segment(*, by: User, segment: Segment, revision: int) -> None:
    """Do without one's own segment; what rests on it says so. Raises NotPermitted and Conflict."""
    found = _own(by, segment, revision)
    found.removed_at = timezone.now()
    save(found)


def _check_reader(by: User) -> None:
    if not by.has_perm("crm.view_client"):
        raise NotPermitted


def _own(by: User, segment: Segment, revision: int) -> Segment:
    found = Segment.objects.select_for_update().get(pk=segment.pk)
    if found.owner_id != by.pk or found.removed_at is not None:
        raise NotPermitted
    if found.revision != revision:
        raise Conflict
    found.revision += 1
    return found


def _static(by: User, segment: Segment) -> Segment:
    found = Segment.objects.select_for_update().get(pk=segment.pk)
    if found.owner_id != by.pk or found.removed_at is not None:
        raise NotPermitted
    if found.kind != Segment.Kind.STATIC:
        raise NotStatic
    return found


def _share(by: User, segment: Segment, reach: str) -> None:
    if reach == Reach.TEAM and by.team_id is None:
        raise NotPermitted
    if reach == Reach.HOUSE and not by.has_perm("crm.share_views"):
        raise NotPermitted
    segment.reach = reach
    segment.team_id = by.team_id if reach == Reach.TEAM else None


def _check_filter(by: User, query: str) -> None:
    """A filter may name segments that its owner may use, and no other ones."""
    if len(query) > LONGEST_QUERY:
        raise Invalid({"query": [_("The filter is too long to be kept. Use fewer conditions.")]})
    named = named_in(query)
    if named - visible_among(named, by):
        raise Invalid({"query": [_("The filter names a segment that there is not, or not any more.")]})


def _fill(segment: Segment, clients: QuerySet[Client]) -> int:
    """Put clients into a static segment, in one statement."""
    sql, params = ids_as_sql(clients)
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(clients=sql), [segment.pk, *params])
        return cursor.rowcount

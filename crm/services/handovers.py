"""Handing a book of clients over: to one colleague or spread over several, in one transaction, and taken back in one.

What goes with the clients is registered by the apps (`slots.handover_parts`); each part is one statement, however many
clients there are.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import slots
from crm.errors import DomainError, Invalid, NotPermitted
from crm.models import Handover, HandoverItem, User
from crm.selectors.handovers import CLIENTS, NothingToHandOver, Plan, check_manager, parts_of, shares_of
from crm.services.notices import NoticeRow, notify_many

UNDO_DAYS: Final = 14
HANDED: Final = "book-handed-over"
"""The kind of notice that who gets clients and who gave them get."""
# What is of a client that left the book while this was prepared stays with whoever has it.
MOVE: Final = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(given)s::jsonb) AS g (client bigint, receiver bigint)
), moved AS (
    UPDATE {table} t SET {owner} = g.receiver{version}
    FROM given g
    WHERE {client} = g.client AND t.{owner} = %(giver)s AND ({current})
        AND (%(part)s = 'clients' OR EXISTS (
            SELECT FROM crm_handoveritem c WHERE c.handover_id = %(handover)s AND c.part = 'clients'
            AND c.client_id = g.client))
    RETURNING t.id, g.client, g.receiver
)
INSERT INTO crm_handoveritem (handover_id, part, item, client_id, to_id)
SELECT %(handover)s, %(part)s, id, client, receiver FROM moved ORDER BY id
"""
# What is of no client is dealt out, one after the other.
DEAL: Final = """
WITH dealt AS (
    SELECT t.id, (%(receivers)s::bigint[])[
        1 + mod(row_number() OVER (ORDER BY t.id) - 1, cardinality(%(receivers)s::bigint[]))::int] AS receiver
    FROM {table} t WHERE t.{owner} = %(giver)s AND ({current})
), moved AS (
    UPDATE {table} t SET {owner} = d.receiver{version}
    FROM dealt d WHERE d.id = t.id AND t.{owner} = %(giver)s AND ({current})
    RETURNING t.id, d.receiver
)
INSERT INTO crm_handoveritem (handover_id, part, item, to_id)
SELECT %(handover)s, %(part)s, id, receiver FROM moved ORDER BY id
"""
# What went with a client comes back with it, or stays with it.
TAKE_BACK: Final = """
WITH back AS (
    UPDATE {table} t SET {owner} = %(giver)s{version}
    FROM crm_handoveritem i
    WHERE i.handover_id = %(handover)s AND i.part = %(part)s AND i.item = t.id AND t.{owner} = i.to_id
        AND ({current})
        AND (i.part = 'clients' OR i.client_id IS NULL OR EXISTS (
            SELECT FROM crm_handoveritem c WHERE c.handover_id = i.handover_id AND c.part = 'clients'
            AND c.client_id = i.client_id AND c.state = 'returned'))
    RETURNING t.id
)
UPDATE crm_handoveritem i SET state = CASE WHEN i.item IN (SELECT id FROM back) THEN 'returned' ELSE 'kept' END
WHERE i.handover_id = %(handover)s AND i.part = %(part)s
"""


class CannotUndo(DomainError):
    code = "handover_not_undone"
    message = gettext_lazy(
        "This handover was undone already, or its time is over. Hand the clients over anew."
    )


@transaction.atomic
def hand_over(*, by: User, plan: Plan, reason: str) -> Handover:
    """Hand clients over with what goes with them, and tell everybody concerned.

    Clients that left the book meanwhile stay where they are. Raises what `shares_of` does, and Invalid without a reason.
    """
    if not reason.strip():
        raise Invalid({"reason": [_("Say why the clients are handed over.")]})
    shares = shares_of(plan, by)
    assert plan.giver.team is not None  # whoever holds a book has one
    made = Handover.objects.create(
        team=plan.giver.team,
        from_rm=plan.giver,
        by=by,
        reason=reason.strip(),
        undo_until=timezone.now() + timedelta(days=UNDO_DAYS),
    )
    given = [
        {"client": pk, "receiver": share.receiver.pk} for share in shares for pk in sorted(share.clients)
    ]
    receivers = [share.receiver.pk for share in shares]
    for part in parts_of(plan, by):
        _run(MOVE if part.client else DEAL, part, made, given=json.dumps(given), receivers=receivers)
    if not made.items.filter(part=CLIENTS.key).exists():
        raise NothingToHandOver(name=plan.giver.name)
    _tell(made, "given", by)
    return made


@transaction.atomic
def undo_handover(*, by: User, handover: Handover) -> Handover:
    """Take back what nothing else has changed since; each thing says what became of it (`HandoverItem.state`).

    Raises NotPermitted, CannotUndo, and NotAManager where who gave the clients cannot take them any more.
    """
    found = Handover.objects.select_for_update(of=("self",)).select_related("from_rm").get(pk=handover.pk)
    if not by.has_perm("crm.assign_rm") or found.team_id != by.team_id:
        raise NotPermitted
    if found.undone_at is not None or found.undo_until < timezone.now():
        raise CannotUndo
    check_manager(found.from_rm, by)
    keys = set(found.items.values_list("part", flat=True))
    for part in [CLIENTS, *(one for one in slots.handover_parts if one.key in keys)]:
        _run(TAKE_BACK, part, found)
    found.undone_at, found.undone_by = timezone.now(), by
    found.save(update_fields=["undone_at", "undone_by"])
    _tell(found, "returned", by)
    return found


def _run(statement: str, part: slots.HandoverPart, handover: Handover, **values: str | list[int]) -> None:
    """One statement for a part; its names are our own, its values parameters."""
    version = f", {part.version} = t.{part.version} + 1" if part.version else ""
    names = {
        "table": apps.get_model(part.model)._meta.db_table,
        "owner": part.owner,
        "client": part.client,
        "current": part.current,
        "version": version,
    }
    params = {"handover": handover.pk, "part": part.key, "giver": handover.from_rm_id, **values}
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**names), params)


def _tell(handover: Handover, what: str, by: User) -> None:
    """Who got the clients, and who gave them."""
    state = HandoverItem.State.RETURNED if what == "returned" else HandoverItem.State.MOVED
    moved = handover.items.filter(part=CLIENTS.key, state=state).values_list("to", flat=True)
    counts: dict[int, int] = {}
    for receiver in moved:
        counts[receiver] = counts.get(receiver, 0) + 1
    counts[handover.from_rm_id] = len(moved)
    common = {
        "what": what,
        "giver": handover.from_rm_id,
        "name": handover.from_rm.name,
        "name_zh": handover.from_rm.name_zh,
        "by": by.name,
        "by_zh": by.name_zh,
    }
    notify_many(
        kind=HANDED,
        rows=[
            NoticeRow(
                event=f"{HANDED}:{handover.pk}:{what}",
                recipient=person,
                params={**common, "count": count, "is_giver": person == handover.from_rm_id},
            )
            for person, count in sorted(counts.items())
            if person != by.pk
        ],
    )

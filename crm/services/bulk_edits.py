"""Changing many clients at once: chosen, planned, applied in the background, and taken back, each in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

import pghistory
from django.db import connection, transaction
from django.db.models.functions import Now
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.bulk.acts import chosen, offers
from crm.cover import stood_in_for
from crm.errors import DomainError, NotPermitted
from crm.exporting.clients import words_of
from crm.models import BulkEdit, Client, Role, User
from crm.selectors.client_list import ListQuery
from crm.services import edits
from crm.signals import records_changed
from crm.undoing.records import take_back

MOST = 100_000
Status = BulkEdit.Status

PLAN = """
INSERT INTO crm_bulkitem (edit_id, client_id, outcome, before, code)
SELECT %(edit)s, f.id, CASE WHEN f.code <> '' THEN 'refuse' WHEN f.same THEN 'same' ELSE 'change' END, f.before, f.code
FROM (SELECT c.id, {before} AS before, ({same}) AS same, CASE {refusals} ELSE '' END AS code
      FROM crm_client c WHERE c.id = ANY(%(clients)s)) f
"""
STALE = """
WITH n AS (SELECT c.id, {before} AS before, ({same}) AS same, CASE {refusals} ELSE '' END AS code
           FROM crm_client c WHERE c.id = ANY(%(clients)s))
UPDATE crm_bulkitem i SET outcome = 'refuse', code = CASE WHEN n.code <> '' THEN n.code ELSE 'changed_since' END
FROM n WHERE i.edit_id = %(edit)s AND i.outcome = 'change' AND n.id = i.client_id
    AND (n.code <> '' OR n.same OR n.before <> i.before)
"""


class NobodyChosen(DomainError):
    code = "nobody_chosen"
    message = _("Select at least one client first.")
    status = 400


class TooMany(DomainError):
    code = "too_many_clients"
    message = _("At most %(most)d clients are changed at once. Narrow the list.")
    status = 400


class UnknownAct(DomainError):
    code = "unknown_act"
    message = _("There is no such change. Choose one of the list.")
    status = 400


@transaction.atomic
def choose(*, by: User, clients: Collection[int] = (), query: str | None = None) -> BulkEdit:
    """Begin a change to these clients, or to all that the list of an address shows; among those that the user sees.

    Raises NotPermitted, NobodyChosen and TooMany."""
    if not by.has_perm("crm.change_client"):
        raise NotPermitted
    words = ""
    found = Client.objects.visible_to(by).filter(pk__in=clients)
    if query is not None:
        asked = ListQuery.read(QueryDict(query), by, exact=True)
        found, words = asked.clients(), words_of(asked)
    ids = list(found.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if not ids:
        raise NobodyChosen
    if len(ids) > MOST:
        raise TooMany(most=MOST)
    edit = BulkEdit(by=by, clients=ids, words=words)
    edit.save()
    return edit


@transaction.atomic
def plan(*, by: User, edit: BulkEdit, act: str, value: str) -> BulkEdit:
    """Find what a change would do to each client. Raises NotPermitted, WrongMoment, UnknownAct and Invalid."""
    found, entry = _own(by, edit, (Status.DRAFT, Status.PLANNED)), slots.bulk_acts.get(act, by)
    if entry is None:
        raise UnknownAct
    found.act = act
    found.value, found.label = chosen(entry, by, value)
    found.items.all().delete()
    _run(PLAN, found, entry)
    return edits.counted(found, Status.PLANNED)


@transaction.atomic
def apply(*, by: User, edit: BulkEdit) -> BulkEdit:
    """Change the clients as planned. Raises NotPermitted and WrongMoment."""
    return _start(_own(by, edit, (Status.PLANNED,)), Status.APPLYING)


@transaction.atomic
def undo(*, by: User, edit: BulkEdit) -> BulkEdit:
    """Take the change back; clients that somebody changed since stay as they are. Raises NotPermitted, WrongMoment."""
    return _start(_own(by, edit, (Status.APPLIED,)), Status.UNDOING)


def run_edit(edit_id: int) -> None:
    """Do the work that an edit waits for, unless somebody else holds it. Safe to repeat."""
    edits.run(BulkEdit, edit_id, _work)


def _work(claimed: BulkEdit) -> None:
    name = "bulk_edit" if claimed.status == Status.APPLYING else "undone_bulk_edit"
    with pghistory.context(**{name: claimed.pk}, user=claimed.by_id) as context, transaction.atomic():
        edit = edits.still_claimed(claimed)
        if edit is None:
            return
        act = slots.bulk_acts.get(edit.act, edit.by)
        if act is None or not offers(act, edit):  # the right to it, or the value, was lost meanwhile
            status: str = Status.FAILED
        elif edit.status == Status.APPLYING:
            status, edit.written_in = _apply(edit, act), context.id
        else:
            assert edit.written_in
            edit.counts["kept"] = take_back(written_in=edit.written_in, by=edit.by, models=act.models).kept
            status = Status.UNDONE
        edit.lease_until, edit.finished_at = None, Now()
        edits.counted(edit, status)
        records_changed()


def _apply(edit: BulkEdit, act: slots.BulkAct) -> str:
    """What changed since it was planned is refused rather than overwritten."""
    list(Client.objects.select_for_update().filter(pk__in=edit.clients).order_by("pk").values_list("pk"))
    _run(STALE, edit, act)
    _run(act.write, edit, act)
    return Status.APPLIED


def _run(statement: str, edit: BulkEdit, act: slots.BulkAct) -> None:
    refusals = [("not_held", f"NOT coalesce({_held(edit.by)}, false)"), *act.refusals]
    cases = " ".join(f"WHEN {where} THEN '{code}'" for code, where in refusals)
    if statement is not act.write:
        statement = statement.format(before=act.before, same=act.same, refusals=cases)
    params: dict[str, Any] = {
        "edit": edit.pk,
        "clients": edit.clients,
        "value": edit.value,
        "by": edit.by_id,
        "today": timezone.localdate(),
        "team": edit.by.team_id,
        "books": [edit.by_id, *stood_in_for(edit.by)],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _held(user: User) -> str:
    """Whether the user may change the client `c`, as `crm.querysets.hold` says it, and it is not part of another."""
    team = "c.merged_into_id IS NULL AND c.team_id = %(team)s"
    own: dict[str, str] = {Role.RM: f"{team} AND c.rm_id = ANY(%(books)s)", Role.TEAM_LEAD: team}
    return own.get(user.role, "false")


def _own(by: User, edit: BulkEdit, statuses: Collection[str]) -> BulkEdit:
    found: BulkEdit = edits.own(edit, by, "crm.change_client", statuses)
    return found


def _start(edit: BulkEdit, status: str) -> BulkEdit:
    edits.start(edit, status)
    work = partial(edits.go, edit.pk, len(edit.clients), run_edit, "crm.tasks.run_bulk_edit")
    transaction.on_commit(work, robust=True)
    return edit

"""The way of an act on many records, `BulkEdit` and what is like it: planned, done in the background, taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from celery import current_app
from django.db.models import Count, Model

from crm.errors import NotPermitted
from crm.imports.errors import WrongMoment
from crm.models import BulkEdit, User
from crm.services import claims

E = TypeVar("E", bound=Model)
AT_ONCE = 500
"""Up to so many records are changed while the user waits."""


def own(edit: Any, by: User, permission: str, statuses: Collection[str]) -> Any:
    """The edit, locked; it is its maker's alone. Raises NotPermitted and WrongMoment."""
    found = type(edit).objects.select_for_update(of=("self",)).select_related("by").get(pk=edit.pk)
    if found.by_id != by.pk or not by.has_perm(permission):
        raise NotPermitted
    if found.status not in statuses:
        raise WrongMoment
    return found


def start(edit: Any, status: str) -> None:
    """Let it wait for the work that `status` names."""
    edit.status, edit.attempts, edit.lease_until = status, 0, None
    edit.save()


def go(edit_id: int, records: int, run: Callable[[int], None], task: str) -> None:
    """Few records at once; many by a worker, for whom this is only a doorbell."""
    if records <= AT_ONCE:
        run(edit_id)
    else:
        current_app.send_task(task, args=[edit_id])


def run(model: type[E], edit_id: int, work: Callable[[E], None]) -> None:
    """Do the work that an edit waits for, unless somebody else holds it. Safe to repeat."""
    claimed = claims.claim(model, edit_id, BulkEdit.RUNNING, status=BulkEdit.Status.FAILED)
    if claimed is None:
        return
    try:
        work(claimed)
    except BaseException:
        claims.release(claimed)
        raise


def still_claimed(claimed: Any) -> Any:
    """The edit, locked; None where the lease ran out and another worker took over."""
    held = type(claimed).objects.select_for_update(of=("self",)).select_related("by")
    return held.filter(pk=claimed.pk, attempts=claimed.attempts, status=claimed.status).first()


def counted(edit: Any, status: str) -> Any:
    """Bring the edit to a status, with what became of its records: {outcome: records}."""
    kept = {"kept": edit.counts["kept"]} if "kept" in edit.counts else {}
    found = edit.items.values_list("outcome").annotate(n=Count("pk")).order_by()
    edit.counts = dict(found) | kept
    edit.status = status
    edit.save()
    return edit

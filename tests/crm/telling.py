"""A kind of notice and a kind of task of their own, for tests that tell of something."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from crm import notices, tasks_kinds
from crm.models import Task, User
from crm.notices import NoticeKind
from crm.tasks_kinds import TaskKind
from tests.factories import make_user

DUE = timezone.localdate() + timedelta(days=2)


def kind_of_notice(key: str = "fell", severity: notices.Severity = "warn", mail: bool = True) -> NoticeKind:
    return NoticeKind(
        key,
        "Fell",
        lambda params: f"{params['what']} fell",
        lambda params: f"/fell/{params['what']}/",
        severity,
        mail,
    )


@contextmanager
def known(*kinds: NoticeKind | TaskKind) -> Iterator[None]:
    """Register kinds for a while."""
    told = {kind.key: kind for kind in kinds if isinstance(kind, NoticeKind)}
    given = {kind.key: kind for kind in kinds if isinstance(kind, TaskKind)}
    with patch.dict(notices.kinds.by_key, told), patch.dict(tasks_kinds.kinds.by_key, given):
        yield


def visit() -> TaskKind:
    return TaskKind("visit", "Visit", lambda params: f"Visit {params['what']}", lambda params: "")


def make_task(assignee: User | None = None, **fields) -> Task:
    """An open task of the assignee's, with words of its own unless a kind is given."""
    fields.setdefault("title", "" if fields.get("kind") else "Ask for the accounts")
    assignee = assignee or (None if fields.get("client") else make_user())
    return Task.objects.create(assignee=assignee, **{"due_on": DUE, **fields})

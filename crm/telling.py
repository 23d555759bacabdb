"""Notices and tasks in the reader's words, made when they are read from kind and parameters."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm import notices, tasks_kinds
from crm.models import Notice, Task

logger = logging.getLogger(__name__)

Words = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class NoticeLine:
    """A notice as it is shown. `url` is empty where there is nothing to go to."""

    notice: Notice
    label: str
    text: str
    url: str
    severity: notices.Severity

    @property
    def is_unread(self) -> bool:
        return self.notice.read_at is None


def line_of(notice: Notice) -> NoticeLine:
    """The notice in words. One of a kind that is no more, or whose thing is gone, says so instead of failing."""
    kind = notices.kinds.get(notice.kind)
    if kind is None:
        return NoticeLine(
            notice, _("Notice"), _("Something happened that Strata no longer tells of."), "", "info"
        )
    text = _made(kind.text, notice.params, notice) or str(kind.label)
    return NoticeLine(notice, str(kind.label), text, _made(kind.url, notice.params, notice), kind.severity)


def task_text(task: Task) -> str:
    """What is to be done, in words."""
    return words_of_task(task.kind, task.title, task.params)


def words_of_task(kind: str, title: str, params: Mapping[str, Any]) -> str:
    """What is to be done, of what a task keeps: its title, or the words of its kind."""
    known = tasks_kinds.kinds.get(kind) if kind else None
    if known is None:
        return title or _("Task")
    return _made(known.text, params, kind) or str(known.label)


def task_url(task: Task) -> str:
    """Where the work is done: what its kind names, else the client; empty where there is neither."""
    kind = tasks_kinds.kinds.get(task.kind) if task.kind else None
    url = _made(kind.url, task.params, task) if kind else ""
    if url or task.client_id is None:
        return url
    return reverse("crm:client", args=[task.client_id])


def _made(words: Words, params: Mapping[str, Any], thing: object) -> str:
    """One row with parameters of another age must not take the whole list away."""
    try:
        return words(params)
    except Exception:
        logger.exception("No words for %s", thing)
        return ""

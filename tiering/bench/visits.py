"""Somebody who asks for pages, and what a request takes of the processor in the web process and in its database."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from django.test import Client as Visitor

from crm.models import User
from crm.paging import Page
from tiering.bench.clocks import Backend, Spent


class Listed(Protocol):
    """A list that is read by pages."""

    def page(self, *, after: str = "") -> Page[Any]: ...


def visitor_of(user: User) -> Visitor:
    visitor = Visitor(headers={"host": "localhost"})
    visitor.force_login(user)
    return visitor


def served(act: Callable[[], object], backend: Backend) -> Spent:
    """What a request takes on the wall, and of the processor in the web process and in the database."""
    begun = time.process_time()
    spent = backend.time(act)
    cpu = None if spent.cpu is None else spent.cpu + time.process_time() - begun
    return Spent(spent.wall, cpu)


def token_of(asked: Listed, number: int) -> str:
    """What leads to the page of that number; nothing where there are not so many."""
    token = ""
    for _page in range(number - 1):
        token = asked.page(after=token).next
        if not token:
            break
    return token

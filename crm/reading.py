"""What a page reads once, however many of its fragments ask for it, all of it as of one moment.

Fragments know nothing of each other, so each asks for the client, the schemes, the policies it needs. While a page is
read (`one_reading`), a function marked `read_once` answers the same arguments from what it found the first time.
Nothing is kept beyond the page, so nothing has to be forgotten when a record changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from django.utils import timezone

P = ParamSpec("P")
R = TypeVar("R")

_found: ContextVar[dict[Hashable, Any] | None] = ContextVar("found", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Within, what is marked `read_once` is read once. For what writes nothing; inside another it is part of that."""
    if _found.get() is not None:
        yield
        return
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def is_reading() -> bool:
    """Whether a page is being read."""
    return _found.get() is not None


def read_once(function: Callable[P, R]) -> Callable[P, R]:
    """The function, asked once for the same arguments (hashable ones) within one reading, and each time outside.

    They are the same whether they are named, or left to their defaults, or neither.
    """
    rest = [(one.name, one.default) for one in signature(function).parameters.values()]

    @wraps(function)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R:
        found = _found.get()
        if found is None:
            return function(*args, **kwargs)
        key = (function, *args, *(kwargs.get(name, default) for name, default in rest[len(args) :]))
        if key not in found:
            found[key] = function(*args, **kwargs)
        return found[key]

    return reading


@read_once
def moment() -> datetime:
    """The moment that the page is of: the same for all its fragments."""
    return timezone.now()

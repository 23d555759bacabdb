"""The kinds of tasks that the house gives people. A task keeps its kind and parameters; its words are made when read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm.kinds import Kinds

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class TaskKind:
    """`text` and `url` are made of the task's params in the reader's language; an empty `url` leads to the client."""

    key: str
    label: _StrOrPromise
    text: Callable[[Mapping[str, Any]], str]
    url: Callable[[Mapping[str, Any]], str]


kinds: Kinds[TaskKind] = Kinds()

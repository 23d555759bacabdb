"""The kinds of notices that people get. A notice keeps its kind and parameters; its words are made when it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from crm.kinds import Kinds

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Severity = Literal["info", "warn", "bad"]


@dataclass(frozen=True)
class NoticeKind:
    """`text` and `url` are made of the notice's params in the reader's language; `url` may be empty.

    `mail` says whether it goes into mails unless somebody chooses otherwise. What is `bad` cannot be switched off in
    the page, and is told there as soon as it comes up.
    """

    key: str
    label: _StrOrPromise
    text: Callable[[Mapping[str, Any]], str]
    url: Callable[[Mapping[str, Any]], str]
    severity: Severity = "info"
    mail: bool = True

    @property
    def is_bad(self) -> bool:
        return self.severity == "bad"


kinds: Kinds[NoticeKind] = Kinds()

"""The kinds of notices that people get. A notice keeps its kind and parameters; its words are made when it is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from crm.kinds import Kinds
from crm.models.users import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Severity = Literal["info", "warn", "bad"]


@dataclass(frozen=True)
class NoticeKind:
    """`text` and `url` are made of the notice's params in the reader's language; `url` may be empty.

    `mail` says whether it goes into mails unless somebody chooses otherwise. What is `bad` cannot be switched off in
    the page, and is told there as soon as it comes up. `reaches` are the roles that it can be told to. `is_retold`: the
    event is told as long as it lasts, and only the notice that is there keeps it from being told again.
    """

    key: str
    label: _StrOrPromise
    text: Callable[[Mapping[str, Any]], str]
    url: Callable[[Mapping[str, Any]], str]
    severity: Severity = "info"
    mail: bool = True
    reaches: Collection[Role] = tuple(Role)
    is_retold: bool = False

    @property
    def is_bad(self) -> bool:
        return self.severity == "bad"


OFFICERS: Final = (Role.RISK_OFFICER,)
BOOKHOLDERS: Final = (Role.RM, Role.TEAM_LEAD)
DEALERS: Final = (*BOOKHOLDERS, *OFFICERS)
"""Who deals with clients: their RMs, leads of teams, risk officers."""

kinds: Kinds[NoticeKind] = Kinds()

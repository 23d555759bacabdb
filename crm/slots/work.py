"""Entries of what goes across clients: who needs somebody, calendars, handovers, the search, outcomes of campaigns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm.slots.entry import Entry

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrOrPromise

    from crm.attention import Found, Looking
    from crm.days import CalendarEntry
    from crm.models import User


@dataclass(frozen=True, kw_only=True)
class Attention(Entry):
    """A source of lines under "Who needs you" on Today. `more` is the address of all of them, or empty."""

    load: Callable[[Looking], Found]
    icon: str
    more: Callable[[Looking], str] = lambda looking: ""


@dataclass(frozen=True, kw_only=True)
class CalendarSource(Entry):
    """Days of one kind on somebody's calendar, from one day to another, both of them included."""

    icon: str
    load: Callable[[Looking, date, date], Sequence[CalendarEntry]]


@dataclass(frozen=True, kw_only=True)
class HandoverPart(Entry):
    """What goes with a book to another RM: the rows of `model` (app.Model) whose `owner` column names who has them.

    `client` names the client of the row `t`, with which it goes; empty for rows of no client, which all go with the book
    as a whole. Only rows for which `current` holds go: SQL, our own text. `version` is a column that counts changes.
    """

    model: str
    owner: str
    client: str = "t.client_id"
    current: str = "true"
    version: str = ""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A record that the search found, and how well it answers: smaller ranks first (`crm.selectors.nearest`)."""

    label: _StrOrPromise
    url: str
    rank: tuple[int, ...]
    detail: str = ""
    badge: str = ""
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class SearchSource(Entry):
    """A kind of record that the search goes through.

    `find` gives, in a constant number of queries, at most so many records that hold the words (`crm.core.terms`) and
    that the user may see, best first.
    """

    find: Callable[[User, Sequence[str], int], Sequence[Hit]]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A case that may have come of an invitation: `amount` in units of its `currency`."""

    pk: int
    label: str
    url: str
    amount: Any
    currency: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class OutcomeSource(Entry):
    """Where campaigns lead to: an app above crm has cases.

    `offered` gives the cases of clients by client id, `told` those of ids; each in a constant number of queries, and
    only what the user may see.
    """

    offered: Callable[[Sequence[int], User], Mapping[int, Sequence[Outcome]]]
    told: Callable[[Sequence[int], User], Sequence[Outcome]]

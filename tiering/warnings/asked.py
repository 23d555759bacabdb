"""Conditions of warnings asked by themselves: of how many clients each holds, and of which of some it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from tiering.core.metric import Catalogue
from tiering.core.warnings import Indicator, Trigger, Warnings
from tiering.models import Facts
from tiering.models.tiers import IN_FORCE
from tiering.warnings.statement import finding, of_clients, of_every

MOST_CLIENTS: Final = 20_000
"""In a larger book one client in so many is looked at."""


@dataclass(frozen=True)
class Counted:
    """How many of the clients meet each condition; in a large book as reckoned from one client in `step`."""

    counts: tuple[int, ...]
    clients: int
    step: int


def as_warnings(triggers: Iterable[tuple[str, Trigger]]) -> Warnings:
    """Conditions as indicators of those keys, of which nothing but the condition counts."""
    return Warnings(tuple(_bare(key, trigger) for key, trigger in triggers))


def count_clients(triggers: Sequence[Trigger], as_of: datetime, catalogue: Catalogue) -> Counted:
    """Of how many clients of the whole book each condition holds. For people who see the whole book."""
    clients = Facts.objects.filter(IN_FORCE).count()
    step = max(1, -(-clients // MOST_CLIENTS))
    statement, params = finding(_numbered(triggers), of_every(step), as_of, catalogue)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT indicator, count(*) FROM ({statement}) AS found GROUP BY 1", params)
        found = dict(cursor.fetchall())
    return Counted(tuple(step * found.get(str(at), 0) for at in range(len(triggers))), clients, step)


def holding(triggers: Sequence[Trigger], client: int, as_of: datetime, catalogue: Catalogue) -> list[bool]:
    """Which of the conditions hold of a client, by its facts in force."""
    statement, params = finding(_numbered(triggers), of_clients([client]), as_of, catalogue)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT indicator FROM ({statement}) AS found WHERE client_id = %(client)s",
            {**params, "client": client},
        )
        found = {key for (key,) in cursor.fetchall()}
    return [str(at) in found for at in range(len(triggers))]


def _numbered(triggers: Sequence[Trigger]) -> Warnings:
    return as_warnings((str(at), one) for at, one in enumerate(triggers))


_NAMES: Final[Mapping[str, str]] = {"en": "", "zh": ""}


def _bare(key: str, trigger: Trigger) -> Indicator:
    return Indicator(key, _NAMES, trigger, None, "info", "rm", 0, 1, _NAMES, "task", resolves_itself=False)

"""Rows that the house itself worked out from a record: they go with it, and do not keep it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.models import StageChange

if TYPE_CHECKING:
    from django.db.models import Model


@dataclass(frozen=True)
class Along:
    """Rows of `model` that refer to a record by `column`; `triggers` (pgtrigger URIs) would else hold them back."""

    model: type[Model]
    column: str
    triggers: Sequence[str] = ()


ALONG: dict[str, list[Along]] = {"crm.client": [Along(StageChange, "client_id")]}
DERIVED = {"crm.client": {"status", "life_cycle"}}
"""Columns that the house derives by a rule: where only it changed them since, nobody went on with the record."""


def goes_with(record: str, *rows: Along) -> None:
    """Register rows that go with a record (a model's label), in the order in which they can go."""
    ALONG.setdefault(record, []).extend(rows)

"""How apps above crm add a kind of import of their own: crm knows its name, they know what a row of it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm.imports.kinds import KINDS, Kind
from crm.imports.messages import MESSAGES
from crm.imports.passes import WAYS, Way
from crm.selectors.imports import RECORDS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def add_kind(
    kind: Kind,
    way: Way,
    *,
    messages: Mapping[str, tuple[_StrOrPromise, _StrOrPromise]],
    records: Mapping[str, _StrOrPromise],
) -> None:
    """Register a kind, the way its rows are checked and written (see `passes`), the words for its refusals (reason and
    fix by code) and for what it counts (`ImportJob.records`)."""
    KINDS[kind.name] = kind
    WAYS[kind.name] = way
    MESSAGES.update(messages)
    RECORDS.update(records)

"""The exit condition of an entry of the watch list in words, with the facts that it asks for today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tiering import display
from tiering.core.metric import Catalogue
from tiering.core.warnings import read_trigger
from tiering.models import Facts, WatchlistEntry
from tiering.models.tiers import IN_FORCE
from tiering.pages.warning_words import Evidence, trigger_text


@dataclass(frozen=True)
class Exit:
    """`since` when the condition holds, None where it does not; `facts` are the values of today that it asks for."""

    words: str
    since: datetime | None
    facts: Sequence[Evidence]


def exit_of(entry: WatchlistEntry, names: Catalogue) -> Exit | None:
    """The exit condition of an entry that was read `with_exit()`; None where it has none."""
    if entry.exit_when is None:
        return None
    trigger = read_trigger(entry.exit_when)
    facts = Facts.objects.filter(IN_FORCE, client=entry.client_id).first()
    values = facts.values() if facts else {}
    read = [
        Evidence(display.metric_label(key, names), display.metric_value(key, values.get(key), names))
        for key in sorted(trigger.metrics)
    ]
    return Exit(trigger_text(trigger, names), entry.exit_holds_since, read)

"""What the sources of a client say, in words: each value with its source and day, which one counts, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.sources import DECIDED, GOVERNED, RECORD, STATEMENT
from tiering import display
from tiering.core.metric import Catalogue
from tiering.models import Facts, SourceConflict, SourceDecision
from tiering.pages.quality import Definition, definition_of
from tiering.selectors.told import Told, in_force, read_told
from tiering.services.sources import fingerprint

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

NAMES: Final[Mapping[str, _StrOrPromise]] = {
    STATEMENT: gettext_lazy("Financial statement"),
    RECORD: gettext_lazy("Client record"),
    GOVERNED: gettext_lazy("Override"),
    DECIDED: gettext_lazy("Decision between sources"),
    "questionnaire": gettext_lazy("Questionnaire"),
}
"""Sources of the house's own; others are called as they call themselves."""


def source_name(source: str) -> str:
    return str(NAMES.get(source, source))


@dataclass(frozen=True)
class Said:
    """What one source says, in words; `counts` where tiers rest on it."""

    source: str
    name: str
    text: str
    on: date | None
    counts: bool


@dataclass(frozen=True)
class Difference:
    """A metric that sources of a client tell differently: what each says, which counts and why, and what was decided."""

    conflict: SourceConflict
    definition: Definition
    said: Sequence[Said]
    why: str
    decision: SourceDecision | None

    @property
    def seen(self) -> str:
        return fingerprint(self.conflict.told)

    @property
    def counting(self) -> Said | None:
        return next((one for one in self.said if one.counts), None)

    @property
    def others(self) -> list[Said]:
        return [one for one in self.said if not one.counts]


def differences(conflicts: Collection[SourceConflict], names: Catalogue) -> Iterator[Difference]:
    """In the order given. Two queries."""
    ids = {one.client_id for one in conflicts}
    rows = Facts.objects.filter(client__in=ids, valid_to=None).values_list("client_id", "sources")
    rests_on: dict[int, Any] = dict(rows)
    standing = SourceDecision.objects.filter(client__in=ids, ended_at=None).select_related("decided_by")
    decided = {(one.client_id, one.metric): one for one in standing}
    for one in conflicts:
        decision = decided.get((one.client_id, one.metric))
        told = read_told(one.told)
        counting = _counting(told, decision, rests_on.get(one.client_id, {}), one.metric)
        yield Difference(
            conflict=one,
            definition=definition_of(one.metric, names),
            said=[_said(each, one.metric, each is counting, names) for each in told],
            why=_why(one, counting),
            decision=decision,
        )


def _counting(
    told: list[Told], decision: SourceDecision | None, sources: Mapping[str, Any], metric: str
) -> Told | None:
    """A decision counts from the moment it is made; the facts follow within moments."""
    if decision:
        return next((one for one in told if one.source == decision.source), None)
    return in_force(told, sources, metric)


def _said(one: Told, metric: str, counts: bool, names: Catalogue) -> Said:
    return Said(
        source=one.source,
        name=source_name(one.source),
        text=display.metric_value(metric, one.value, names),
        on=date.fromisoformat(one.on) if one.on else None,
        counts=counts,
    )


def _why(conflict: SourceConflict, counting: Told | None) -> str:
    match conflict.settled:
        case SourceConflict.Settled.DECISION:
            return _("Somebody decided so.")
        case SourceConflict.Settled.OVERRIDE:
            return _("An approved override sets it.")
        case SourceConflict.Settled.ORDER:
            return _("By the order of sources.")
    if counting is None:
        return ""
    if counting.kind == "observation":
        return _("The newest value counts, and an observed one before the client's record.")
    return _("The newest value counts.")

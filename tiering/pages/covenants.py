"""Covenants with what they rest on: the bound, the figure beside it, and whether that is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from crm.models import Client
from tiering import display
from tiering.core.conditions import Operator
from tiering.core.metric import Catalogue, Fact, Facts
from tiering.core.warning_readings import Covenant as Bound
from tiering.core.warning_readings import kept
from tiering.facts.facilities import figures_of
from tiering.models import Covenant
from tiering.models import Facts as Ledger
from tiering.models.tiers import IN_FORCE


@dataclass(frozen=True)
class Row:
    """`figure` is what it is held against; `is_kept` None where that is not known, or it does not bind on the day."""

    covenant: Covenant
    text: str
    figure: str
    is_kept: bool | None
    binds: bool


def rows_of(client: Client, covenants: Iterable[Covenant], day: date, names: Catalogue) -> list[Row]:
    """Covenants of a client, read with their facilities, as they stand on a day by the facts in force."""
    facts = Ledger.objects.filter(IN_FORCE, client=client).first()
    listed = list(covenants)
    own = figures_of([one.facility_id for one in listed if one.facility_id], day)
    return [_row(one, facts.values() if facts else {}, own, day, names) for one in listed]


def _row(one: Covenant, facts: Facts, own: dict[int, Facts], day: date, names: Catalogue) -> Row:
    bound = Bound(one.metric, cast(Operator, one.op), one.value, figures(one, own))
    is_open = one.facility is None or one.facility.closed_on is None or one.facility.closed_on > day
    binds = is_open and one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)
    fact: Fact = (facts if bound.own is None else bound.own).get(one.metric)
    return Row(
        one,
        covenant_text(one, names),
        display.metric_value(one.metric, fact, names),
        kept(bound, facts) if binds else None,
        binds,
    )


def figures(one: Covenant, own: dict[int, Facts]) -> Facts | None:
    """The figures of the facility, where the covenant is about these."""
    return own.get(one.facility_id or 0, {}) if one.is_of_facility else None


def covenant_text(covenant: Covenant, names: Catalogue) -> str:
    """A covenant as what has to hold: leverage at most 70%; of a facility with its number."""
    metric = display.metric_label(covenant.metric, names)
    what = (
        f"{metric} ({covenant.facility.number})" if covenant.facility and covenant.is_of_facility else metric
    )
    bound = display.metric_value(covenant.metric, covenant.value, names)
    return f"{what} {covenant.get_op_display()} {bound}"

"""The tables of a validation, line by line, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from crm.formats import MISSING, day, localized, money, percent
from crm.models import User
from tiering import display
from tiering.core.metric import Catalogue
from tiering.pages.runs import Cell, matrix_of
from tiering.pages.validation_words import (
    DECISIONS,
    POWERS,
    SHIFTS,
    SPREADS,
    WAYS,
    Word,
    change_text,
    interval_text,
    number,
    rate_text,
)
from tiering.selectors.trials import RankMove
from tiering.selectors.versions import VersionTier
from tiering.validation.readings import power_of, shift_of, spread_of

Json = Mapping[str, Any]


@dataclass(frozen=True)
class CohortLine:
    day: str
    clients: str
    tiered: str
    in_scope: str
    bad: str


@dataclass(frozen=True)
class TierLine:
    """A tier and how often its clients turned bad."""

    tier: VersionTier
    subjects: str
    bad: str
    rate: str
    interval: str
    exposure: str


@dataclass(frozen=True)
class PowerLine:
    """A dimension or an indicator, and what it tells alone."""

    label: str
    help: str
    gini: str
    information: str
    known: str
    word: str
    chip: str


@dataclass(frozen=True)
class ShiftLine:
    label: str
    index: str
    word: str
    chip: str


@dataclass(frozen=True)
class MoveRow:
    """The clients of a tier by the tier that they reached, each with its share of the row."""

    before: VersionTier
    cells: Sequence[tuple[Cell, str]]


@dataclass(frozen=True)
class Moves:
    """How clients moved between two days."""

    title: str
    rows: Sequence[MoveRow]
    up: str
    down: str
    entered: str
    left: str


@dataclass(frozen=True)
class SpreadLine:
    label: str
    index: str
    even: str
    word: str
    chip: str
    change: str


@dataclass(frozen=True)
class OutcomeLine:
    """Proposals of one kind, how many of their clients could have the outcome, and how many had it."""

    label: str
    decided: str
    subjects: str
    bad: str
    rate: str
    interval: str


@dataclass(frozen=True)
class OfficerLine:
    name: str
    decided: str
    rejected: str
    rate: str
    up: str
    down: str
    approved_bad: str
    rejected_bad: str


def cohort_lines(found: Json) -> list[CohortLine]:
    return [
        CohortLine(
            day(_date(one["day"])),
            *(intcomma(one[name]) for name in ("clients", "tiered", "in_scope", "bad")),
        )
        for one in found["cohorts"]
    ]


def tier_lines(found: Json, tiers: Sequence[VersionTier]) -> list[TierLine]:
    return [
        TierLine(
            tier=tier,
            subjects=intcomma(one["subjects"]),
            bad=intcomma(one["bad"]),
            rate=rate_text(one["rate"]),
            interval=interval_text(one["low"], one["high"]) if one["subjects"] else MISSING,
            exposure=money(one["exposure"]),
        )
        for one, tier in zip(found["tiers"], tiers, strict=True)
    ]


def dimension_lines(found: Json) -> list[PowerLine]:
    return [_power(one, display.label(one["label"])) for one in found["dimensions"]]


def indicator_lines(found: Json, names: Catalogue) -> list[PowerLine]:
    """The strongest first; those of which nothing can be said last."""
    ordered = sorted(found["indicators"], key=lambda one: -(one["gini"] if one["gini"] is not None else -2))
    return [
        _power(one, display.metric_label(one["metric"], names), display.metric_help(one["metric"], names))
        for one in ordered
    ]


def _power(one: Json, label: str, help: str = "") -> PowerLine:
    word, chip = _said(POWERS[power_of(one["gini"], one["information_value"])])
    return PowerLine(
        label=label,
        help=help,
        gini=number(one["gini"]),
        information=number(one["information_value"]),
        known=percent(one["known"]) if "known" in one else "",
        word=word,
        chip=chip,
    )


def shift_lines(found: Json, names: Catalogue) -> list[ShiftLine]:
    """Tiers and scores, then indicators, the least stable first."""
    stability = found["stability"]
    if stability is None:
        return []
    ordered = sorted(stability["indicators"], key=lambda one: -(one["index"] or 0))
    indicators = [_shift(display.metric_label(one["metric"], names), one["index"]) for one in ordered]
    return [_shift(_("Tiers"), stability["tiers"]), _shift(_("Scores"), stability["scores"]), *indicators]


def _shift(label: str, index: float | None) -> ShiftLine:
    return ShiftLine(label, number(index, 3), *_said(SHIFTS[shift_of(index)]))


def moves(found: Json, tiers: Sequence[VersionTier]) -> list[Moves]:
    """A matrix for each day and the next."""
    return [
        Moves(
            title=f"{day(_date(one['from']))} – {day(_date(one['to']))}",
            rows=list(_move_rows(one["matrix"], tiers)),
            up=number(one["up"]),
            down=number(one["down"]),
            entered=intcomma(one["entered"]),
            left=intcomma(one["left"]),
        )
        for one in found["migrations"]
    ]


def _move_rows(matrix: Sequence[Sequence[int]], tiers: Sequence[VersionTier]) -> Iterator[MoveRow]:
    counted: dict[RankMove, int] = {
        (before, after): n for before, row in enumerate(matrix) for after, n in enumerate(row)
    }
    for tier, row in zip(tiers, matrix_of(counted, tiers, lambda before, after: ""), strict=True):
        whole = sum(cell.clients for cell in row.cells)
        yield MoveRow(
            tier, [(cell, percent(cell.clients / whole) if cell.clients else "") for cell in row.cells]
        )


def spread_lines(found: Json) -> list[SpreadLine]:
    spread = found["concentration"]
    names = {"clients": _("By clients"), "exposure": _("By exposure")}
    return [
        SpreadLine(
            label,
            number(spread[key], 3),
            number(spread["even"], 3),
            *_said(SPREADS[spread_of(spread[key], len(found["tiers"]))]),
            change_text(spread[f"{key}_change"]),
        )
        for key, label in names.items()
    ]


def outcome_lines(found: Json) -> list[OutcomeLine]:
    """Upgrades and downgrades, followed or not."""
    return [
        OutcomeLine(
            label=f"{WAYS[one['way']]} · {DECISIONS[one['decision']]}",
            decided=intcomma(one["decided"]),
            subjects=intcomma(one["subjects"]),
            bad=intcomma(one["bad"]),
            rate=rate_text(one["rate"]),
            interval=interval_text(one["low"], one["high"]) if one["subjects"] else MISSING,
        )
        for one in found["overrides"]["ways"]
    ]


def officer_lines(found: Json) -> list[OfficerLine]:
    """Who decided, who rejected most first."""
    ordered = sorted(found["overrides"]["officers"], key=lambda one: (-one["rejected"], one["officer"]))
    people = User.objects.in_bulk([one["officer"] for one in ordered])
    return [
        OfficerLine(
            name=localized(people.get(one["officer"])),
            decided=intcomma(one["decided"]),
            rejected=intcomma(one["rejected"]),
            rate=percent(one["rate"]),
            up=intcomma(one["up"]),
            down=intcomma(one["down"]),
            approved_bad=_of_whole(one["approved_outcome"]),
            rejected_bad=_of_whole(one["rejected_outcome"]),
        )
        for one in ordered
    ]


def _of_whole(outcome: Json) -> str:
    told = {"bad": intcomma(outcome["bad"]), "subjects": intcomma(outcome["subjects"])}
    return _("%(bad)s of %(subjects)s") % told


def _said(word: Word) -> tuple[str, str]:
    return str(word[0]), word[1]


def _date(text: str) -> date:
    return date.fromisoformat(text)

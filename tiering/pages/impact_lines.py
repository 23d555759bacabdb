"""The parts of an impact sheet: tiles, a matrix, groups, movers, and what is newly missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, get_args
from urllib.parse import urlencode

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.formats import localized, money, money_number, percent
from crm.models import Client, Industry, Project, Region, Team, User
from tiering import display
from tiering.core.document import Document
from tiering.pages.heat import heat
from tiering.pages.impact_reasons import reason_texts
from tiering.preview.amounts import Amount, Grouping, Impact, Mover, Way
from tiering.preview.chosen import Only
from tiering.preview.reasons import Judge
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.versions import VersionTier

MOST_GROUPS: Final = 60
_MODELS: Final[Mapping[Grouping, type[Model]]] = {
    "sector": Industry, "rm": User, "team": Team, "region": Region,
}  # fmt: skip


@dataclass(frozen=True)
class Addresses:
    """Where a sheet stands as a page, where it is fetched from by itself, and where the subjects behind a figure are.

    ``sorts``: of which sorts it can tell the subjects, as of those whose move a person would have to decide.
    """

    page: str
    fragment: str
    clients: str
    fixed: Mapping[str, str] = field(default_factory=dict)
    sorts: Collection[Only] = get_args(Only)

    def behind(self, **chosen: str) -> str:
        """The way to the subjects behind a figure; empty where there is none."""
        if "only" in chosen and chosen["only"] not in self.sorts:
            return ""
        return f"{self.clients}?{urlencode({**self.fixed, **chosen})}"


@dataclass(frozen=True)
class Figure:
    """A tile: how many, what is beside it, and the way to the subjects (empty: nobody)."""

    key: str
    label: str
    value: str
    details: Sequence[str]
    address: str


@dataclass(frozen=True)
class HeatCell:
    text: str
    share: str
    css: str
    address: str


@dataclass(frozen=True)
class HeatRow:
    before: VersionTier | None
    cells: Sequence[HeatCell]


@dataclass(frozen=True)
class GroupLine:
    """A group, how many of it move, and with how much; `share_up` and `share_down` are widths of a bar."""

    name: str
    up: str
    down: str
    first: str
    exposure_up: str
    exposure_down: str
    share_up: str
    share_down: str
    addresses: Mapping[Way, str]


@dataclass(frozen=True)
class MoverLine:
    """A subject with its tiers: that before, that after, and what it is by the criteria where an override holds it."""

    mover: Mover
    client: Client
    project: Project | None
    exposure: str
    before: VersionTier | None
    after: VersionTier
    says: VersionTier
    score: int
    reasons: Sequence[str]


@dataclass(frozen=True)
class MissingLine:
    label: str
    newly: int
    address: str


def figures(impact: Impact, document: Document, to: Addresses) -> list[Figure]:
    """The tiles."""
    up, down, first = (impact.way(way) for way in ("up", "down", "first"))

    def moved(key: str, label: str, amount: Amount, **chosen: str) -> Figure:
        details = [
            _("exposure {amount}").format(amount=money(amount.exposure)),
            _("revenue {amount}").format(amount=money(amount.revenue)),
        ]
        return _figure(key, label, amount.subjects, details, to.behind(**chosen))

    found = [
        moved("up", _("Upgrades"), up, way="up"),
        moved("down", _("Downgrades"), down, way="down"),
        moved("reviews", _("Decisions needed"), impact.reviews, only="reviews"),
        _figure(
            "limits", _("Limits to review"), impact.limits.facilities,
            [_("sum {amount}").format(amount=money(impact.limits.amount)),
             ngettext("%(count)s client", "%(count)s clients", impact.limits.subjects)
             % {"count": intcomma(impact.limits.subjects)}],
            to.behind(only="limits"),
        ),
        moved("provisional", _("Newly provisional"), impact.provisional, only="provisional"),
    ]  # fmt: skip
    if impact.held.subjects:
        found.append(moved("held", _("Held by an override"), impact.held, only="held"))
    if first.subjects:
        return [*found, moved("first", _("First tiers"), first, way="first")]
    return [*found, moved("same", _("Unchanged"), impact.way("same"), way="same")]


def _figure(key: str, label: str, number: int, details: Sequence[str], address: str) -> Figure:
    return Figure(key, label, intcomma(number), details if number else [], address if number else "")


def matrix(impact: Impact, tiers: Sequence[VersionTier], measure: str, to: Addresses) -> list[HeatRow]:
    """A row for each tier left and a column for each tier reached; a last row for first tiers, if there are any."""
    befores: list[VersionTier | None] = [*tiers]
    if any(before is None for before, _after in impact.moves):
        befores.append(None)
    return [_heat_row(impact, before, tiers, measure, to) for before in befores]


def _heat_row(
    impact: Impact, before: VersionTier | None, tiers: Sequence[VersionTier], measure: str, to: Addresses
) -> HeatRow:
    rank = before.rank if before else None
    amounts = [impact.moves.get((rank, after.rank), Amount()) for after in tiers]
    whole = sum(_measured(amount, measure) for amount in amounts)
    return HeatRow(
        before,
        [
            HeatCell(
                text=_shown(amount, measure),
                share=percent(_measured(amount, measure) / whole) if whole else "",
                css=heat(before, after, has_moves=amount.subjects > 0),
                address=to.behind(old=before.key if before else "none", new=after.key),
            )
            for after, amount in zip(tiers, amounts, strict=True)
        ],
    )


def _measured(amount: Amount, measure: str) -> float:
    return amount.exposure if measure == "exposure" else amount.subjects


def _shown(amount: Amount, measure: str) -> str:
    if not amount.subjects:
        return ""
    return money_number(amount.exposure) if measure == "exposure" else intcomma(amount.subjects)


def group_lines(impact: Impact, document: Document, by: Grouping, to: Addresses) -> list[GroupLine]:
    """A line for each group in which somebody moves, those with the largest exposure that moves first."""
    moving = {
        group: ways for group, ways in impact.groups[by].items() if ways.keys() & {"up", "down", "first"}
    }
    order = sorted(moving, key=lambda group: (-_moving(moving[group]), str(group)))[:MOST_GROUPS]
    names = group_names(by, order, document)
    return [_group_line(names[group], group, moving[group], by, to) for group in order]


def group_names(by: Grouping, groups: Sequence[int | str | None], document: Document) -> dict[Any, str]:
    """The groups in the reader's language."""
    if by == "segment":
        labels = {card.key: display.label(card.label) for card in document.scorecards}
        return {group: labels.get(str(group), str(group)) for group in groups}
    rows = _MODELS[by]._default_manager.in_bulk([group for group in groups if group])
    return {group: localized(rows.get(group)) if group in rows else _("none") for group in groups}


def _moving(ways: Mapping[Way, Amount]) -> float:
    return sum(ways[way].exposure for way in ("up", "down") if way in ways)


def _group_line(
    name: str, group: int | str | None, ways: Mapping[Way, Amount], by: Grouping, to: Addresses
) -> GroupLine:
    up, down, first = (ways.get(way, Amount()) for way in ("up", "down", "first"))
    whole = sum(amount.exposure for amount in ways.values()) or 1.0
    return GroupLine(
        name=name,
        up=intcomma(up.subjects) if up.subjects else "",
        down=intcomma(down.subjects) if down.subjects else "",
        first=intcomma(first.subjects) if first.subjects else "",
        exposure_up=money(up.exposure) if up.subjects else "",
        exposure_down=money(down.exposure) if down.subjects else "",
        share_up=_width(up.exposure / whole),
        share_down=_width(down.exposure / whole),
        addresses={
            way: to.behind(by=by, group="none" if group is None else str(group), way=way) for way in ways
        },
    )


def _width(share: float) -> str:
    """A share as a width in SVG, where numbers are never localised."""
    return f"{100 * share:.1f}%"


def mover_lines(
    movers: Sequence[Mover],
    tiers: Sequence[VersionTier],
    judge: Judge,
    document: Document,
    most: int | None = None,
) -> list[MoverLine]:
    """The subjects with their tiers and why they move; three queries, however many they are."""
    clients = Client.objects.in_bulk({mover.client for mover in movers})
    projects = Project.objects.in_bulk({mover.project for mover in movers if mover.project})
    names, reasons = catalogue_of(document), judge.reasons(movers)
    return [
        MoverLine(
            mover=mover,
            client=clients[mover.client],
            project=projects.get(mover.project or 0),
            exposure=money_number(mover.exposure),
            before=None if mover.before is None else tiers[mover.before],
            after=tiers[mover.after],
            says=tiers[mover.says],
            score=mover.score,
            reasons=reason_texts(why, names)[:most],
        )
        for mover, why in zip(movers, reasons, strict=True)
        if mover.client in clients
    ]


def missing_lines(impact: Impact, document: Document, to: Addresses) -> list[MissingLine]:
    """The metrics that are newly needed and not known."""
    names = catalogue_of(document)
    return [
        MissingLine(
            label=display.metric_label(one.metric, names),
            newly=one.newly,
            address=to.behind(only="newly", metric=one.metric),
        )
        for one in impact.missing
        if one.newly
    ]

"""The account of a tier as plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from crm import formats
from crm.formats import MISSING
from tiering.pages.account import Account, DimensionLine, IndicatorLine
from tiering.pages.changes import ChangesText
from tiering.pages.ladder import GridText, ScaleText
from tiering.pages.text_tables import GAP, text_table

COLUMNS = 7


def report(account: Account, changes: ChangesText | None) -> Iterator[str]:
    """Everything that a page says of an assessment, line by line."""
    yield _standing(account)
    yield from _section(
        _("Rolled up from projects"), text_table([[p.label, p.tier.key] for p in account.rolled_up])
    )
    yield from _section(_("Indicators"), _indicators(account.dimensions))
    yield from _section(_("Gates"), _gates(account))
    yield from _section(_("Placement"), _placement(account))
    yield from _section(
        _("Overlays"),
        (f"{overlay.label}: {overlay.effect} ({overlay.consequence})" for overlay in account.overlays),
    )
    yield from _section(_("Migration policy"), _migration(account))
    yield from _section(
        _("How the tier came about"), (f"{stage.label}: {stage.tier.key}" for stage in account.path)
    )
    if changes:
        heading = _("What changed since {date}").format(date=formats.day(changes.since))
        yield from _section(heading, _changes(changes))
    yield from _section(_("What would lift it a tier"), _lifts(account))


def _standing(account: Account) -> str:
    score = _("{score} points").format(score=account.score)
    if not account.next_tier:
        distance = _("the best tier")
    elif account.shortfall:
        distance = _("{points} short of {tier}").format(points=account.shortfall, tier=account.next_tier.key)
    elif account.held_by == "gates":
        distance = _("enough for {tier}, held down by a gate").format(tier=account.next_tier.key)
    elif account.held_by == "migration":
        distance = _("enough for {tier}, held by the migration policy").format(tier=account.next_tier.key)
    else:
        distance = _("next: {tier}").format(tier=account.next_tier.key)
    return f"{account.tier.key} · {score} · {distance}"


def _section(heading: str, lines: Iterator[str]) -> Iterator[str]:
    """A heading and its lines; nothing where there are none."""
    found = list(lines)
    if found:
        yield ""
        yield heading
        yield from (f"{GAP}{line}" for line in found)


def _indicators(dimensions: Sequence[DimensionLine]) -> Iterator[str]:
    head = [_("Indicator"), _("Value"), _("Source"), _("Age"), _("Band"), _("Points"), _("Adds")]
    rows = [head]
    for dimension in dimensions:
        name = f"{dimension.label} ({dimension.weight})"
        rows.append([name, *[""] * (COLUMNS - 2), dimension.contribution])
        rows += [_indicator(line) for line in dimension.indicators]
    return text_table(rows)


def _indicator(line: IndicatorLine) -> list[str]:
    band = _("not applicable") if line.not_applicable else line.missing or line.band or MISSING
    source = line.source if line.is_known else MISSING
    return [
        f"{GAP}{line.label}", line.value, source, line.age or MISSING, band, str(line.points), line.contribution,
    ]  # fmt: skip


def _gates(account: Account) -> Iterator[str]:
    return text_table(
        [
            [
                _("applies") if gate.fired else _("passed"),
                gate.label,
                gate.effect,
                gate.condition,
                gate.values,
            ]
            for gate in account.gates
        ]
    )


def _placement(account: Account) -> Iterator[str]:
    placement = account.placement
    return _grid(placement) if isinstance(placement, GridText) else _scale(placement)


def _scale(scale: ScaleText) -> Iterator[str]:
    if scale.ranking:
        yield f"{scale.ranking}: {scale.value}"
    yield from text_table([[_mark(s.taken), s.tier.key, s.begins, s.share] for s in scale.steps])


def _grid(grid: GridText) -> Iterator[str]:
    for axis in grid.axes:
        yield _("{axis}: {score} points, {level}").format(axis=axis.label, score=axis.score, level=axis.level)
    head = [
        f"{grid.axes[0].label} / {grid.axes[1].label}",
        *(f"{name} ≥ {least}" for name, least in grid.columns),
    ]
    rows = [
        [f"{row.label} ≥ {row.begins}", *(f"{_mark(cell.taken)}{cell.tier.key}" for cell in row.cells)]
        for row in grid.rows
    ]
    yield from text_table([head, *rows])


def _mark(taken: bool) -> str:
    return "→" if taken else ""


def _migration(account: Account) -> Iterator[str]:
    if account.migration:
        yield account.migration.summary
        for rule in account.migration.rules:
            until = _("until {day}").format(day=rule.until) if rule.until else ""
            yield GAP.join(part for part in (rule.text, until, f"({rule.consequence})") if part)


def _changes(changes: ChangesText) -> Iterator[str]:
    then = _("then {score} points").format(score=changes.score_before)
    yield f"{changes.tier_before.key} · {then}"
    yield from changes.others
    rows = [
        [
            line.label,
            line.before,
            "→",
            line.after,
            line.points,
            "" if not line.change else f"{line.change:+.1f}",
        ]
        for line in changes.facts
    ]
    yield from text_table(rows)


def _lifts(account: Account) -> Iterator[str]:
    return text_table(
        [
            [" + ".join(lift.steps), lift.tier.key, _("{score} points").format(score=lift.score)]
            for lift in account.lifts
        ]
    )

"""Figures of what became of cases: outcomes by what they have in common, reasons, velocity, forecasts, screening."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.formats import localized, month
from crm.models import Facility, Industry, User
from funnel.models import Case, ClosingReason
from funnel.pages.figure import Cell, Column, Figure, Link
from funnel.pages.forecast_chart import forecast_chart
from funnel.selectors.figures.criteria import PARTS, Screening, before_and_after, gated_stage, name_of_version
from funnel.selectors.figures.forecasts import brier, months, promises
from funnel.selectors.figures.outcomes import Outcome, loss_reasons, outcomes, overall
from funnel.selectors.figures.selection import LABELS, Selection
from tiering.models import CriteriaVersion, Tier

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

DEFINITION = gettext_lazy(
    "Cases that began within the chosen days. Win rate: won ÷ (won + lost); open cases are in neither. Days to"
    " winning:"
    " whole calendar days from beginning to being won, on average over won cases. Amounts: of cases in the"
    " chosen currency."
)
COUNTS = [
    Column("cases", gettext_lazy("Cases")),
    Column("won", gettext_lazy("Won")),
    Column("lost", gettext_lazy("Lost")),
    Column("open", gettext_lazy("Still open")),
    Column("win_rate", gettext_lazy("Win rate"), "share"),
    Column("won_amount", gettext_lazy("Won amount"), "money"),
    Column("open_amount", gettext_lazy("Open amount"), "money"),
    Column("days_to_winning", gettext_lazy("Days to winning"), "days"),
    Column("velocity", gettext_lazy("Velocity a day"), "money"),
]
TITLES: dict[str, _StrOrPromise] = {
    "tier": gettext_lazy("By tier at entry"),
    "rm": gettext_lazy("By relationship manager"),
    "product": gettext_lazy("By product"),
    "sector": gettext_lazy("By sector"),
    "source": gettext_lazy("By source"),
}


def totals(selection: Selection) -> Figure:
    """The one row of all chosen cases, with how fast money comes."""
    return Figure(
        "summary",
        gettext_lazy("In short"),
        gettext_lazy(
            "Cases that began within the chosen days. Win rate: won ÷ (won + lost). Velocity: open cases × win"
            " rate × average"
            " amount of a won case ÷ average days to winning: what the funnel yields a day, of cases in the"
            " chosen currency."
        ),
        COUNTS,
        [_outcome(overall(selection), {})],
        unit=selection.currency,
        is_strip=True,
    )


def by(dimension: str) -> Callable[[Selection], Figure]:
    """The figure of outcomes by one of `TITLES`."""

    def figure(selection: Selection) -> Figure:
        told = outcomes(selection, dimension)
        names = names_of(dimension, [one.value for one in told])
        rows = [
            [
                Cell(names[one.value][0], text=names[one.value][1]),
                *_outcome(one, {dimension: one.value if one.value not in (None, "") else "none"}),
            ]
            for one in told
        ]
        columns = [Column(dimension, LABELS[dimension], "text"), *COUNTS]
        return Figure(dimension, TITLES[dimension], DEFINITION, columns, rows, unit=selection.currency)

    return figure


def _outcome(one: Outcome, of: Link) -> list[Cell]:
    return [
        Cell(one.cases, {"kind": "began", **of}),
        Cell(one.won, {"kind": "won", **of}),
        Cell(one.lost, {"kind": "lost", **of}),
        Cell(one.open, {"kind": "open", **of}),
        Cell(one.win_rate),
        Cell(one.won_amount, {"kind": "won", "in_currency": 1, **of}),
        Cell(one.open_amount, {"kind": "open", "in_currency": 1, **of}),
        Cell(one.days),
        Cell(None if one.velocity.a_day is None else Decimal(one.velocity.a_day).quantize(Decimal("0.01"))),
    ]


def names_of(dimension: str, values: list[Any]) -> dict[Any, tuple[Any, str]]:
    """For each value what programs and what people call it."""
    unknown = {None: (None, _("Not known")), "": (None, _("Not known"))}
    if dimension == "tier":
        tiers = Tier.objects.filter(pk__in=[value for value in values if value])
        return {**unknown, None: (None, _("No tier yet")), **{t.pk: (t.key, t.label) for t in tiers}}
    if dimension == "rm":
        users = User.objects.filter(pk__in=[value for value in values if value])
        return {**unknown, None: (None, _("Nobody")), **{u.pk: (u.username, localized(u)) for u in users}}
    if dimension == "sector":
        sectors = Industry.objects.filter(pk__in=[value for value in values if value])
        return {**unknown, **{s.pk: (s.code, str(s)) for s in sectors}}
    choices = Facility.Product.choices if dimension == "product" else Case.Source.choices
    labels = {str(value): str(label) for value, label in choices}
    return {**unknown, **{value: (value, labels.get(value, value)) for value in values if value}}


def reasons(selection: Selection) -> Figure:
    told = loss_reasons(selection)
    names = {
        (reason.stage_id, reason.key): str(reason)
        for reason in ClosingReason.objects.filter(stage__in=selection.stages)
    }
    lost = sum(one.cases for one in told)
    rows = [
        [
            Cell(one.reason, text=names.get((one.stage, one.reason), one.reason) or _("No reason given")),
            Cell(one.cases, {"kind": "lost", "stage": one.stage, "reason": one.reason}),
            Cell(one.cases / lost),
            Cell(one.amount, {"kind": "lost", "stage": one.stage, "reason": one.reason, "in_currency": 1}),
        ]
        for one in told
    ]
    return Figure(
        "reasons",
        gettext_lazy("Why cases are lost"),
        gettext_lazy(
            "Lost cases that began within the chosen days, by the reason that was chosen. Share: of all lost cases."
            " Amount: of cases in the chosen currency."
        ),
        [
            Column("reason", gettext_lazy("Reason"), "text"),
            Column("cases", gettext_lazy("Lost")),
            Column("share", gettext_lazy("Share"), "share"),
            Column("amount", gettext_lazy("Amount"), "money"),
        ],
        rows,
        unit=selection.currency,
    )


def forecast(selection: Selection) -> Figure:
    told = months(selection)
    rows = [
        [
            Cell(one.begins, text=month(one.begins)),
            Cell(one.due, {"kind": "due", "month": one.begins.isoformat(), "currency": selection.currency}),
            Cell(one.amount),
            Cell(one.weighted.quantize(Decimal("0.01"))),
            Cell(one.aim.amount if one.aim else None),
            Cell(
                one.won, {"kind": "won_in", "month": one.begins.isoformat(), "currency": selection.currency}
            ),
            Cell(one.won_amount),
            Cell(_ratio(one.won_amount, one.weighted)),
            Cell(_ratio(one.won_amount, one.aim.amount if one.aim else None)),
            Cell(one.aim.count if one.aim else None),
        ]
        for one in told
    ]
    lacks = _("Targets are set for teams, managers and products: there are none of just these cases.")
    return Figure(
        "forecast",
        gettext_lazy("Forecast by month, and what came true"),
        gettext_lazy(
            "A case is due in the month in which it closes if it stays the expected days in its stage and in"
            " every open one"
            " after it; one with an expected close, in that month; one that is overdue, now. Weighted: amount ×"
            " probability"
            " of its stage. For a past month: of the cases that were open when it began, as they stood then, with the"
            " probabilities of today. Came true: what was won in the month. Target: what was set for the month, for"
            " the manager, product or team that is chosen, else for all teams together. Of cases in the chosen currency."
        ),
        [
            Column("month", gettext_lazy("Month"), "text"),
            Column("due", gettext_lazy("Cases due")),
            Column("amount", gettext_lazy("Amount due"), "money"),
            Column("weighted", gettext_lazy("Weighted"), "money"),
            Column("target", gettext_lazy("Target"), "money"),
            Column("won", gettext_lazy("Won")),
            Column("won_amount", gettext_lazy("Came true"), "money"),
            Column("ratio", gettext_lazy("Of weighted"), "share"),
            Column("reached", gettext_lazy("Of target"), "share"),
            Column("target_count", gettext_lazy("Target in cases")),
        ],
        rows,
        unit=selection.currency,
        notes=[] if any(one.aim for one in told) else [lacks],
        chart=forecast_chart(told),
    )


def _ratio(came_true: Decimal | None, wanted: Decimal | None) -> float | None:
    return float(came_true / wanted) if came_true is not None and wanted else None


def calibration(selection: Selection) -> Figure:
    told = promises(selection)
    rows = [
        [
            Cell(one.stage.key, text=str(one.stage)),
            Cell(one.probability),
            Cell(one.observed),
            Cell(one.closed, {"kind": "settled", "stage": one.stage.pk}),
            Cell(one.won, {"kind": "came_won", "stage": one.stage.pk}),
            Cell(one.open, {"kind": "came_open", "stage": one.stage.pk}),
            Cell(one.brier),
        ]
        for one in told
    ]
    score = brier(told)
    note = (
        _("Brier score over all stages: %(score)s.") % {"score": f"{score:.3f}"} if score is not None else ""
    )
    return Figure(
        "calibration",
        gettext_lazy("Probabilities against outcomes"),
        gettext_lazy(
            "For each open stage the probability that is set, and the share that was won of the cases that came"
            " into the"
            " stage and are closed. A case counts once a stage. Brier score: the mean of (probability −"
            " outcome)², with"
            " 1 for won and 0 for lost; 0 is foresight, 0.25 what a coin gets. Open cases are left out."
        ),
        [
            Column("stage", gettext_lazy("Stage"), "text"),
            Column("probability", gettext_lazy("Probability"), "share"),
            Column("observed", gettext_lazy("Won of closed"), "share"),
            Column("closed", gettext_lazy("Closed")),
            Column("won", gettext_lazy("Won")),
            Column("open", gettext_lazy("Still open")),
            Column("brier", gettext_lazy("Brier score"), "score"),
        ],
        rows,
        notes=[note] if note else [],
    )


def screening(selection: Selection, version: CriteriaVersion | None, days: int) -> Figure:
    gate = gated_stage(selection)
    told = before_and_after(selection, version, days) if version else (Screening(), Screening())
    of = {"version": version.pk, "days": days} if version else {}
    labels = (("before", _("Before")), ("after", _("After")))
    rows = [
        [
            Cell(key, text=label),
            *(Cell(getattr(one, part), {"kind": f"{key}_{part}", **of}) for part in PARTS),
            Cell(one.efficiency),
            Cell(one.recovery),
        ]
        for (key, label), one in zip(labels, told, strict=True)
    ]
    return Figure(
        "criteria",
        gettext_lazy("Screening before and after a version of the criteria"),
        _(
            "Cases that began in the %(days)s days before the version took effect and in those after, each"
            " followed for"
            " %(days)s days. Screened out: lost before “%(stage)s”; lost late: in it or after. Screening efficiency:"
            " screened out ÷ lost. Recovery: of the instalments of these clients that fell due in the stretch,"
            " the share of"
            " money paid within %(days)s days."
        )
        % {"days": days, "stage": gate or "–"},
        [
            Column("stretch", gettext_lazy("Stretch"), "text"),
            Column("cases", gettext_lazy("Cases")),
            Column("gated", gettext_lazy("Came to the gate")),
            Column("screened_out", gettext_lazy("Screened out")),
            Column("lost_late", gettext_lazy("Lost late")),
            Column("won", gettext_lazy("Won")),
            Column("efficiency", gettext_lazy("Screening efficiency"), "share"),
            Column("recovery", gettext_lazy("Recovery"), "share"),
        ],
        rows if version else [],
        unit=name_of_version(version) if version else "",
    )

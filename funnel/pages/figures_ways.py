"""Figures of the way that cases go: steps, cohorts, windows, days in a stage, ages, flows."""

from __future__ import annotations

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from crm.formats import month
from funnel.pages.figure import Cell, Column, Figure, Link
from funnel.pages.flow_chart import flow_chart
from funnel.selectors.figures.conversion import Cohort, amounts, conversion, passages
from funnel.selectors.figures.durations import Duration, stays, to_the_end
from funnel.selectors.figures.selection import Selection
from funnel.selectors.figures.standing import AGES, Flow, ageing, flows

STAGE = Column("stage", gettext_lazy("Stage"), "text")
OPEN = Column("open", gettext_lazy("Still open"))
LOST = Column("lost", gettext_lazy("Lost"))


def steps(selection: Selection) -> Figure:
    told, money = conversion(selection), amounts(selection)
    rows = []
    for step in told.steps:
        here = {"stage": step.stage.pk}
        entered, total = money.get(step.stage.pk, (0, None))
        rows.append(
            [
                Cell(step.stage.key, text=str(step.stage)),
                Cell(step.entered, {"kind": "entered", **here}),
                Cell(step.reached, {"kind": "reached", **here}),
                Cell(None if step.stage.is_closed else step.went_on, {"kind": "went_on", **here}),
                Cell(None if step.stage.is_closed else step.rate),
                Cell(None if step.stage.is_closed else step.settled_rate),
                Cell(step.lost, {"kind": "lost_from", **here}),
                Cell(step.waiting, {"kind": "waiting_from", **here}),
                Cell(total if entered else None, {"kind": "entered", "in_currency": 1, **here}),
            ]
        )
    return Figure(
        "steps",
        gettext_lazy("Conversion by step"),
        gettext_lazy(
            "Cases that began within the chosen days. Entered: with a move into the stage. Reached: into it or"
            " one further"
            " on, since stages may be jumped. Went on: reached the next step. Conversion: went on ÷ reached;"
            " among settled:"
            " open cases left out of both. Lost and still open: got as far as this step. Amount: what cases came"
            " to when"
            " they last entered the stage, in the chosen currency alone."
        ),
        [
            STAGE,
            Column("entered", gettext_lazy("Entered")),
            Column("reached", gettext_lazy("Reached")),
            Column("went_on", gettext_lazy("Went on")),
            Column("conversion", gettext_lazy("Conversion"), "share"),
            Column("conversion_settled", gettext_lazy("Among settled"), "share"),
            Column("lost", gettext_lazy("Lost from here")),
            Column("open", gettext_lazy("Open here")),
            Column("amount", gettext_lazy("Amount"), "money"),
        ],
        rows,
        unit=selection.currency,
    )


def cohorts(selection: Selection) -> Figure:
    told = conversion(selection)
    columns = [
        Column("begun", pgettext_lazy("cases", "Begun"), "text"),
        Column("cases", gettext_lazy("Cases")),
        *(Column(f"reached_{step.stage.key}", str(step.stage), "share") for step in told.steps[1:]),
        LOST,
        OPEN,
    ]
    return Figure(
        "cohorts",
        gettext_lazy("Conversion by cohort"),
        gettext_lazy(
            "Cases by when they began, and the share of them that has reached each step by now. Young cohorts"
            " have had less"
            " time: beside them stands how many cases are still open."
        ),
        columns,
        [_cohort(selection, one) for one in told.cohorts],
    )


def _cohort(selection: Selection, one: Cohort) -> list[Cell]:
    span = {"month": 1, "quarter": 3, "year": 12}[selection.unit]
    until = one.begun + relativedelta(months=span)
    since = max(one.begun, selection.since) if selection.since else one.begun
    until = min(until, selection.until) if selection.until else until
    within: Link = {"since": since.isoformat(), "until": (until - relativedelta(days=1)).isoformat()}
    labels = {
        "month": month(one.begun),
        "quarter": _("%(year)s Q%(quarter)s")
        % {"year": one.begun.year, "quarter": (one.begun.month + 2) // 3},
        "year": str(one.begun.year),
    }
    steps_there = [
        Cell(reached / one.cases, {"kind": "reached", "stage": selection.steps[place].pk, **within})
        for place, reached in enumerate(one.reached)
        if place
    ]
    return [
        Cell(one.begun, text=labels[selection.unit]),
        Cell(one.cases, {"kind": "began", **within}),
        *steps_there,
        Cell(one.lost, {"kind": "lost", **within}),
        Cell(one.waiting, {"kind": "open", **within}),
    ]


def windows(selection: Selection) -> Figure:
    rows = []
    for one in passages(selection):
        here = {"stage": one.stage.pk}
        rows.append(
            [
                Cell(one.stage.key, text=str(one.stage)),
                Cell(one.entered, {"kind": "came_in", **here}),
                Cell(one.forward, {"kind": "forward", **here}),
                Cell(one.lost, {"kind": "lost_after", **here}),
                Cell(one.back, {"kind": "back", **here}),
                Cell(one.staying, {"kind": "still_there", **here}),
                Cell(one.rate),
            ]
        )
    return Figure(
        "windows",
        gettext_lazy("Conversion by window"),
        gettext_lazy(
            "Stays in a stage that began within the chosen days, whenever the case began. Forward: the next move"
            " led further"
            " on; lost: into a lost stage; back: to an earlier one. Conversion: forward ÷ stays that have ended."
        ),
        [
            STAGE,
            Column("entered", gettext_lazy("Stays")),
            Column("forward", gettext_lazy("Forward")),
            LOST,
            Column("back", gettext_lazy("Back")),
            Column("staying", gettext_lazy("Still there")),
            Column("conversion", gettext_lazy("Conversion"), "share"),
        ],
        rows,
    )


def durations(selection: Selection) -> Figure:
    won, closed = to_the_end(selection)
    rows = [
        _duration(
            stay.stage.key,
            str(stay.stage),
            stay.duration,
            {"kind": "stays", "stage": stay.stage.pk},
            {"kind": "staying", "stage": stay.stage.pk},
        )
        for stay in stays(selection)
    ]
    to_won, to_close = _("From beginning to being won"), _("From beginning to being won or lost")
    rows.append(_duration("won", to_won, won, {"kind": "won"}, {"kind": "not_won"}))
    rows.append(_duration("closed", to_close, closed, {"kind": "closed"}, {"kind": "open"}))
    backwards = sum(row[-1].value for row in rows)
    text = ngettext(
        "%(count)s stay has dates that run backwards; it is left out of the days.",
        "%(count)s stays have dates that run backwards; they are left out of the days.",
        backwards,
    )
    return Figure(
        "durations",
        gettext_lazy("Days per stage"),
        gettext_lazy(
            "Whole calendar days from entering a stage to leaving it, whatever for. Median and P90 are Kaplan–Meier"
            " estimates: stays that have not ended count as longer than so far, instead of being left out. A"
            " quantile that"
            " too few have reached is not told. The mean is over ended stays alone. Until a case is won, lost"
            " ones count as"
            " not won so far."
        ),
        [
            STAGE,
            Column("ended", gettext_lazy("Ended")),
            Column("open", gettext_lazy("Not ended")),
            Column("median_days", gettext_lazy("Median"), "days"),
            Column("p90_days", gettext_lazy("P90"), "days"),
            Column("mean_days", gettext_lazy("Mean of ended"), "days"),
            Column("backwards", gettext_lazy("Backwards")),
        ],
        rows,
        notes=[text % {"count": backwards}] if backwards else [],
    )


def _duration(key: str, label: str, told: Duration, ended: Link, still: Link) -> list[Cell]:
    of_a_stage = "stage" in ended
    return [
        Cell(key, text=label),
        Cell(told.ended, {**ended, "low": 0} if of_a_stage else ended),
        Cell(told.open, still),
        Cell(told.median),
        Cell(told.p90),
        Cell(told.mean),
        Cell(told.backwards, {**ended, "high": -1} if of_a_stage else None),
    ]


def ages(selection: Selection) -> Figure:
    labels = [
        _("%(first)s–%(last)s d") % {"first": low, "last": high}
        if high
        else _("over %(days)s d") % {"days": low - 1}
        for low, high in AGES
    ]
    keys = [f"days_{low}_{high or 'on'}" for low, high in AGES]
    rows = []
    for one in ageing(selection):
        here = {"kind": "staying", "stage": one.stage.pk}
        counts = [
            Cell(cases, {**here, "low": low, **({"high": high} if high else {})})
            for cases, (low, high) in zip(one.classes, AGES, strict=True)
        ]
        limit = one.stage.limit_days
        late = Cell(one.late, {**here, "low": limit + 1}) if limit is not None else Cell(None)
        rows.append([Cell(one.stage.key, text=str(one.stage)), Cell(one.cases, here), *counts, late])
    return Figure(
        "ageing",
        gettext_lazy("Ageing of open cases"),
        gettext_lazy(
            "Open cases by the whole calendar days since they entered the stage that they are in. Late: longer"
            " than the"
            " stage allows, where it sets a limit."
        ),
        [
            STAGE,
            Column("cases", gettext_lazy("Open cases")),
            *(Column(key, label) for key, label in zip(keys, labels, strict=True)),
            Column("late", gettext_lazy("Late")),
        ],
        rows,
    )


def flow(selection: Selection) -> Figure:
    told = flows(selection)
    return Figure(
        "flow",
        gettext_lazy("Flow"),
        gettext_lazy(
            "Every move of the cases that began within the chosen days, from stage to stage. A case that goes"
            " back and"
            " forth counts each time. “Begun” and “is there” are not moves: where cases started, and where they"
            " are now."
        ),
        [
            Column("origin", gettext_lazy("From"), "text"),
            Column("target", gettext_lazy("To"), "text"),
            Column("moves", gettext_lazy("Moves")),
        ],
        [_flow(one) for one in told],
        chart=flow_chart(selection.stages, told),
    )


def _flow(one: Flow) -> list[Cell]:
    ends = {"stage": one.origin, "target": one.target}
    return [
        Cell(one.origin and one.origin.key, text=str(one.origin or _("(begun)"))),
        Cell(one.target and one.target.key, text=str(one.target or _("(is there)"))),
        Cell(one.moves, {"kind": "flow", **{name: stage.pk for name, stage in ends.items() if stage}}),
    ]

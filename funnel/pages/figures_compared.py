"""Figures that hold kinds of cases against each other, by what the selection compares."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funnel.models import ClosingReason
from funnel.pages.figure import Cell, Column, Figure
from funnel.pages.figures_ends import names_of
from funnel.selectors.figures.compared import StayOf, reasons_of, stays_of, ways
from funnel.selectors.figures.selection import LABELS, Selection

CASES = Column("cases", gettext_lazy("Cases"))
LOST = Column("lost", gettext_lazy("Lost"))


def conversion(selection: Selection) -> Figure:
    told = ways(selection)
    names = names_of(selection.cut, [one.value for one in told])
    rows = []
    for one in told:
        of = _of(selection, one.value)
        reached = [
            Cell(cases / one.cases, {"kind": "reached", "stage": step.pk, **of})
            for step, cases in zip(selection.steps[1:], one.reached[1:], strict=True)
        ]
        rows.append(
            [
                _named(names, one.value),
                Cell(one.cases, {"kind": "began", **of}),
                *reached,
                Cell(one.lost, {"kind": "lost", **of}),
                Cell(one.waiting, {"kind": "open", **of}),
            ]
        )
    return Figure(
        "conversion_of",
        _("Conversion: %(cut)s") % {"cut": LABELS[selection.cut]},
        gettext_lazy(
            "Cases that began within the chosen days, by what they are compared by, and the share of them that has"
            " reached each step by now."
        ),
        [
            _head(selection),
            CASES,
            *(Column(f"reached_{step.key}", str(step), "share") for step in selection.steps[1:]),
            LOST,
            Column("open", gettext_lazy("Still open")),
        ],
        rows,
    )


def durations(selection: Selection) -> Figure:
    told = stays_of(selection)
    names = names_of(selection.cut, [one.value for one in told])
    return Figure(
        "durations_of",
        _("Days per stage: %(cut)s") % {"cut": LABELS[selection.cut]},
        gettext_lazy(
            "Whole calendar days from entering a stage to leaving it, whatever for, by what cases are compared by."
            " Median and P90 are Kaplan–Meier estimates: stays that have not ended count as longer than so far."
        ),
        [
            Column("stage", gettext_lazy("Stage"), "text"),
            _head(selection),
            Column("ended", gettext_lazy("Ended")),
            Column("open", gettext_lazy("Not ended")),
            Column("median_days", gettext_lazy("Median"), "days"),
            Column("p90_days", gettext_lazy("P90"), "days"),
        ],
        [_stay(selection, names, one) for one in told],
    )


def _stay(selection: Selection, names: dict[Any, tuple[Any, str]], one: StayOf) -> list[Cell]:
    of = {"stage": one.stage.pk, **_of(selection, one.value)}
    return [
        Cell(one.stage.key, text=str(one.stage)),
        _named(names, one.value),
        Cell(one.duration.ended, {"kind": "stays", "low": 0, **of}),
        Cell(one.duration.open, {"kind": "staying", **of}),
        Cell(one.duration.median),
        Cell(one.duration.p90),
    ]


def reasons(selection: Selection) -> Figure:
    told, by_value = reasons_of(selection)
    names = names_of(selection.cut, list(by_value))
    said = {
        (reason.stage_id, reason.key): str(reason)
        for reason in ClosingReason.objects.filter(stage__in=selection.stages)
    }
    keys = {stage.pk: stage.key for stage in selection.stages}
    rows = []
    for value, counts in by_value.items():
        of = {"kind": "lost", **_of(selection, value)}
        of_reasons = (
            Cell(counts[stage, reason], {**of, "stage": stage, "reason": reason}) for stage, reason in told
        )
        rows.append([_named(names, value), Cell(counts.total(), of), *of_reasons])
    return Figure(
        "reasons_of",
        _("Why cases are lost: %(cut)s") % {"cut": LABELS[selection.cut]},
        gettext_lazy(
            "Lost cases that began within the chosen days, by what they are compared by and the reason that was chosen."
        ),
        [
            _head(selection),
            LOST,
            *(
                Column(
                    f"{keys[stage]}_{reason or 'none'}",
                    said.get((stage, reason), reason) or _("No reason given"),
                )
                for stage, reason in told
            ),
        ],
        rows,
    )


def _head(selection: Selection) -> Column:
    return Column(selection.cut, LABELS[selection.cut], "text")


def _named(names: dict[Any, tuple[Any, str]], value: Any) -> Cell:
    return Cell(names[value][0], text=names[value][1])


def _of(selection: Selection, value: Any) -> dict[str, Any]:
    """What narrows the selection to the cases of one kind."""
    return {selection.cut: "none" if value in (None, "") else value}

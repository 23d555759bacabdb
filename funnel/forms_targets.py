"""A sheet of targets as a form: which one is asked for, and what was typed into its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.forms.money import AmountField
from crm.models import User
from funnel.models import Pipeline, Target, book_currency
from funnel.selectors.rates import currencies
from funnel.selectors.targets import Row, months_of, sheet
from funnel.services.targets import Wanted

AMOUNT, COUNT = "amount", "count"
FIRST_YEAR, LAST_YEAR = 2000, 2100
FIELDS: Mapping[str, forms.Field] = {
    AMOUNT: AmountField(required=False),
    COUNT: forms.IntegerField(required=False, min_value=0, max_value=1_000_000, localize=True),
}


class SheetForm(forms.Form):
    """Which sheet; what cannot be read is left out."""

    pipeline = forms.ModelChoiceField(
        Pipeline.objects.order_by("is_retired", "pk"),
        label=_("Funnel"),
        to_field_name="key",
        required=False,
        empty_label=None,
    )
    of = forms.ChoiceField(label=_("Targets of"), choices=Target.Of.choices, required=False)
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    measure = forms.ChoiceField(
        label=_("Measure"), choices=[(AMOUNT, _("Amount")), (COUNT, _("Number of cases"))], required=False
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    def __init__(self, data: Mapping[str, Any], *, user: User, today: date) -> None:
        super().__init__(data)
        self.user, self.today = user, today
        codes: Any = self.fields["currency"]
        codes.choices = [(code, code) for code in currencies()]

    def sheet(self) -> Sheet | None:
        """None where there is no pipeline."""
        self.full_clean()
        given = self.cleaned_data
        pipeline = given.get("pipeline") or Pipeline.objects.order_by("is_retired", "pk").first()
        if pipeline is None:
            return None
        of, year = given.get("of") or Target.Of.TEAM, given.get("year") or self.today.year
        currency = given.get("currency") or book_currency()
        rows = sheet(pipeline, of, year, currency, self.user)
        return Sheet(pipeline, of, year, currency, given.get("measure") or AMOUNT, rows)


@dataclass
class Cell:
    """A month of a row: what stands in its input, what it was when it was shown, and why it was refused."""

    name: str
    month: date
    text: str
    was: str
    version: int
    error: str = ""

    @property
    def seen(self) -> str:
        return f"{self.version}:{self.was}"


@dataclass
class Line:
    row: Row
    cells: list[Cell]


@dataclass
class Sheet:
    pipeline: Pipeline
    of: str
    year: int
    currency: str
    measure: str
    rows: list[Row]
    lines: list[Line] = field(init=False)

    KINDS: ClassVar = Target.Of.choices

    def __post_init__(self) -> None:
        self.lines = [Line(row, [self._cell(row, at) for at in range(12)]) for row in self.rows]

    @property
    def query(self) -> dict[str, Any]:
        """What an address says of it."""
        return {
            "pipeline": self.pipeline.key,
            "of": self.of,
            "year": self.year,
            "measure": self.measure,
            "currency": self.currency,
        }

    @property
    def can_set(self) -> bool:
        return any(row.can_set for row in self.rows)

    @property
    def sums(self) -> list[Decimal | int | None]:
        """What all rows come to in each month, then in the year."""
        columns = [[row.targets[at] for row in self.rows] for at in range(12)]
        told = [[getattr(one, self.measure) for one in column if one] for column in columns]
        by_month = [[value for value in values if value is not None] for values in told]
        months = [sum(values) if values else None for values in by_month]
        return [*months, sum(value for value in months if value is not None) if any(by_month) else None]

    def _cell(self, row: Row, at: int) -> Cell:
        target = row.targets[at]
        text = shown(getattr(target, self.measure) if target else None)
        return Cell(
            f"{row.key}-{at + 1}", months_of(self.year)[at], text, text, target.version if target else 0
        )

    def read(self, typed: Mapping[str, str]) -> list[Wanted]:
        """What was typed that is not what was shown; what cannot be read stays in its cell with what is wrong."""
        wanted = []
        for line in self.lines:
            for cell, target in zip(line.cells, line.row.targets, strict=True):
                if not line.row.can_set or cell.name not in typed:
                    continue
                version, _colon, was = typed.get(f"seen-{cell.name}", cell.seen).partition(":")
                if typed[cell.name].strip() == was:
                    continue
                cell.text, cell.was, cell.version = (
                    typed[cell.name],
                    was,
                    int(version) if version.isdigit() else 0,
                )
                try:
                    value = FIELDS[self.measure].clean(cell.text)
                except ValidationError as error:
                    cell.error = " ".join(error.messages)
                    continue
                both = {AMOUNT: target.amount, COUNT: target.count} if target else {AMOUNT: None, COUNT: None}
                told = {**both, self.measure: value}
                wanted.append(
                    Wanted(
                        self.of,
                        line.row.whose,
                        cell.month,
                        self.currency,
                        told[AMOUNT],
                        told[COUNT],
                        cell.version,
                    )
                )
        return wanted

    @property
    def is_refused(self) -> bool:
        return any(cell.error for line in self.lines for cell in line.cells)

    def overtake(self, wanted: Wanted, text: str) -> None:
        """Show what stands in the cell by now, and that it is not what was seen."""
        for line in self.lines:
            for at, cell in enumerate(line.cells):
                if (line.row.whose, cell.month) == (wanted.whose, wanted.month):
                    line.cells[at] = self._cell(line.row, at)
                    line.cells[at].error = text


def shown(value: Decimal | int | None) -> str:
    """A target as its cell has it: whole units with separators."""
    return "" if value is None else f"{value:,}".removesuffix(".00")

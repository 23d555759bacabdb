"""Statements of a client side by side, with what changed, their ratios, and how the criteria read these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.formats import multiple, percent
from crm.method_readings import Reading, Step
from crm.models import Client, FinancialStatement, User
from crm.prepared import Given, Sight, prepared

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

PERIODS_SHOWN: Final = 4
LEAST_CHANGE: Final = 0.005

STATEMENT_FIGURES: Final = (
    "revenue",
    "operating_profit",
    "interest_expense",
    "net_profit",
    "operating_cash_flow",
    "investing_cash_flow",
    "financing_cash_flow",
    "total_assets",
    "current_assets",
    "cash",
    "inventory",
    "receivables",
    "total_liabilities",
    "current_liabilities",
    "equity",
    "retained_earnings",
)


@dataclass(frozen=True)
class Ratios:
    """Ratios of a period; None where a figure is missing or the divisor is nothing."""

    statement: FinancialStatement
    leverage: float | None
    interest_cover: float | None
    current_ratio: float | None
    net_margin: float | None
    return_on_equity: float | None


@dataclass(frozen=True)
class Cell:
    """A figure of a period, and by which fraction it differs from the period before."""

    value: Decimal | None
    change: float | None

    @property
    def size(self) -> float:
        """How large the change is, whichever way."""
        return abs(self.change or 0)


@dataclass(frozen=True)
class Line:
    """A figure over the periods, the latest first."""

    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Threshold:
    """How criteria of a scheme read the latest value of a ratio: the step that it lies in, and the best one."""

    scheme: str
    here: Step | None
    best: Step


@dataclass(frozen=True)
class RatioLine:
    """A ratio over the periods in words, the latest first, beside the thresholds of the criteria in effect."""

    label: str
    values: list[str]
    thresholds: list[Threshold]


RATIO_LINES: Final[Sequence[tuple[str, str, _StrOrPromise, Callable[[float | None], str]]]] = (
    ("leverage", "leverage", _("Leverage"), lambda value: percent(value, 1)),
    ("interest_cover", "interest_cover", _("Interest cover"), multiple),
    ("current_ratio", "current_ratio", _("Current ratio"), multiple),
    ("net_margin", "net_margin", _("Net margin"), lambda value: percent(value, 1)),
    ("return_on_equity", "roe", _("Return on equity"), lambda value: percent(value, 1)),
)
"""Attribute of Ratios, key of the metric, name, and how its values read."""


def statements_of(
    client: Client,
    user: User,
    span: str = FinancialStatement.Span.YEAR,
    *,
    known_on: date | None = None,
    most: int = PERIODS_SHOWN,
) -> list[FinancialStatement]:
    """The latest periods of a length, newest first, each as last reported; `known_on` a day, of what was received by
    then."""
    return _latest(Sight.of(user), span, most, client=client.pk, known_on=known_on or date.max)


@prepared
def _latest(
    sight: Sight, span: str, most: int, client: Given, known_on: Given
) -> QuerySet[FinancialStatement]:
    rows = FinancialStatement.objects.visible_to(sight.user)
    rows = rows.filter(client=client, span=span, received_on__lte=known_on)
    return rows.order_by("-period_end", "-received_on", "-pk").distinct("period_end")[:most]


def spans_of(client: Client, user: User) -> list[str]:
    """The lengths of the periods that a client reports, the longest first."""
    rows = FinancialStatement.objects.visible_to(user).filter(client=client)
    known = set(rows.order_by().values_list("span", flat=True).distinct())
    return [span for span in FinancialStatement.Span.values if span in known]


def versions_of(statement: FinancialStatement, user: User) -> QuerySet[FinancialStatement]:
    """Everything that was reported of the period of a statement, the latest first."""
    rows = FinancialStatement.objects.visible_to(user).filter(
        client=statement.client_id, span=statement.span, period_end=statement.period_end
    )
    return rows.select_related("entered_by").order_by("-received_on", "-pk")


def lines_of(statements: Sequence[FinancialStatement]) -> list[Line]:
    """A line for each figure that any of the statements gives, in their order."""
    names = {field.name: capfirst(str(field.verbose_name)) for field in FinancialStatement._meta.fields}
    found = []
    for name in STATEMENT_FIGURES:
        values: list[Decimal | None] = [getattr(item, name) for item in statements]
        if any(value is not None for value in values):
            found.append(Line(names[name], _cells(values)))
    return found


def _cells(values: Sequence[Decimal | None]) -> list[Cell]:
    before = [*values[1:], None]
    return [Cell(value, _change(value, earlier)) for value, earlier in zip(values, before, strict=True)]


def _change(value: Decimal | None, before: Decimal | None) -> float | None:
    """Not known of what was nothing or a loss: a percentage would mislead. Less than half a percent is no change."""
    if value is None or before is None or before <= 0:
        return None
    change = float((value - before) / before)
    return change if abs(change) >= LEAST_CHANGE else 0.0


def ratio_lines(statements: Sequence[FinancialStatement], readings: Sequence[Reading]) -> list[RatioLine]:
    """The ratios of the statements, each beside how the criteria read the latest one."""
    ratios = [ratios_of(item) for item in statements]
    return [
        RatioLine(
            str(label),
            [shown(getattr(one, name)) for one in ratios],
            _thresholds(metric, getattr(ratios[0], name) if ratios else None, readings),
        )
        for name, metric, label, shown in RATIO_LINES
    ]


def _thresholds(metric: str, value: float | None, readings: Sequence[Reading]) -> list[Threshold]:
    return [
        Threshold(reading.scheme, None if value is None else reading.step_of(value), reading.best)
        for reading in readings
        if reading.metric == metric and reading.best
    ]


def ratios_of(statement: FinancialStatement) -> Ratios:
    equity = _difference(statement.total_assets, statement.total_liabilities)
    return Ratios(
        statement=statement,
        leverage=_ratio(statement.total_liabilities, statement.total_assets),
        interest_cover=_ratio(statement.operating_profit, statement.interest_expense),
        current_ratio=_ratio(statement.current_assets, statement.current_liabilities),
        net_margin=_ratio(statement.net_profit, statement.revenue),
        return_on_equity=_ratio(statement.net_profit, equity) if equity and equity > 0 else None,
    )


def _ratio(above: Decimal | None, below: Decimal | None) -> float | None:
    return float(above / below) if above is not None and below else None


def _difference(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return first - second if first is not None and second is not None else None

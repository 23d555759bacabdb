"""Entering financial statements by hand: checked against themselves, restated as a new version."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.core.statement_checks import Finding, findings
from crm.errors import Conflict, DomainError, Invalid
from crm.models import Client, FinancialStatement, User
from crm.models.conduct import today
from crm.services.carrying import carry, in_book
from crm.services.holding import check_hold
from crm.services.saving import check
from crm.signals import records_changed

FIGURES: Final = (
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
    "cash_before",
    "inventory",
    "receivables",
    "total_liabilities",
    "current_liabilities",
    "equity",
    "retained_earnings",
)
UNITS: Final = {"1": 1, "1000": 1_000, "10000": 10_000, "1000000": 1_000_000, "100000000": 100_000_000}
"""Units in which the figures of a statement may be entered, by the name that forms and API give them."""

WORDS: Final = {
    "negative": gettext_lazy(
        "This is never negative: it says %(difference)s. Enter costs and debts as positive amounts."
    ),
    "unbalanced": gettext_lazy(
        "Assets differ from liabilities and equity together by %(difference)s. They have to be equal."
    ),
    "part_exceeds": gettext_lazy("This is a part of “%(other)s” and exceeds it by %(difference)s."),
    "parts_exceed": gettext_lazy(
        "Inventory, receivables and cash together exceed current assets by %(difference)s."
    ),
    "cash_moves": gettext_lazy(
        "Cash changed by %(difference)s more than the three cash flows explain (less, if negative)."
    ),
    "profit_above_revenue": gettext_lazy("Net profit exceeds revenue by %(difference)s."),
    "profit_after_loss": gettext_lazy(
        "A net profit of %(difference)s beside an operating loss: is a sign missing?"
    ),
    "retained_above_equity": gettext_lazy("Retained earnings exceed equity by %(difference)s."),
    "jump": pgettext_lazy(
        "statement", "%(difference)s times the figure of the period before, or its part: is the unit right?"
    ),
}


class AnotherStatement(Conflict):
    """Another statement of the period is the latest than the one that the writer saw, or saw none of."""

    code = "another_statement"
    message = gettext_lazy("Another statement of this period is there. Restate that one instead.")


class StatementDoubtful(DomainError):
    """Nothing is impossible, but somebody has to look: `findings` are the doubts nobody accepted."""

    code = "statement_doubtful"
    message = gettext_lazy("Some figures are unusual. Correct them, or accept them with a reason.")

    def __init__(self, found: Collection[Finding]):
        super().__init__()
        self.findings = list(found)

    @property
    def fields(self) -> dict[str, list[str]]:
        told: dict[str, list[str]] = {}
        for one in self.findings:
            told.setdefault(one.field, []).append(f"{sentence(one)} [{one.key}]")
        return told


@transaction.atomic
def enter_statement(
    *,
    by: User,
    client: Client,
    span: str,
    period_end: date,
    figures: Mapping[str, Decimal | None],
    unit: int = 1,
    currency: str = "",
    exchange_rate: Decimal | None = None,
    audited: bool = False,
    source: str = "",
    replaces: int | None = None,
    note: str = "",
    accepted: Collection[str] = (),
    acceptance: str = "",
) -> FinancialStatement:
    """Enter what a client reports of a period, in so many units of `currency`, as known from today on.

    Another statement of the period is restated: it stays, and this one counts from today; `note` says why, `replaces`
    is the id of the one that the writer saw. One that was received today is replaced, and stays in the history.
    `accepted` are the keys of doubts that the writer accepts, for the reason `acceptance`.

    Raises NotPermitted, Invalid, StatementDoubtful, and AnotherStatement where another than `replaces` is the latest.
    """
    check_hold(by, client)
    Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    standing = _latest(client, span, period_end)
    if (standing.pk if standing else None) != replaces:
        raise AnotherStatement
    row = standing if standing and standing.received_on == today() else FinancialStatement(client=client)
    _put(row, span=span, period_end=period_end, audited=audited, source=source.strip(), note=note.strip())
    carry(row, currency, exchange_rate)
    doubts = _check(row, figures, unit, standing)
    _accept(row, doubts, accepted, acceptance)
    for name in FIGURES:
        setattr(row, name, in_book(row, _whole(figures.get(name), unit)))
    row.entered_by = by
    check(row)
    row.save()
    records_changed()
    return row


def sentence(found: Finding) -> str:
    """What does not add up, in the reader's language, with by how much."""
    other = FinancialStatement._meta.get_field(found.other).verbose_name if found.other else ""  # type: ignore[union-attr]
    difference = "" if found.difference is None else f"{found.difference:,.2f}".removesuffix(".00")
    return str(WORDS[found.code]) % {"other": other, "difference": difference}


def _latest(client: Client, span: str, period_end: date) -> FinancialStatement | None:
    rows = FinancialStatement.objects.filter(client=client, span=span, period_end=period_end)
    return rows.order_by("-received_on", "-pk").first()


def _put(row: FinancialStatement, **fields: Any) -> None:
    row.received_on = today()
    for name, value in fields.items():
        setattr(row, name, value)
    if row.period_end > row.received_on:
        raise Invalid({"period_end": [_("This day has not come yet.")]})


def _check(
    row: FinancialStatement,
    figures: Mapping[str, Decimal | None],
    unit: int,
    standing: FinancialStatement | None,
) -> list[Finding]:
    """The doubts about the figures; raises Invalid for what cannot be, each beside its field."""
    if unit not in UNITS.values():
        raise Invalid({"unit": [_("Choose one of: %(known)s.") % {"known": ", ".join(UNITS)}]})
    if unknown := set(figures) - set(FIGURES):
        raise Invalid({name: [_("This cannot be set here.")] for name in sorted(unknown)})
    if not any(value is not None for value in figures.values()):
        raise Invalid({"revenue": [_("Give at least one figure.")]})
    if standing is not None and not row.note:
        raise Invalid({"note": [_("A statement of this period is there. Say why it is restated.")]})
    found = findings(figures, tolerance=Decimal(2), before=_before(row, unit))
    refused: dict[str, list[str]] = {}
    for one in found:
        if one.is_error:
            refused.setdefault(one.field, []).append(sentence(one))
    if refused:
        raise Invalid(refused)
    return found


def _before(row: FinancialStatement, unit: int) -> dict[str, Decimal | None] | None:
    """The latest statement of the same span that ended before, in the unit and currency of what is entered."""
    rows = FinancialStatement.objects.filter(client=row.client, span=row.span, period_end__lt=row.period_end)
    earlier = rows.order_by("-period_end", "-received_on").first()
    if earlier is None:
        return None
    scale = row.exchange_rate * unit
    return {
        name: value / scale if (value := getattr(earlier, name)) is not None else None for name in FIGURES
    }


def _accept(
    row: FinancialStatement, doubts: Collection[Finding], accepted: Collection[str], acceptance: str
) -> None:
    if [one for one in doubts if one.key not in accepted]:
        raise StatementDoubtful(doubts)
    if doubts and not acceptance.strip():
        raise Invalid({"acceptance": [_("Say why these figures are right.")]})
    row.accepted = sorted(one.key for one in doubts)
    row.acceptance = acceptance.strip() if doubts else ""


def _whole(figure: Decimal | None, unit: int) -> Decimal | None:
    return None if figure is None else figure * unit

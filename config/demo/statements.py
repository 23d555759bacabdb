"""Yearly statements: three years and what of a fourth is in, received after the period ends, a few late or missing."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from config.demo.clock import moment
from config.demo.streams import clip, rounded, stream
from config.demo.subjects import Subject
from crm.models import Client, FinancialStatement

YEARS = 4
MISSING = 0.03
LATE = 0.08
COST_OF_DEBT = 0.042
AFTER_TAX = 0.76
FLOWS = ("revenue", "operating_profit", "interest_expense", "net_profit", "operating_cash_flow")


def statements_of(subject: Subject) -> Iterator[FinancialStatement]:
    """The statements received by the anchor; people report none, prospects only the latest."""
    if subject.is_person:
        return
    source = stream("statements", subject.index)
    anchor = subject.quality.anchor
    years = 2 if subject.client.status == Client.Status.POTENTIAL else YEARS
    level = source.gauss(0, 1)
    revenue = subject.revenue / 1.06**years
    for year in range(anchor.year - years, anchor.year):
        period_end = date(year, 12, 31)
        quality = subject.quality.on(period_end)
        revenue *= 1 + clip(0.06 + 0.07 * quality + growth_of(subject) + source.gauss(0, 0.06), -0.45, 0.9)
        received_on = period_end + timedelta(days=receipt_delay(source))
        figures = accounts(source, subject, revenue, quality, level)
        if source.random() >= MISSING and received_on <= anchor:
            if subject.client.size_class == "large":
                yield half_year(subject, year, figures)
            yield FinancialStatement(
                client=subject.client,
                period_end=period_end,
                received_on=received_on,
                audited=source.random() < (0.95 if subject.client.size_class in ("large", "medium") else 0.6),
                source="Annual report" if subject.client.size_class == "large" else "Client submission",
                created_at=moment(received_on, 17),
                **figures,
            )


def half_year(subject: Subject, year: int, figures: dict[str, int]) -> FinancialStatement:
    """What a large firm reported at mid-year: half of what flowed in the year, and the balance of its end."""
    period_end = date(year, 6, 30)
    halved = {name: figures[name] // 2 for name in FLOWS}
    return FinancialStatement(
        client=subject.client,
        span=FinancialStatement.Span.HALF,
        period_end=period_end,
        received_on=period_end + timedelta(days=60),
        source="Interim report",
        created_at=moment(period_end + timedelta(days=60), 17),
        **figures | halved,
    )


def growth_of(subject: Subject) -> float:
    return {"start_up": 0.18, "growth": 0.10, "decline": -0.08}.get(subject.client.life_cycle, 0.0)


def receipt_delay(source: Random) -> int:
    """Days from period end to receipt: about a hundred, or half a year when late."""
    return source.randint(150, 215) if source.random() < LATE else source.randint(88, 121)


def accounts(
    source: Random, subject: Subject, revenue: float, quality: float, level: float
) -> dict[str, int]:
    """One year's figures. `level` is what is the client's own and lasts: a conservative or a bold balance sheet."""
    trade = subject.trade
    assets = revenue / (trade.turnover * clip(1 + source.gauss(0, 0.06) + 0.04 * level, 0.6, 1.5))
    leverage = 0.56 - 0.13 * quality + trade.gearing + 0.05 * level + source.gauss(0, 0.025)
    liabilities = assets * clip(leverage, 0.08, 1.12)
    inventory = revenue * trade.inventory * clip(1 - 0.1 * quality + source.gauss(0, 0.05), 0.5, 1.6)
    receivables = revenue * trade.receivables * clip(1 - 0.15 * quality + source.gauss(0, 0.06), 0.4, 1.9)
    cash = revenue * clip(0.11 + 0.05 * quality + source.gauss(0, 0.02), 0.01, 0.4)
    current_assets = min(inventory + receivables + cash, assets * 0.93)
    current_ratio = clip(1.5 + 0.42 * quality - 0.1 * level + source.gauss(0, 0.12), 0.35, 4.5)
    current_liabilities = min(current_assets / current_ratio, liabilities * 0.96)
    margin = trade.margin + 0.034 * quality + source.gauss(0, 0.012)
    operating_profit = revenue * clip(margin, -0.35, 0.45)
    interest = liabilities * 0.55 * (COST_OF_DEBT - 0.004 * quality)
    profit = operating_profit - interest
    figures = {
        "revenue": rounded(revenue, 4),
        "operating_profit": rounded(operating_profit, 4),
        "interest_expense": rounded(interest, 4),
        "net_profit": rounded(profit * AFTER_TAX if profit > 0 else profit, 4),
        "operating_cash_flow": rounded(
            revenue * (margin * 0.8 + 0.012 * quality + source.gauss(0.015, 0.02)), 4
        ),
        "total_assets": rounded(assets, 4),
        "current_assets": rounded(current_assets, 4),
        "inventory": rounded(min(inventory, current_assets * 0.9), 4),
        "receivables": rounded(receivables, 4),
        "total_liabilities": rounded(liabilities, 4),
        "current_liabilities": rounded(current_liabilities, 4),
        "retained_earnings": rounded(assets * (0.16 + 0.09 * quality + source.gauss(0, 0.03)), 4),
    }
    return figures | {
        "equity": figures["total_assets"] - figures["total_liabilities"],
        "cash": rounded(min(cash, current_assets * 0.5), 4),
    }

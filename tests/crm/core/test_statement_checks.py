from decimal import Decimal

import pytest

from crm.core.statement_checks import findings

SOUND: dict[str, Decimal | None] = {
    name: Decimal(value)
    for name, value in {
        "revenue": 1000,
        "operating_profit": 120,
        "interest_expense": 20,
        "net_profit": 80,
        "operating_cash_flow": 90,
        "investing_cash_flow": -50,
        "financing_cash_flow": -10,
        "total_assets": 900,
        "current_assets": 500,
        "cash": 130,
        "cash_before": 100,
        "inventory": 100,
        "receivables": 150,
        "total_liabilities": 400,
        "current_liabilities": 200,
        "equity": 500,
        "retained_earnings": 200,
    }.items()
}


def found(before=None, **changes):
    figures = SOUND | {name: Decimal(str(value)) for name, value in changes.items()}
    return {
        (one.key, one.is_error, one.difference)
        for one in findings(figures, tolerance=Decimal(2), before=before)
    }


def test_sound_statement_raises_nothing_and_rounding_is_forgiven():
    assert found() == set()
    assert found(equity=498.5, cash=131) == set()


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"equity": 450}, ("unbalanced:total_assets", True, 50)),
        ({"interest_expense": -20}, ("negative:interest_expense", True, -20)),
        ({"current_liabilities": 450}, ("part_exceeds:current_liabilities", True, 50)),
        ({"receivables": 300}, ("parts_exceed:current_assets", False, 30)),
        ({"cash": 140}, ("cash_moves:cash", False, 10)),
        ({"net_profit": 1200}, ("profit_above_revenue:net_profit", False, 200)),
        ({"operating_profit": -10}, ("profit_after_loss:net_profit", False, 80)),
        ({"retained_earnings": 600}, ("retained_above_equity:retained_earnings", False, 100)),
    ],
)
def test_what_does_not_add_up_is_named_with_the_difference(changes, finding):
    assert found(**changes) == {finding}


def test_mistaken_unit_shows_against_the_statement_before():
    before = SOUND | {"revenue": Decimal(10_000_000)}
    assert found(before=before) == {("jump:revenue", False, 10_000)}


def test_what_is_not_given_is_not_checked():
    assert findings({"revenue": Decimal(5)}, tolerance=Decimal(2)) == []

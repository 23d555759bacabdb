from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.core.schedules import MOST_INSTALMENTS, instalments

YEAR = {"first_on": date(2026, 3, 31), "last_on": date(2026, 12, 31), "every": 3}


def plan(kind, **changes):
    terms = {"owed": Decimal(1000), "rate": Decimal("0.08"), **YEAR, **changes}
    return instalments(plan=kind, **terms)


def test_equal_principal_pays_less_interest_each_time():
    paid = plan("equal_principal")
    assert [one.principal for one in paid] == [Decimal(250)] * 4
    assert [one.interest for one in paid] == [Decimal(20), Decimal(15), Decimal(10), Decimal(5)]
    assert [one.due_on.isoformat() for one in paid] == [
        "2026-03-31",
        "2026-06-30",
        "2026-09-30",
        "2026-12-31",
    ]


def test_annuity_pays_the_same_each_time_but_for_rounding():
    paid = plan("annuity")
    # 1000 × 0.02 ÷ (1 − 1.02⁻⁴) = 262.62
    assert {one.principal + one.interest for one in paid[:-1]} == {Decimal("262.62")}
    assert abs(paid[-1].principal + paid[-1].interest - Decimal("262.62")) <= Decimal("0.05")


def test_bullet_pays_interest_and_all_at_the_end():
    paid = plan("bullet")
    assert [one.principal for one in paid] == [0, 0, 0, 1000]
    assert {one.interest for one in paid} == {Decimal(20)}


@settings(max_examples=40)
@given(
    kind=st.sampled_from(["annuity", "equal_principal", "bullet"]),
    owed=st.decimals("0.01", "1e12", places=2),
    rate=st.decimals("0", "0.5", places=4),
    every=st.integers(1, 12),
    months=st.integers(0, 60),
)
def test_principal_adds_up_to_what_is_owed(kind, owed, rate, every, months):
    last = date(2026 + months // 12, 1 + months % 12, 15)
    paid = instalments(
        plan=kind, owed=owed, rate=rate, first_on=min(date(2026, 1, 31), last), last_on=last, every=every
    )
    assert sum(one.principal for one in paid) == owed
    assert all(one.principal >= 0 and one.interest >= 0 for one in paid)
    assert [one.due_on for one in paid] == sorted({one.due_on for one in paid})


def test_endless_schedules_are_refused():
    with pytest.raises(ValueError, match=str(MOST_INSTALMENTS)):
        plan("bullet", every=1, last_on=date(2099, 1, 1))

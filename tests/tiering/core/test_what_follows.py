"""What follows from a tier in Python, in SQL, and what a document is refused for."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.models import CasePaper, Facility
from tests.tiering.core.postgres import rows_over
from tests.tiering.follows.documents import a_tier_policy, some_products, terms
from tiering.core import products, tier_policy_kind
from tiering.core.metric import Fact
from tiering.core.policies import Known
from tiering.core.products import FACILITIES, eligible_sql, is_eligible, offers
from tiering.core.refusals import CriteriaError
from tiering.core.sql import Fragment, join, sql
from tiering.core.tier_policy import CAP, DOCUMENTS, Ticket, follows_from
from tiering.core.tier_policy_sql import ceiling_sql, complete_sql

POLICY = tier_policy_kind.read(a_tier_policy())
KNOWN = Known(
    tiers={"small": ("High", "Middle", "Low")},
    scheme="small",
    products=frozenset({"factoring"}),
    sectors=frozenset({"machines"}),
)


def ceiling(tier: str, **facts: float) -> Any:
    return follows_from(POLICY.by_tier[tier], facts).ceiling


def test_least_multiple_bounds_the_limit_and_is_named():
    assert ceiling("High", revenue=100e6, registered_capital=30e6).amount == 10e6
    assert ceiling("High", revenue=100e6, registered_capital=10e6).bound_by == "registered_capital"
    found = ceiling("High", revenue=9e9, registered_capital=9e9)
    assert (found.amount, found.bound_by) == (50e6, CAP)


def test_unknown_part_is_said_and_nothing_known_is_no_limit():
    found = ceiling("High", revenue=100e6)
    assert (found.amount, found.unknown) == (10e6, ("registered_capital",))
    assert ceiling("High").amount is None
    assert ceiling("High", revenue=-5.0, registered_capital=1.0).amount == 0.0


def test_collateral_is_asked_of_what_is_owed():
    assert follows_from(POLICY.by_tier["Middle"], {"exposure": 8e6}).to_cover == 4e6
    assert follows_from(POLICY.by_tier["Middle"], {}).to_cover is None


AMOUNTS = st.one_of(
    st.none(),
    st.sampled_from([0.0, -1.0, 0.009, 0.01, 5e-324, math.nan, math.inf, 1e15, 999e12, 1.7e308]),
    st.floats(-1e9, 1e13, allow_nan=False),
)


@st.composite
def limits(draw: st.DrawFn) -> Any:
    names = draw(st.lists(st.sampled_from(["revenue", "total_assets"]), unique=True, max_size=2))
    times = st.floats(0.0001, 1000, allow_nan=False)
    cap = draw(st.none() | st.floats(0, 1e14)) if names else draw(st.floats(0, 1e14))
    return draw(
        st.none()
        | st.just({"least_of": [{"metric": name, "times": draw(times)} for name in names], "cap": cap})
    )


@settings(max_examples=25, deadline=None)
@given(
    one=limits(),
    other=limits(),
    rows=st.lists(st.tuples(st.sampled_from(["A", "B"]), AMOUNTS, AMOUNTS), min_size=1, max_size=12),
)
def test_sql_says_what_python_says(postgres, one, other, rows):
    document = a_tier_policy(tiers=[terms("A", limit=one), terms("B", limit=other)])
    policy = tier_policy_kind.read(document)
    columns = {"revenue": "revenue", "total_assets": "total_assets"}
    asked = join(
        ", ",
        [
            sql(make(policy, "tier", columns), f" AS {name}")
            for name, make in (("ceiling", ceiling_sql), ("complete", complete_sql))
        ],
    )
    statement = sql("SELECT ", asked, " FROM given")
    types = {"tier": "text", "revenue": "float8", "total_assets": "float8"}
    found = rows_over(postgres, types, rows, statement.text, statement.params)
    for (tier, revenue, assets), row in zip(rows, found, strict=True):
        follows = follows_from(policy.by_tier[tier], {"revenue": revenue, "total_assets": assets})
        assert row == {
            "ceiling": follows.ceiling.amount,
            "complete": not follows.ceiling.unknown,
        }


OFFERED = products.read(some_products())


@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["machines", "farms", None]),
            st.sampled_from(["start_up", "mature", None]),
            AMOUNTS,
        ),
        min_size=1,
        max_size=12,
    )
)
def test_sql_finds_whom_python_finds_eligible(postgres, rows):
    columns = {"life_cycle": "life_cycle", "revenue": "revenue"}
    parts = [
        sql(eligible_sql(product, columns, "sector", KNOWN.catalogue), f" AS {product.key}")
        for product in OFFERED.products
    ]
    statement = sql("SELECT ", join(", ", parts), Fragment(" FROM given"))
    types = {"sector": "text", "life_cycle": "text", "revenue": "float8"}
    found = rows_over(postgres, types, rows, statement.text, statement.params)
    for (sector, stage, revenue), row in zip(rows, found, strict=True):
        facts = {"life_cycle": stage, "revenue": revenue}
        assert row == {product.key: is_eligible(product, facts, sector) for product in OFFERED.products}


def test_offers_leave_out_what_is_held_and_what_the_tier_is_not_offered():
    facts: dict[str, Fact] = {"life_cycle": "start_up", "revenue": 5e6}

    def offered(tier: str, *held: str) -> list[str]:
        return [one.key for one in offers(OFFERED, POLICY.by_tier[tier], facts, "machines", held)]

    assert offered("High") == ["ip_loan", "lease", "factoring"]
    assert offered("High", "lease", "term_loan") == ["ip_loan", "factoring"]
    assert offered("Low") == ["factoring"]


def test_facilities_of_products_are_those_of_the_records():
    assert set(FACILITIES) == set(Facility.Product.values)


def test_documents_of_cases_are_those_of_the_records():
    assert tuple(CasePaper.values) == DOCUMENTS


@pytest.mark.parametrize(
    ("ticket", "taken"),
    [
        (Ticket(1e6, 5e6), [False, True, True, False]),
        (Ticket(None, 5e6), [True, True, True, False]),
        (Ticket(1e6, None), [False, True, True, True]),
    ],
)
def test_a_case_is_as_large_as_the_tier_takes_with_both_bounds(ticket, taken):
    assert [ticket.takes(amount) for amount in (1e6 - 0.01, 1e6, 5e6, 5e6 + 0.01)] == taken


def refused(**changes: Any) -> set[tuple[str, str]]:
    document = a_tier_policy(**changes)
    return {
        (refusal.code, refusal.path)
        for refusal in tier_policy_kind.check(tier_policy_kind.read(document), KNOWN)
    }


def test_sound_documents_are_not_refused():
    assert refused() == set()
    assert products.check(OFFERED, KNOWN) == ()
    blank = tier_policy_kind.blank(KNOWN)
    assert tier_policy_kind.check(tier_policy_kind.read(blank), KNOWN) == ()


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"limit": {"least_of": [], "cap": None}}, "limit_of_nothing", "$.tiers[0].limit"),
        (
            {"limit": {"least_of": [{"metric": "leverage", "times": 1}], "cap": None}},
            "metric_not_an_amount",
            "$.tiers[0].limit.least_of[0].metric",
        ),
        (
            {"limit": {"least_of": [{"metric": "project_amount", "times": 1}], "cap": None}},
            "metric_out_of_scope",
            "$.tiers[0].limit.least_of[0].metric",
        ),
        ({"products": ["gold"]}, "unknown_product", "$.tiers[0].products[0]"),
        ({"tier": "Top"}, "unknown_tier", "$.tiers[0].tier"),
        ({"tier": "Middle"}, "tier_without_terms", "$.tiers"),
        ({"review_months": 3}, "worse_tier_more_lenient", "$.tiers[1].review_months"),
        ({"monitoring_days": 7}, "worse_tier_more_lenient", "$.tiers[1].monitoring_days"),
        ({"add_on": 80}, "worse_tier_more_lenient", "$.tiers[1].add_on"),
        ({"ticket": {"least": None, "most": None}}, "ticket_of_nothing", "$.tiers[0].ticket"),
        ({"ticket": {"least": 2, "most": 1}}, "ticket_turned_round", "$.tiers[0].ticket"),
        ({"documents": ["contract", "contract"]}, "duplicate_key", "$.tiers[0].documents"),
    ],
)
def test_senseless_terms_are_refused_with_their_place(changes, code, path):
    first, *others = a_tier_policy()["tiers"]
    assert (code, path) in refused(tiers=[{**first, **changes}, *others])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"review_months": 13}, "shape_maximum"),
        ({"contact_days": 0}, "shape_minimum"),
        ({"limit": "lots"}, "shape_type"),
        ({"bonus": 1}, "shape_additionalProperties"),
        ({"documents": ["gossip"]}, "shape_enum"),
    ],
)
def test_misshapen_terms_are_refused(changes, code):
    with pytest.raises(CriteriaError) as error:
        tier_policy_kind.read(a_tier_policy(tiers=[terms("High", **changes)]))
    assert [refusal.code for refusal in error.value.refusals] == [code]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sectors": ["moon"]}, "unknown_sector"),
        ({"when": {"metric": "shoe_size", "op": ">", "value": 1}}, "unknown_metric"),
        ({"key": "lease"}, "duplicate_key"),
    ],
)
def test_senseless_products_are_refused(changes, code):
    first, *others = some_products()["products"]
    read = products.read({"format": 1, "products": [{**first, **changes}, *others]})
    assert [refusal.code for refusal in products.check(read, KNOWN)] == [code]

"""What follows from a tier for many clients at once: the meaning of ``tier_policy`` as SQL for Postgres."""

from typing import Final

from tiering.core.sql import Columns, Fragment, call, case, join, sql, value
from tiering.core.tier_policy import LARGEST, LEAST, Limit, Terms, TierPolicy

_NOTHING: Final = Fragment("NULL::float8")


def ceiling_sql(policy: TierPolicy, tier: str, columns: Columns) -> Fragment:
    """How much may be lent in all, double precision; NULL where nothing limits it, or nothing is known of what would.

    ``tier`` is an expression of the key of the tier, ``columns`` gives those of the metrics.
    """
    limited = [(terms, terms.limit) for terms in policy.tiers if terms.limit]
    return case([(_is(tier, terms), _least(limit, columns)) for terms, limit in limited], _NOTHING)


def complete_sql(policy: TierPolicy, tier: str, columns: Columns) -> Fragment:
    """Whether everything that bounds the limit is known."""
    limited = [(terms, terms.limit) for terms in policy.tiers if terms.limit and terms.limit.parts]
    branches = [
        (
            _is(tier, terms),
            join(" AND ", [Fragment(f"{_amount(columns[part.metric])} IS NOT NULL") for part in limit.parts]),
        )
        for terms, limit in limited
    ]
    return case(branches, Fragment("TRUE"))


def _is(tier: str, terms: Terms) -> Fragment:
    return sql(f"{tier} = ", value(terms.tier, "text"))


def _least(limit: Limit, columns: Columns) -> Fragment:
    """LEAST passes over what is NULL; with no amount known at all, the cap does not say it either."""
    amounts = [_amount(columns[part.metric]) for part in limit.parts]
    bounds = [
        sql(f"{amount} * ", value(part.times, "float8"))
        for amount, part in zip(amounts, limit.parts, strict=True)
    ]
    if limit.cap is not None:
        bounds.append(value(limit.cap, "float8"))
    least = call("LEAST", bounds)
    if not amounts:
        return least
    return sql(f"CASE WHEN num_nonnulls({', '.join(amounts)}) > 0 THEN ", least, " END")


def _amount(column: str) -> str:
    """See ``tier_policy.amount_of``; NaN is above every number."""
    return (
        f"(CASE WHEN {column} > -{LARGEST:.0f} AND {column} < {LARGEST:.0f}"
        f" THEN CASE WHEN {column} < {LEAST} THEN 0::float8 ELSE {column} END END)"
    )

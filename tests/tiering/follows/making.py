"""A policy in effect, and clients whose tier moves."""

from datetime import datetime
from typing import Any

from crm.models import Client, Role, User
from tests.factories import make_client, make_facility, make_industry, make_observation, make_user
from tests.tiering.follows.documents import a_tier_policy, some_products
from tests.tiering.helpers import LONG_AGO, a_document, days_ago, publish, run_now
from tiering.models import Policy, PolicyVersion, TierChange, TierScheme
from tiering.services.policies import put_policy_in_effect, start_policy
from tiering.services.tier_changes import work_changes

NOBODY_DECIDES: dict[str, Any] = {"policy": {}}
"""Of a criteria document: every move takes place at once."""


def put_in_effect(
    kind: str,
    document: dict[str, Any] | None,
    at: datetime | None = LONG_AGO,
    scheme: TierScheme | None = None,
) -> PolicyVersion:
    """A policy by two people, in effect for as long as anybody can remember."""
    author, publisher = make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)
    version = start_policy(kind=kind, by=author, scheme=scheme, document=document)
    return put_policy_in_effect(version=version, publisher=publisher, effective_from=at)


def small_scheme() -> TierScheme:
    return TierScheme.objects.get(key="small")


def policies(**changes: Any) -> PolicyVersion:
    """The small scheme with what follows from its tiers, and some products; moves need no decision."""
    publish(a_document(**NOBODY_DECIDES))
    make_industry(code="machines")
    put_in_effect(Policy.Kind.PRODUCTS, some_products())
    return put_in_effect(Policy.Kind.TIER_POLICY, a_tier_policy(**changes), scheme=small_scheme())


def score(client: Client, points: float, days: int) -> None:
    """A credit score that was observed so many days ago."""
    make_observation(client, "credit_score", points, observed_on=days_ago(days).date())


def known(client: Client, revenue: float = 100e6, capital: float = 60e6) -> None:
    """What its limit is a multiple of."""
    for metric, value in (("revenue", revenue), ("registered_capital", capital)):
        make_observation(client, metric, value, observed_on=days_ago(60).date())


def move(client: Client, before: float, after: float) -> TierChange:
    """A client that is placed by one score twenty days ago, and by another one ten days ago."""
    score(client, before, 30)
    run_now(as_of=days_ago(20))
    score(client, after, 15)
    run_now(as_of=days_ago(10))
    return TierChange.objects.get(client=client, worked_at=None)


def fallen() -> Client:
    """A client of an RM that fell from High to Low, with what followed from it."""
    policies()
    client = make_client(rm=make_user(Role.RM))
    known(client)
    lends(client)
    move(client, 720, 500)
    work_changes()
    return client


def lead_of(client: Client) -> User:
    return make_user(Role.TEAM_LEAD, team=client.team)


def lends(client: Client, **fields: Any):
    """A working-capital facility of 10 million at 4 %, of which 2 million are drawn."""
    given = {"product": "working_capital", "limit": 10_000_000, "drawn": 2_000_000, "rate": 0.04}
    return make_facility(client, **{**given, **fields})

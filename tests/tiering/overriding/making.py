"""Overrides to try things on: a client by the small scheme, asked for by its RM, decided by officers."""

from datetime import date, timedelta
from typing import Any

import pgtrigger
from django.utils import timezone

from crm.models import Client, Role, User
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import days_ago, run_now
from tiering.models import Override, Tier, TierScheme
from tiering.services.override_decisions import decide_override
from tiering.services.overrides import Wanted, ask_override


def scored(score: float, days: float = 30, client: Client | None = None) -> Client:
    """A client of an RM with an observed credit score; High from 700 on, Middle from 600, else Low."""
    client = client or make_client(rm=make_user(Role.RM))
    make_observation(client, "credit_score", score, observed_on=days_ago(days).date())
    return client


def tiered(score: float = 500.0) -> Client:
    """The same, assessed ten days ago."""
    client = scored(score)
    run_now(as_of=days_ago(10))
    return client


def tier(key: str) -> Tier:
    return Tier.objects.get(scheme=TierScheme.objects.get(is_primary=True), key=key)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def ask(client: Client, key: str | None = "Middle", by: User | None = None, **changes: Any) -> Override:
    """Ask that a client be held in a tier; without one, what `changes` say."""
    terms = {
        "client": client,
        "scheme": TierScheme.objects.filter(is_primary=True).first(),
        "tier": tier(key) if key else None,
        "reason": "group_support",
        "grounds": "The parent guarantees the loans",
        "last_day": in_days(90),
    }
    at = changes.pop("at", None)
    return ask_override(wanted=Wanted(**{**terms, **changes}), by=by or client.rm, at=at)


def officer(**fields: Any) -> User:
    return make_user(Role.RISK_OFFICER, **fields)


def approve(override: Override, by: User | None = None, **terms: Any) -> Override:
    return decide_override(override=override, verdict="approve", by=by or officer(), **terms)


def hold(client: Client, key: str | None = "Middle", **changes: Any) -> Override:
    """An override in force; with `at`, since then."""
    at = {"at": changes["at"]} if "at" in changes else {}
    return approve(ask(client, key, **changes), **at)


def due(override: Override) -> Override:
    """Its last day is over, as of a second ago."""
    with pgtrigger.ignore("tiering.Override:keeps_what_was_asked"):
        Override.objects.filter(pk=override.pk).update(ends=timezone.now() - timedelta(seconds=1))
    override.refresh_from_db()
    return override

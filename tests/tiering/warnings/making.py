"""Warnings in effect, and what raises them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from crm.models import Client, Role
from tests.factories import make_client, make_observation, make_user, numbers
from tests.tiering.helpers import label, publish
from tiering.models import Alert, Policy, PolicyVersion
from tiering.services.policies import put_policy_in_effect, start_policy
from tiering.services.requests import drain_requests

OVERDUE: dict[str, Any] = {"metric": "credit_score", "op": "<", "value": 600}


def an_indicator(key: str = "low", when: Any = OVERDUE, **changes: Any) -> dict[str, Any]:
    return {
        "key": key, "label": label(key), "when": when, "severity": "watch", "owner": "rm", "cooldown_days": 30,
        "escalate_after_days": 7, "advice": label("Look."), "suggests": "task", **changes,
    }  # fmt: skip


def warn_of(*indicators: dict[str, Any]) -> PolicyVersion:
    """Warnings in effect."""
    version = start_policy(
        kind=Policy.Kind.WARNINGS,
        by=make_user(Role.CRITERIA_ADMIN),
        document={"format": 1, "indicators": list(indicators)},
    )
    return put_policy_in_effect(version=version, publisher=make_user(Role.CRITERIA_ADMIN))


def today() -> date:
    return timezone.localdate()


def score(client: Client, value: float, days_ago: int = 0) -> None:
    """A credit score is known, and the client is re-tiered for it."""
    day = today() - timedelta(days=days_ago)
    make_observation(client, "credit_score", value, observed_on=day, source=f"test {next(numbers)}")
    drain_requests()


def tomorrow_noon() -> datetime:
    """When the night of tomorrow is long over, at whatever hour of today."""
    return timezone.localtime().replace(hour=12) + timedelta(days=1)


def a_client(**fields: Any) -> Client:
    """A client with an RM, in a house with criteria."""
    return make_client(**{"rm": make_user(Role.RM), **fields})


def open_alerts(client: Client) -> list[str]:
    return sorted(Alert.objects.filter(client=client).unresolved().values_list("indicator", flat=True))


__all__ = ["a_client", "an_indicator", "open_alerts", "publish", "score", "today", "warn_of"]

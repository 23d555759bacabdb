"""A small scheme of three tiers, and the acts that most tests of tiering begin with."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from crm.models import Client, Role, User
from tests.factories import make_user
from tiering.facts import derive
from tiering.models import Assignment, CriteriaVersion, Proposal, TieringRun
from tiering.services import criteria, lifecycle, runs

NOON_IN_SHANGHAI = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.get_default_timezone())


def label(text: str) -> dict[str, str]:
    return {"en": text, "zh": text}


def a_document(**changes: Any) -> dict[str, Any]:
    """High when the observed credit score is 700 or more, Middle from 600, else Low; every downgrade is reviewed."""
    bands = [
        {"lo": None, "hi": 600, "points": 20},
        {"lo": 600, "hi": 700, "points": 60},
        {"lo": 700, "hi": None, "points": 100},
    ]
    indicator = {"metric": "credit_score", "weight": 10000, "missing": {"policy": "block"}, "bands": bands}
    dimension = {"key": "credit", "label": label("Credit"), "weight": 10000, "indicators": [indicator]}
    document = {
        "format": 1,
        "scheme": "small",
        "label": label("Small"),
        "tiers": [{"key": key, "label": label(key)} for key in ("High", "Middle", "Low")],
        "scorecards": [{"key": "all", "label": label("All"), "dimensions": [dimension]}],
        "cutoffs": [
            {"tier": "High", "min": 80},
            {"tier": "Middle", "min": 50},
            {"tier": "Low", "min": 0},
        ],
        "gates": [
            {
                "key": "late",
                "label": label("Late"),
                "when": {"metric": "days_overdue", "op": ">", "value": 90},
                "effect": "cap",
                "tier": "Low",
                "hard": True,
            }
        ],
        "policy": {"review_when": {"metric": "notches", "op": "<", "value": 0}},
    }
    return {**document, **changes}


def publish(
    document: dict[str, Any] | None = None, effective_from: datetime | None = LONG_AGO
) -> CriteriaVersion:
    """The document in effect, by default for as long as anybody can remember."""
    author, approver = make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)
    version = criteria.load_criteria(document=document or a_document(), author=author)
    return lifecycle.put_in_effect(version=version, approver=approver, effective_from=effective_from)


def run_now(requested_by: User | None = None, as_of: datetime | None = None) -> TieringRun:
    """A run over the whole book, worked through in this process."""
    return runs.work_through(runs.start_run(requested_by=requested_by, as_of=as_of))


def days_ago(days: float) -> datetime:
    """The moment so long ago; its date is the day it is in the house's own time zone."""
    return timezone.localtime() - timedelta(days=days)


def tier_of(client: Client) -> str | None:
    held = Assignment.objects.filter(client=client, valid_to=None).select_related("tier").first()
    return held.tier.key if held else None


def pending_of(client: Client) -> Proposal:
    return Proposal.objects.get(client=client, status=Proposal.Status.PENDING)


def facts_of(client: Client, as_of: datetime = NOON_IN_SHANGHAI) -> dict[str, Any]:
    """The facts as derived from the records, without storing them."""
    return facts_of_all([client.pk], as_of)[client.pk]


def facts_of_all(clients: Sequence[int] | range, as_of: datetime) -> dict[int, dict[str, Any]]:
    """By client id, the facts as one statement derives them."""
    with connection.cursor() as cursor:
        cursor.execute(*derive(clients, as_of))
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    texts = ("sources", "dates", "custom")
    return {row["client_id"]: row | {name: json.loads(row[name]) for name in texts} for row in rows}

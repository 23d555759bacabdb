"""Tiers put into the ledgers by hand, as a run would put them there: of clients, and of clients within projects."""

from datetime import datetime
from itertools import count
from typing import Any

from crm.models import Client, Participation, Project
from tests.tiering.helpers import LONG_AGO, a_document, days_ago, label, publish
from tiering.models import Assessment, Assignment, CriteriaVersion, Facts, ProjectFacts, TieringRun

MONTH_AGO = days_ago(30)
slots = count()


def publish_within(
    roll_up: dict[str, str] | None = None,
    scheme: str = "partners",
    effective_from: datetime | None = LONG_AGO,
) -> CriteriaVersion:
    """Criteria that place clients within projects in High, Middle or Low by their share of its revenue."""
    bands = [
        {"lo": None, "hi": 0.2, "points": 20},
        {"lo": 0.2, "hi": 0.5, "points": 60},
        {"lo": 0.5, "hi": None, "points": 100},
    ]
    share = {
        "metric": "project_revenue_share",
        "weight": 10000,
        "missing": {"policy": "block"},
        "bands": bands,
    }
    dimension = {"key": "share", "label": label("Share"), "weight": 10000, "indicators": [share]}
    return publish(
        a_document(
            scheme=scheme,
            label=label("Partners"),
            subject="project",
            roll_up=roll_up or {"rule": "best"},
            scorecards=[{"key": "all", "label": label("All"), "dimensions": [dimension]}],
            gates=[],
        ),
        effective_from,
    )


def join(client: Client, project: Project, **fields: Any) -> Participation:
    return Participation.objects.create(client=client, project=project, **fields)


def place(
    client: Client,
    version: CriteriaVersion,
    tier: str,
    *,
    project: Project | None = None,
    values: dict[str, Any] | None = None,
    at: datetime = MONTH_AGO,
    score: float = 60,
) -> Assignment:
    """The tier of a client from a moment on, as a whole or within a project where `values` are known of it."""
    scheme = version.criteria.scheme
    run = TieringRun.objects.create(
        trigger="manual", slot=f"placing {next(slots)}", version=version, as_of=at
    )
    facts, _ = Facts.objects.get_or_create(client=client, valid_to=None, defaults={"valid_from": at})
    within = None
    if project:
        within = ProjectFacts.objects.create(
            client=client, project=project, valid_from=at, content_hash="", values=values or {}
        )
    row = scheme.tiers.get(key=tier)
    assessment = Assessment.objects.create(
        client=client,
        project=project,
        scheme=scheme,
        version=version,
        run=run,
        facts=facts,
        project_facts=within,
        valid_from=at,
        scorecard="all",
        score=round(score * 100_000_000),
        model_tier=row,
        base_tier=row,
        overlay_tier=row,
        tier=row,
        provisional=False,
        gates=[],
    )
    return Assignment.objects.create(
        client=client, project=project, scheme=scheme, tier=row, valid_from=at, assessment=assessment
    )

"""Clients in a tier, and cases of theirs."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import tiering
from crm.models import Client, Facility, Role, User
from funnel.models import Case, Pipeline, Stage
from funnel.services.cases import open_case
from funnel.services.pipelines import ensure_seed_pipeline
from tests.factories import make_client, make_user
from tiering.models import Assessment, Assignment, CriteriaVersion, Facts, TieringRun
from tiering.services.criteria import load_criteria
from tiering.services.lifecycle import put_in_effect

CRITERIA = Path(tiering.__file__).parent / "criteria" / "aa_a_b.json"
moments = count()


def publish_criteria() -> CriteriaVersion:
    """The seed's criteria AA/A/B in effect, once a test."""
    published = CriteriaVersion.objects.filter(status=CriteriaVersion.Status.PUBLISHED).first()
    if published:
        return published
    author, approver = make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)
    draft = load_criteria(document=json.loads(CRITERIA.read_text(encoding="utf-8")), author=author)
    return put_in_effect(version=draft, approver=approver)


def make_gated_pipeline() -> Pipeline:
    publish_criteria()
    return ensure_seed_pipeline()


def make_run(version: CriteriaVersion) -> TieringRun:
    as_of = datetime(2026, 6, 30, tzinfo=UTC)
    return TieringRun.objects.get_or_create(trigger="manual", slot="test", version=version, as_of=as_of)[0]


def put_in_tier(client: Client, key: str, *, provisional: bool = False, score: int = 0) -> Assignment:
    """The client's tier in force from now on, as a run would have assigned it."""
    version = publish_criteria()
    scheme, run = version.criteria.scheme, make_run(version)
    tier = scheme.tiers.get(key=key)
    moment = datetime(2026, 7, 1, tzinfo=UTC) + timedelta(seconds=next(moments))
    for ledger in (Facts, Assessment, Assignment):
        ledger.objects.filter(client=client, valid_to__isnull=True).update(valid_to=moment)
    facts = Facts.objects.create(client=client, valid_from=moment, content_hash="0")
    assessment = Assessment.objects.create(
        client=client,
        scheme=scheme,
        version=version,
        run=run,
        facts=facts,
        valid_from=moment,
        scorecard="established",
        score=score,
        model_tier=tier,
        base_tier=tier,
        overlay_tier=tier,
        tier=tier,
        provisional=provisional,
        gates=[],
    )
    return Assignment.objects.create(
        client=client, scheme=scheme, tier=tier, valid_from=moment, assessment=assessment
    )


def assess_again(client: Client, *, provisional: bool) -> None:
    """Newer facts lead to the same tier, as a run finds it."""
    held = Assessment.objects.get(client=client, valid_to__isnull=True)
    moment = held.valid_from + timedelta(seconds=1)
    Assessment.objects.filter(pk=held.pk).update(valid_to=moment)
    held.pk, held.valid_from, held.provisional = None, moment, provisional
    held.save()


def make_case(rm: User | None = None, *, stage: str = "", tier: str = "", **fields) -> Case:
    """A case of a client of `rm`; `stage` puts it there without the moves in between."""
    pipeline = make_gated_pipeline()
    rm = rm or make_user()
    client = fields.pop("client", None) or make_client(rm=rm)
    if tier:
        put_in_tier(client, tier)
    defaults = {"product": Facility.Product.TERM_LOAN, "amount": Decimal(12_000_000)}
    case = open_case(client=client, opened_by=rm, **{**defaults, **fields})
    if stage:
        Case.objects.filter(pk=case.pk).update(stage=stage_of(pipeline, stage))
        case.refresh_from_db()
    return case


def stage_of(pipeline: Pipeline, key: str) -> Stage:
    return pipeline.stages.get(key=key)

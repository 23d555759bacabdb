"""Clients in a tier, and cases of theirs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from crm.models import Client, Facility, Role, User
from funnel.models import Case, Pipeline, Stage
from funnel.services.cases import open_case
from funnel.services.pipelines import ensure_seed_pipeline
from tests.factories import make_client, make_user
from tiering.models import (
    Assessment,
    Assignment,
    CriteriaSet,
    CriteriaVersion,
    Facts,
    Tier,
    TieringRun,
    TierScheme,
)

moments = count()


def make_scheme() -> TierScheme:
    """The primary scheme AA, A, B, as the seed has it."""
    scheme, created = TierScheme.objects.get_or_create(
        key="seed", defaults={"name_en": "Seed tiers", "name_zh": "种子分层", "is_primary": True}
    )
    if created:
        for rank, key in enumerate(("AA", "A", "B")):
            Tier.objects.create(scheme=scheme, key=key, rank=rank, label_en=key, colour_step=1 + 2 * rank)
    return scheme


def make_gated_pipeline() -> Pipeline:
    make_scheme()
    return ensure_seed_pipeline()


def make_run(scheme: TierScheme) -> TieringRun:
    criteria, _ = CriteriaSet.objects.get_or_create(scheme=scheme, defaults={"name_en": "Seed criteria"})
    version, _ = CriteriaVersion.objects.get_or_create(
        criteria=criteria,
        number=1,
        defaults={"document": {}, "content_hash": "0", "author": make_user(Role.CRITERIA_ADMIN)},
    )
    as_of = datetime(2026, 6, 30, tzinfo=UTC)
    run, _ = TieringRun.objects.get_or_create(trigger="manual", slot="test", version=version, as_of=as_of)
    return run


def put_in_tier(client: Client, key: str, *, provisional: bool = False) -> Assignment:
    """The client's tier in force from now on, as a run would have assigned it."""
    scheme = make_scheme()
    tier, run = scheme.tiers.get(key=key), make_run(scheme)
    moment = datetime(2026, 7, 1, tzinfo=UTC) + timedelta(seconds=next(moments))
    for ledger in (Facts, Assessment, Assignment):
        ledger.objects.filter(client=client, valid_to__isnull=True).update(valid_to=moment)
    facts = Facts.objects.create(client=client, valid_from=moment, content_hash="0")
    assessment = Assessment.objects.create(
        client=client,
        scheme=scheme,
        version=run.version,
        run=run,
        facts=facts,
        valid_from=moment,
        scorecard="all",
        score=0,
        model_tier=tier,
        tier=tier,
        provisional=provisional,
        gates=[],
    )
    return Assignment.objects.create(
        client=client, scheme=scheme, tier=tier, valid_from=moment, assessment=assessment
    )


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

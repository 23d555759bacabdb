"""The pipeline that every installation starts with.

`ensure_seed_pipeline` runs after each migration (see `funnel.apps`) and with the demo book. It is not a data migration:
the gate needs a tier scheme, which may arrive later, and a migration would freeze copies of these models.
"""

from django.db import transaction

from crm.history import events_of
from funnel.models import Pipeline, Stage, StageGate
from tiering.models import Tier

KEY = "financing"
GATED_STAGE = "due_diligence"
MINIMUM_TIER = "A"

Outcome = Stage.Outcome
STAGES = (
    ("initial_identification", "Initial identification", "初步识别", Outcome.OPEN, 14),
    ("preliminary_assessment", "Preliminary assessment", "初步评估", Outcome.OPEN, 30),
    (GATED_STAGE, "Due diligence", "尽职调查", Outcome.OPEN, 45),
    ("approved", "Approved", "批准", Outcome.WON, None),
    ("declined", "Declined", "淘汰", Outcome.LOST, None),
)


@transaction.atomic
def ensure_seed_pipeline() -> Pipeline:
    """The three-layer pipeline with its gate: made once, then left to the administrators.

    Safe to call any number of times and from several processes at once. Existing stages are never changed, and a gate
    that was ever set and then removed is not set again.
    """
    pipeline, created = Pipeline.objects.get_or_create(
        key=KEY, defaults={"name_en": "Project financing", "name_zh": "项目融资"}
    )
    if created:
        Stage.objects.bulk_create(
            Stage(
                pipeline=pipeline,
                key=key,
                name_en=english,
                name_zh=chinese,
                position=position,
                outcome=outcome,
                limit_days=days,
            )
            for position, (key, english, chinese, outcome, days) in enumerate(STAGES)
        )
    _ensure_gate(pipeline)
    return pipeline


def _ensure_gate(pipeline: Pipeline) -> None:
    """Tier A or better before due diligence, as soon as the primary scheme has such a tier."""
    stage = pipeline.stages.select_for_update().filter(key=GATED_STAGE).first()
    tier = Tier.objects.filter(scheme__is_primary=True, key=MINIMUM_TIER).first()
    if stage and tier and not _was_ever_gated(stage):
        StageGate.objects.create(stage=stage, minimum_tier=tier)


def _was_ever_gated(stage: Stage) -> bool:
    return events_of(StageGate).filter(stage_id=stage.pk).exists()

"""The pipeline that every installation starts with.

`ensure_seed_pipeline` runs after each migration (see `funnel.apps`) and with the demo book. It is not a data migration:
the gate needs a tier scheme, which may arrive later, and a migration would freeze copies of these models.
"""

from django.db import transaction

from crm.history import events_of
from funnel.models import ClosingReason, Pipeline, Stage, StageGate
from tiering.models import Tier

KEY = "financing"
GATED_STAGE = "due_diligence"
MINIMUM_TIER = "A"

Outcome = Stage.Outcome
STAGES = (
    ("initial_identification", "Initial identification", "初步识别", Outcome.OPEN, 14, 7, 0.1),
    ("preliminary_assessment", "Preliminary assessment", "初步评估", Outcome.OPEN, 30, 21, 0.3),
    (GATED_STAGE, "Due diligence", "尽职调查", Outcome.OPEN, 45, 35, 0.6),
    ("approved", "Approved", "批准", Outcome.WON, None, None, 1),
    ("declined", "Declined", "淘汰", Outcome.LOST, None, None, 0),
)
"""Key, names, outcome, days allowed, expected days, probability of winning."""
REASONS = (
    ("tier", "Tier too low", "层级不足"),
    ("cash_flow", "Cash flow does not cover the repayments", "现金流不足以覆盖还款"),
    ("collateral", "Collateral falls short", "担保措施不足"),
    ("sector", "Outlook of the industry", "行业前景"),
    ("terms", "No agreement on price or terms", "价格或条件未达成一致"),
    ("competitor", "Went to a competitor", "选择了其他机构"),
    ("withdrawn", "Client withdrew", "客户撤回"),
)
"""Why cases are declined."""


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
                expected_days=expected,
                probability=probability,
            )
            for position, (key, english, chinese, outcome, days, expected, probability) in enumerate(STAGES)
        )
        _add_reasons(pipeline)
    _ensure_gate(pipeline)
    return pipeline


def _add_reasons(pipeline: Pipeline) -> None:
    lost = pipeline.stages.get(outcome=Outcome.LOST)
    ClosingReason.objects.bulk_create(
        ClosingReason(stage=lost, key=key, name_en=english, name_zh=chinese, position=position)
        for position, (key, english, chinese) in enumerate(REASONS)
    )


def _ensure_gate(pipeline: Pipeline) -> None:
    """Tier A or better before due diligence, as soon as the primary scheme has such a tier."""
    stage = pipeline.stages.select_for_update().filter(key=GATED_STAGE).first()
    tier = Tier.objects.filter(scheme__is_primary=True, key=MINIMUM_TIER).first()
    if stage and tier and not _was_ever_gated(stage):
        StageGate.objects.create(stage=stage, minimum_tier=tier)


def _was_ever_gated(stage: Stage) -> bool:
    return events_of(StageGate).filter(stage_id=stage.pk).exists()

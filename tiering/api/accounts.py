"""How the API tells why a client is in its tier: `tiering.selectors.evidence` as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.records import ClientRefSerializer, PersonSerializer
from tiering import display
from tiering.api.records import (
    BandSerializer,
    FactField,
    FactsField,
    LabelField,
    MetricLabelField,
    PointsField,
    ProjectRefSerializer,
    RankField,
    TierRefSerializer,
)
from tiering.api.tiers import PendingSerializer
from tiering.core.document import WHOLE, points
from tiering.core.ladder import AxisRow, Grid, RuleRow, Scale, ScaleRow
from tiering.models import Override, TieringRun
from tiering.selectors.evidence import Evidence


class ShareField(serializers.FloatField):
    """Basis points as a fraction of the whole."""

    def to_representation(self, value: int) -> float:
        return value / WHOLE


class IndicatorSerializer(serializers.Serializer):
    """One metric: its value, the band it fell into, and what it adds to the score; scores are in points of 100."""

    metric = serializers.CharField(source="trace.metric")
    label = MetricLabelField(source="trace.metric")
    value = FactField(source="known")
    age_days = serializers.IntegerField(source="age", allow_null=True, help_text="Null when it is not known.")
    max_age_days = serializers.IntegerField(source="max_age", allow_null=True)
    too_old = serializers.BooleanField(help_text="The value is too old to count.")
    not_applicable = serializers.BooleanField(help_text="The indicator is left out for this client.")
    band = BandSerializer(source="trace.band", allow_null=True)
    points = serializers.IntegerField(source="trace.points")
    missing = serializers.CharField(
        source="trace.missing", allow_null=True, help_text="What was done because no value counts."
    )
    contribution = PointsField(source="trace.contribution")
    most = PointsField(help_text="What the best value would add.")
    change = PointsField(allow_null=True, help_text="Since the assessment compared with.")


class DimensionSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = LabelField()
    weight = ShareField(help_text="Fraction of the scorecard.")
    contribution = PointsField()
    most = PointsField()
    change = PointsField(allow_null=True)
    indicators = IndicatorSerializer(many=True)


class GateSerializer(serializers.Serializer):
    """A condition that caps, lifts or fixes the tier; `decisive`: without it the tier would be another."""

    key = serializers.CharField()
    label = LabelField()
    effect = serializers.CharField()
    tier = RankField(allow_null=True, help_text="Null for a gate that moves by notches.")
    notches = serializers.IntegerField(help_text="Tiers up; negative is down.")
    hard = serializers.BooleanField()
    fired = serializers.BooleanField()
    decisive = serializers.BooleanField()
    values = FactsField(help_text="The metrics that its condition reads.")


class StepSerializer(serializers.Serializer):
    metric = serializers.CharField()
    label = MetricLabelField(source="metric")
    value = FactField()
    too_old = serializers.BooleanField(help_text="The value is known and too old to count.")
    target = FactField(help_text="The nearest value that suffices.")
    gain = serializers.IntegerField(help_text="Points that the indicator gains, before weighting.")


class LiftSerializer(serializers.Serializer):
    """Improvements that together lead to a better tier, once the dwell of the migration policy is over.

    `cost`: the points that the indicators gain together; the cheapest come first.
    """

    steps = StepSerializer(many=True)
    cost = serializers.IntegerField()
    score = PointsField()
    tier = RankField()


class SourceSerializer(serializers.Serializer):
    """Where a value came from: the kind of records, the one record's id, and the day that it is of."""

    source = serializers.CharField()
    record = serializers.IntegerField(allow_null=True)
    as_of = serializers.DateField(allow_null=True)


class ScaleStepSerializer(serializers.Serializer):
    tier = RankField()
    minimum = serializers.SerializerMethodField(
        help_text="Points, or the value of the metric; null for the rest, and where nobody reaches it."
    )
    share = ShareField(allow_null=True)
    taken = serializers.BooleanField()

    def get_minimum(self, step: ScaleRow) -> float | None:
        if step.minimum is None or self.context.get("ranked_by_metric"):
            return step.minimum
        return float(points(int(step.minimum)))


class ScaleSerializer(serializers.Serializer):
    """Placement by cut-offs of the score, by rank of the score (`top`), or by rank of a metric (`cumulative`)."""

    by = serializers.CharField()
    metric = serializers.CharField(allow_null=True)
    steps = ScaleStepSerializer(source="rows", many=True)


class AxisSerializer(serializers.Serializer):
    label = LabelField(source="axis.label")
    score = PointsField()
    level = serializers.IntegerField(
        help_text="Position of the level that the score falls into; 0 is the best."
    )
    levels = serializers.SerializerMethodField()

    def get_levels(self, row: AxisRow) -> list[str]:
        return [display.label(level.label) for level in row.axis.levels]


class GridSerializer(serializers.Serializer):
    """Placement by a matrix: `cells[level of the first axis][level of the second]`."""

    axes = AxisSerializer(many=True)
    cells = serializers.ListField(child=serializers.ListField(child=RankField()))


class OverlaySerializer(serializers.Serializer):
    """A regime: whether it is switched on and applies, and the tier after overlays without it."""

    key = serializers.CharField()
    label = LabelField()
    effect = serializers.CharField()
    shift = PointsField(help_text="Points added to the score.")
    is_on = serializers.BooleanField()
    applies = serializers.BooleanField()
    tier_without = RankField()
    decisive = serializers.BooleanField()


class RuleSerializer(serializers.Serializer):
    """A rule of the migration policy: `buffer`, `dwell` or `step`; `holds`: it alone would hold the tier back."""

    kind = serializers.CharField()
    limit = serializers.SerializerMethodField(help_text="Points, days or tiers.")
    holds = serializers.BooleanField()
    tier_without = RankField()

    def get_limit(self, rule: RuleRow) -> float:
        return float(points(rule.limit)) if rule.kind == "buffer" else rule.limit


class MigrationSerializer(serializers.Serializer):
    """What the migration policy made of the move from the tier in force to the one `wanted` by score, gates and
    overlays."""

    held = RankField(allow_null=True)
    held_days = serializers.IntegerField()
    wanted = RankField()
    direction = serializers.CharField(allow_null=True)
    rules = RuleSerializer(many=True)
    days_left = serializers.IntegerField(help_text="Until the dwell is over.")
    red_flag = serializers.BooleanField(help_text="The fall was let through at once.")
    hard_limit = RankField(allow_null=True, help_text="What a binding gate allows at best, where it bound.")


class AssessmentSerializer(serializers.Serializer):
    """An assessment with its account, evaluated again from the facts and the criteria that it pins."""

    valid_from = serializers.DateTimeField(source="assessment.valid_from")
    criteria_version = serializers.IntegerField(source="assessment.version.number")
    criteria_hash = serializers.CharField(source="assessment.version.content_hash")
    scorecard = serializers.CharField(source="assessment.scorecard")
    score = PointsField(source="assessment.score")
    model_tier = TierRefSerializer(source="assessment.model_tier", help_text="By score alone.")
    base_tier = TierRefSerializer(source="assessment.base_tier", help_text="After gates.")
    overlay_tier = TierRefSerializer(source="assessment.overlay_tier", help_text="After overlays.")
    tier = TierRefSerializer(source="assessment.tier", help_text="After the migration policy.")
    provisional = serializers.BooleanField(source="assessment.provisional")
    compared_with = serializers.DateTimeField(
        source="previous.valid_from",
        default=None,
        allow_null=True,
        help_text="When the assessment began that changes are counted from.",
    )
    score_change = PointsField(source="explanation.score_change", allow_null=True)
    next_tier = RankField(
        source="explanation.next_tier",
        allow_null=True,
        help_text="The next better tier that a score can reach.",
    )
    shortfall = PointsField(
        source="explanation.shortfall",
        allow_null=True,
        help_text="Points missing to it; 0 when something else holds the tier down, see `held_by`.",
    )
    held_by = serializers.CharField(source="explanation.held_by", allow_null=True)
    dimensions = DimensionSerializer(source="explanation.dimensions", many=True)
    gates = GateSerializer(source="explanation.gates", many=True)
    scale = serializers.SerializerMethodField()
    matrix = serializers.SerializerMethodField()
    overlays = OverlaySerializer(source="explanation.overlays", many=True)
    migration = MigrationSerializer(source="explanation.migration", allow_null=True)
    lifts = LiftSerializer(many=True)
    sources = serializers.DictField(child=SourceSerializer())

    @extend_schema_field(ScaleSerializer(allow_null=True))
    def get_scale(self, evidence: Evidence) -> Any:
        row = evidence.explanation.placement
        if not isinstance(row, Scale):
            return None
        return ScaleSerializer(row, context={**self.context, "ranked_by_metric": row.metric is not None}).data

    @extend_schema_field(GridSerializer(allow_null=True))
    def get_matrix(self, evidence: Evidence) -> Any:
        row = evidence.explanation.placement
        return GridSerializer(row, context=self.context).data if isinstance(row, Grid) else None


class DecisionSerializer(serializers.Serializer):
    """The review that put a tier in force."""

    proposal = serializers.IntegerField(source="pk")
    decided_by = PersonSerializer(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    comment = serializers.CharField(allow_blank=True)


class HistorySerializer(serializers.Serializer):
    """A tier that held from a moment until another (null: in force), and what brought it about."""

    tier = TierRefSerializer()
    valid_from = serializers.DateTimeField()
    valid_to = serializers.DateTimeField(allow_null=True)
    score = PointsField(source="assessment.score")
    run = serializers.IntegerField(source="assessment.run_id")
    trigger = serializers.ChoiceField(TieringRun.Trigger.choices, source="assessment.run.trigger")
    decision = DecisionSerializer(source="proposal", allow_null=True, help_text="Null where none was needed.")
    override = serializers.IntegerField(
        source="override_id",
        allow_null=True,
        help_text="Id of the override that set the tier, or after whose end the criteria did.",
    )


class HoldingSerializer(serializers.Serializer):
    """An override that holds a tier against the criteria."""

    id = serializers.IntegerField(source="pk")
    tier = TierRefSerializer()
    approved_by = PersonSerializer(source="decided_by")
    reason = serializers.CharField()
    since = serializers.DateTimeField(source="starts")
    last_day = serializers.DateField()
    criteria_say = serializers.SerializerMethodField(help_text="The tier by the criteria alone.")

    @extend_schema_field(TierRefSerializer(allow_null=True))
    def get_criteria_say(self, override: Override) -> Any:
        says = self.context.get("says")
        return TierRefSerializer(says).data if says else None


class ClientTierSerializer(serializers.Serializer):
    """The tier of a client at a moment, why, and every tier it has had, newest first."""

    client = ClientRefSerializer()
    scheme = serializers.CharField()
    project = ProjectRefSerializer(allow_null=True, help_text="Null for the client as a whole.")
    as_of = serializers.DateTimeField(help_text="The moment looked at.")
    tier = TierRefSerializer(allow_null=True, help_text="In force at that moment; null before the first.")
    assessment = AssessmentSerializer(
        allow_null=True, help_text="What was found at that moment; the tier can wait for a decision."
    )
    pending = PendingSerializer(
        allow_null=True, help_text="The change that waits now; always null with `as_of`."
    )
    override = HoldingSerializer(
        allow_null=True, help_text="What held the tier at that moment; null where the criteria did."
    )
    history = HistorySerializer(many=True)

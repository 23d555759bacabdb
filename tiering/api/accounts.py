"""How the API tells why a client is in its tier: `tiering.selectors.evidence` as JSON."""

from __future__ import annotations

from rest_framework import serializers

from crm.api.records import ClientRefSerializer, PersonSerializer
from tiering.api.records import (
    BandSerializer,
    FactField,
    FactsField,
    LabelField,
    MetricLabelField,
    PointsField,
    RankField,
    TierRefSerializer,
)
from tiering.api.tiers import PendingSerializer
from tiering.core.document import WHOLE
from tiering.models import TieringRun


class ShareField(serializers.FloatField):
    """Basis points as a fraction of the whole."""

    def to_representation(self, value: int) -> float:
        return value / WHOLE


class IndicatorSerializer(serializers.Serializer):
    """One metric: its value, the band it fell into, and what it adds to the score; scores are in points of 100."""

    metric = serializers.CharField(source="trace.metric")
    label = MetricLabelField(source="trace.metric")
    value = FactField(source="trace.value")
    band = BandSerializer(source="trace.band", allow_null=True)
    points = serializers.IntegerField(source="trace.points")
    missing = serializers.CharField(
        source="trace.missing", allow_null=True, help_text="What was done because the value is not known."
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
    tier = RankField()
    hard = serializers.BooleanField()
    fired = serializers.BooleanField()
    decisive = serializers.BooleanField()
    values = FactsField(help_text="The metrics that its condition reads.")


class StepSerializer(serializers.Serializer):
    metric = serializers.CharField()
    label = MetricLabelField(source="metric")
    value = FactField()
    target = FactField(help_text="The nearest value that suffices.")


class LiftSerializer(serializers.Serializer):
    """Improvements that together lead to a better tier."""

    steps = StepSerializer(many=True)
    score = PointsField()
    tier = RankField()


class AssessmentSerializer(serializers.Serializer):
    """An assessment with its account, evaluated again from the facts and the criteria that it pins."""

    valid_from = serializers.DateTimeField(source="assessment.valid_from")
    criteria_version = serializers.IntegerField(source="assessment.version.number")
    criteria_hash = serializers.CharField(source="assessment.version.content_hash")
    scorecard = serializers.CharField(source="assessment.scorecard")
    score = PointsField(source="assessment.score")
    model_tier = TierRefSerializer(source="assessment.model_tier", help_text="By score alone.")
    tier = TierRefSerializer(source="assessment.tier", help_text="After gates.")
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
        help_text="Points missing to it; 0 when only gates hold the tier down.",
    )
    dimensions = DimensionSerializer(source="explanation.dimensions", many=True)
    gates = GateSerializer(source="explanation.gates", many=True)
    lifts = LiftSerializer(source="explanation.lifts", many=True)


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


class ClientTierSerializer(serializers.Serializer):
    """The tier of a client at a moment, why, and every tier it has had, newest first."""

    client = ClientRefSerializer()
    scheme = serializers.CharField()
    as_of = serializers.DateTimeField(help_text="The moment looked at.")
    tier = TierRefSerializer(allow_null=True, help_text="In force at that moment; null before the first.")
    assessment = AssessmentSerializer(
        allow_null=True, help_text="What was found at that moment; the tier can wait for a decision."
    )
    pending = PendingSerializer(
        allow_null=True, help_text="The change that waits now; always null with `as_of`."
    )
    history = HistorySerializer(many=True)

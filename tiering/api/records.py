"""How the API writes tiers, scores and metric values inside other records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.models import Project
from tiering import display
from tiering.core.document import Band, points
from tiering.core.metric import Fact, is_missing
from tiering.models import Tier


class TierRefSerializer(serializers.ModelSerializer):
    """A tier; `rank` 0 is the best of its scheme."""

    label = serializers.CharField(read_only=True)

    class Meta:
        model = Tier
        fields = ("key", "label", "rank")


class ProjectRefSerializer(serializers.ModelSerializer):
    """A project, named in the language of its records."""

    name = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Project
        fields = ("id", "code", "name")


class PointsField(serializers.FloatField):
    """Score units as points of 100; a double holds them exactly enough to tell any two scores apart."""

    def to_representation(self, value: int) -> float:
        return float(points(value))


class LabelField(serializers.CharField):
    """A document's own name for a thing, in the reader's language."""

    def to_representation(self, value: Mapping[str, str]) -> str:
        return display.label(value)


class MetricLabelField(serializers.CharField):
    """The catalogue's name of the metric with that key."""

    def to_representation(self, value: str) -> str:
        return display.metric_label(value)


@extend_schema_field({"oneOf": [{"type": "number"}, {"type": "string"}], "nullable": True})
class FactField(serializers.Field):
    """The value of a metric: a number, the key of a category, or null when it is not known."""

    def to_representation(self, value: Fact) -> Fact:
        return None if is_missing(value) else value


@extend_schema_field({"type": "object", "additionalProperties": True})
class FactsField(serializers.Field):
    """Metric values by key."""

    def to_representation(self, value: Mapping[str, Fact]) -> dict[str, Fact]:
        return {key: None if is_missing(fact) else fact for key, fact in value.items()}


class BandSerializer(serializers.Serializer):
    """The half-open range of values that earn these points; a null edge is open."""

    lo = serializers.FloatField(allow_null=True)
    hi = serializers.FloatField(allow_null=True)

    def to_representation(self, band: Band) -> dict[str, Any]:
        return {
            name: edge if math.isfinite(edge) else None for name, edge in (("lo", band.lo), ("hi", band.hi))
        }


@extend_schema_field(OpenApiTypes.STR)
class RankField(serializers.Field):
    """The key of the tier with that rank; the context holds the `tiers` by rank."""

    def to_representation(self, value: int) -> str:
        return self.context["tiers"][value].key

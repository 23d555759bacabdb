"""What a run that only tried something out found."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.base import ByClient
from crm.api.filters import YesNoFilter
from crm.api.records import ClientRefSerializer
from crm.api.rows import Request, VisibleRows
from crm.api.schema import answers
from tiering.api.records import PointsField, ProjectRefSerializer, RankField
from tiering.models import TieringRun, TrialResult
from tiering.selectors.trials import WAYS, with_overrides
from tiering.selectors.versions import tiers_named_by


class HeldRankField(RankField):
    """The same, or null where no tier was in force."""


class TrialResultSerializer(serializers.ModelSerializer):
    """What a subject would get, beside the tier in force (`held`, null where there is none). It changes nothing."""

    client = ClientRefSerializer()
    project = ProjectRefSerializer(allow_null=True, help_text="Null for the client as a whole.")
    held = HeldRankField(source="held_rank", allow_null=True)
    model_tier = RankField(source="model_rank", help_text="By the score alone.")
    base_tier = RankField(source="base_rank", help_text="After gates.")
    overlay_tier = RankField(source="overlay_rank", help_text="After overlays.")
    tier = RankField(source="rank", help_text="After the migration policy.")
    overridden = serializers.BooleanField(
        help_text="An override holds the tier: `held` stays, whatever `tier` is."
    )
    score = PointsField()

    class Meta:
        model = TrialResult
        fields = (
            "client",
            "project",
            "held",
            "tier",
            "overridden",
            "scorecard",
            "score",
            "model_tier",
            "base_tier",
            "overlay_tier",
            "provisional",
            "gates",
            "overlays",
        )


class TrialFilter(filters.FilterSet):
    way = filters.ChoiceFilter(
        choices=[(way, way) for way in WAYS],
        method="going",
        help_text="Those that go up, go down, stay, or had no tier.",
    )
    within_projects = YesNoFilter(
        method="of_projects", help_text="Clients within projects, or clients as a whole."
    )

    class Meta:
        model = TrialResult
        fields: tuple[str, ...] = ()

    def going(self, results: QuerySet, name: str, way: str) -> QuerySet:
        return results.filter(WAYS[way])

    def of_projects(self, results: QuerySet, name: str, value: str) -> QuerySet:
        return results.filter(project__isnull=value != "true")


class TrialResults(VisibleRows):
    policy = {"*": "tiering.view_runs"}
    queryset = TrialResult.objects.select_related("client", "project")
    serializer_class = TrialResultSerializer
    filterset_class = TrialFilter
    pagination_class = ByClient

    @extend_schema(
        operation_id="runs_results",
        tags=["runs"],
        responses=answers(TrialResultSerializer(many=True), 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """The results of a simulation, shadow run or backtest for the clients that the user may see, by client."""
        trials = TieringRun.objects.exclude(kind=TieringRun.Kind.OFFICIAL)
        self.run = get_object_or_404(trials.select_related("version__criteria__scheme"), pk=pk)
        context: dict[str, Any] = {"tiers": tiers_named_by(self.run.version)}
        rows = TrialResultSerializer(self.page(), many=True, context=context).data
        return self.get_paginated_response(rows)

    def get_queryset(self) -> QuerySet[TrialResult]:
        return with_overrides(super().get_queryset().filter(run=self.run), self.run)

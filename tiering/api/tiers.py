"""The tiers in force, over the book."""

from __future__ import annotations

from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.base import ByClient
from crm.api.filters import IdFilter, KeyFilter, YesNoFilter
from crm.api.records import ClientRefSerializer
from crm.api.rows import Request, VisibleRows
from crm.api.schema import answers
from crm.models import Team
from tiering.api.records import PointsField, TierRefSerializer
from tiering.api.schemes import chosen_scheme
from tiering.models import Assessment, Assignment, Tier, TierScheme
from tiering.selectors.standing import standings


class PendingSerializer(serializers.Serializer):
    """A change that waits for a decision."""

    id = serializers.IntegerField()
    to_tier = TierRefSerializer()


class StandingSerializer(serializers.Serializer):
    """Where a client stands: the tier in force, and the score of the newest assessment."""

    client = ClientRefSerializer()
    tier = TierRefSerializer(source="standing.tier")
    since = serializers.DateTimeField(source="standing.since")
    score = PointsField(source="standing.score", allow_null=True)
    provisional = serializers.BooleanField(source="standing.provisional")
    pending = PendingSerializer(source="standing.pending", allow_null=True)


class TierFilter(filters.FilterSet):
    scheme = KeyFilter(
        "scheme__key", TierScheme.objects, help_text="Key of a tier scheme; the primary one if left out."
    )
    tier = KeyFilter("tier__key", Tier.objects, help_text="Key of a tier.")
    provisional = YesNoFilter(
        method="assessed", help_text="Whether a record that the criteria need is missing."
    )
    team = KeyFilter("client__team__code", Team.objects, key="code", help_text="Code of a team.")
    rm = IdFilter("client__rm", help_text="Id of a relationship manager.")

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()

    def assessed(self, assignments: QuerySet, name: str, value: str) -> QuerySet:
        provisional = Assessment.objects.filter(
            client=OuterRef("client"),
            project=None,
            scheme=OuterRef("scheme"),
            valid_to=None,
            provisional=True,
        )
        return assignments.filter(Exists(provisional) if value == "true" else ~Exists(provisional))


class TierList(VisibleRows):
    policy = {"*": "tiering.view_tiers"}
    queryset = Assignment.objects.filter(project__isnull=True, valid_to__isnull=True).select_related("client")
    serializer_class = StandingSerializer
    filterset_class = TierFilter
    pagination_class = ByClient

    @extend_schema(
        operation_id="tiers_list", tags=["tiers"], responses=answers(StandingSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """The tier in force of every client that the user may see and that has one, by the client's id."""
        page = self.page()
        standing = standings([row.client_id for row in page], self.scheme)
        rows = [{"client": row.client, "standing": standing[row.client_id]} for row in page]
        return self.get_paginated_response(StandingSerializer(rows, many=True).data)

    def get_queryset(self) -> QuerySet[Assignment]:
        return super().get_queryset().filter(scheme=self.scheme)

    @cached_property
    def scheme(self) -> TierScheme | None:
        return chosen_scheme(self.request)

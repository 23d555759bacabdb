"""Clients grouped by likeness: asked for, followed, and their profiles."""

from __future__ import annotations

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.inputs import Input
from crm.api.records import PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, Rows, created
from crm.api.schema import WRITING, answers, idempotency_key
from tiering.models import Segmentation
from tiering.selectors.calibrations import every_segmentation
from tiering.services.calibrations import (
    LEAST_METRICS,
    MOST_METRICS,
    MOST_SEGMENTS,
    request_segmentation,
)


@extend_schema_field(OpenApiTypes.OBJECT)
class SegmentsField(serializers.JSONField):
    """The segments with the median of each metric and how many deviations they are from the whole, the silhouettes of
    the numbers that were tried, and a criteria document that tells the segments by rules, with its `fidelity` and the
    share of clients of whom they do not know enough (`unclear`). Empty until it is done."""


class SegmentationSerializer(serializers.ModelSerializer):
    """Groups of clients that are alike in some metrics. It is over when `finished_at` is set."""

    requested_by = PersonSerializer()

    class Meta:
        model = Segmentation
        fields = (
            "id",
            "metrics",
            "segments",
            "status",
            "failure",
            "requested_by",
            "created_at",
            "finished_at",
        )


class SegmentationWithFindingsSerializer(SegmentationSerializer):
    findings = SegmentsField()

    class Meta(SegmentationSerializer.Meta):
        fields = (*SegmentationSerializer.Meta.fields, "findings")


class NewSegmentationInput(Input):
    metrics = serializers.ListField(
        child=serializers.CharField(max_length=60),
        min_length=LEAST_METRICS,
        max_length=MOST_METRICS,
        help_text="Keys of numbers that are known of clients as a whole.",
    )
    segments = serializers.IntegerField(
        min_value=2,
        max_value=MOST_SEGMENTS,
        required=False,
        allow_null=True,
        help_text="How many; without it as many as tell themselves apart best.",
    )


class SegmentationFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=Segmentation.Status.choices)

    class Meta:
        model = Segmentation
        fields: tuple[str, ...] = ()


class SegmentationRows(Rows):
    policy = {"*": "tiering.write_criteria"}
    queryset = every_segmentation()
    serializer_class = SegmentationSerializer


class SegmentationList(ListModelMixin, SegmentationRows):
    filterset_class = SegmentationFilter

    @extend_schema(
        operation_id="segmentations_list",
        tags=["segmentations"],
        responses=answers(SegmentationSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Every segmentation, newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="segmentations_ask",
        tags=["segmentations"],
        parameters=[idempotency_key(required=False)],
        request=NewSegmentationInput,
        responses=answers(SegmentationSerializer, *WRITING, 409, status=201),
    )
    def post(self, request: Request) -> Response:
        """Ask for groups of like clients; follow it at the address in `Location`. No tier changes."""
        given = NewSegmentationInput.given(request)
        pk = make_once(request, lambda: request_segmentation(requested_by=request.user, **given))
        return created(request, SegmentationSerializer(self.find(pk)).data, "segmentation-detail", pk)


class SegmentationDetail(SegmentationRows):
    @extend_schema(
        operation_id="segmentations_read",
        tags=["segmentations"],
        responses=answers(SegmentationWithFindingsSerializer, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """One segmentation with its segments."""
        return Response(SegmentationWithFindingsSerializer(self.find(pk)).data)

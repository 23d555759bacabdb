"""Proposals from history: asked for, followed, and the draft that comes of them."""

from __future__ import annotations

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import KeyFilter
from crm.api.records import PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, Rows, created
from crm.api.schema import WRITING, answers, idempotency_key
from tiering.api.questions import QuestionInput
from tiering.models import Calibration, TierScheme
from tiering.selectors.calibrations import every_calibration
from tiering.services.calibrations import request_calibration


class CalibrationSerializer(serializers.ModelSerializer):
    """Bands and weights for the indicators of a version, learned from what became of clients. It is over when
    `finished_at` is set; then `draft` is the version that came of it, with its evidence (null: none did, see
    `failure`, or it has been discarded since)."""

    version = serializers.IntegerField(source="version_id", help_text="Id of a version of criteria.")
    scheme = serializers.CharField(source="version.criteria.scheme.key")
    draft = serializers.IntegerField(source="draft_id", allow_null=True, help_text="Id of a version.")
    requested_by = PersonSerializer()

    class Meta:
        model = Calibration
        fields = (
            "id",
            "version",
            "scheme",
            "days",
            "outcome",
            "months",
            "status",
            "failure",
            "draft",
            "requested_by",
            "created_at",
            "finished_at",
        )


class CalibrationFilter(filters.FilterSet):
    scheme = KeyFilter(
        "version__criteria__scheme__key", TierScheme.objects, help_text="Key of a tier scheme."
    )
    status = filters.ChoiceFilter(choices=Calibration.Status.choices)

    class Meta:
        model = Calibration
        fields: tuple[str, ...] = ()


class CalibrationRows(Rows):
    policy = {"*": "tiering.write_criteria"}
    queryset = every_calibration()
    serializer_class = CalibrationSerializer


class CalibrationList(ListModelMixin, CalibrationRows):
    filterset_class = CalibrationFilter

    @extend_schema(
        operation_id="calibrations_list",
        tags=["calibrations"],
        responses=answers(CalibrationSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Every proposal from history, newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="calibrations_ask",
        tags=["calibrations"],
        parameters=[idempotency_key(required=False)],
        request=QuestionInput,
        responses=answers(CalibrationSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Ask for bands and weights; follow it at the address in `Location`. A draft comes of it, and nothing else."""
        given = QuestionInput.given(request)
        pk = make_once(request, lambda: request_calibration(requested_by=request.user, **given))
        return created(request, CalibrationSerializer(self.find(pk)).data, "calibration-detail", pk)


class CalibrationDetail(CalibrationRows):
    @extend_schema(
        operation_id="calibrations_read",
        tags=["calibrations"],
        responses=answers(CalibrationSerializer, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """One proposal, and the draft that came of it."""
        return Response(CalibrationSerializer(self.find(pk)).data)

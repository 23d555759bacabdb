"""Proposals from history: asked for, followed, and the draft that comes of them."""

from __future__ import annotations

from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import KeyFilter
from crm.api.inputs import IdField, Input
from crm.api.records import PersonSerializer
from crm.api.repeats import do_once
from crm.api.rows import Request, Rows
from crm.api.schema import WRITING, answers, idempotency_key
from tiering.models import Calibration, CriteriaVersion, TierScheme
from tiering.selectors.calibrations import every_calibration
from tiering.services.calibrations import request_calibration
from tiering.services.questions import MOST_DAYS, MOST_MONTHS
from tiering.validation.outcomes import OUTCOMES


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


class NewCalibrationInput(Input):
    version = serializers.PrimaryKeyRelatedField(
        queryset=CriteriaVersion.objects.select_related("criteria__scheme"),
        pk_field=IdField(),
        help_text="Id of a version of criteria of clients; drafts too.",
    )
    days = serializers.ListField(
        child=serializers.DateField(),
        min_length=1,
        max_length=MOST_DAYS,
        help_text="Clients are looked at as of their ends. Facts have to be known of them, their horizons be over.",
    )
    outcome = serializers.ChoiceField([(key, key) for key in OUTCOMES])
    months = serializers.IntegerField(
        min_value=1,
        max_value=MOST_MONTHS,
        help_text="The horizon: within how many months the outcome counts.",
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

    def find(self, pk: int) -> Calibration:
        found: Calibration = get_object_or_404(self.get_queryset(), pk=pk)
        return found


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
        request=NewCalibrationInput,
        responses=answers(CalibrationSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Ask for bands and weights; follow it at the address in `Location`. A draft comes of it, and nothing else."""
        given = NewCalibrationInput(data=request.data)
        given.is_valid(raise_exception=True)

        def ask() -> dict[str, int]:
            return {"calibration": request_calibration(requested_by=request.user, **given.validated_data).pk}

        pk = do_once(request, ask, required=False)["calibration"]
        location = request.build_absolute_uri(reverse("api:calibration-detail", args=[pk]))
        return Response(CalibrationSerializer(self.find(pk)).data, status=201, headers={"Location": location})


class CalibrationDetail(CalibrationRows):
    @extend_schema(
        operation_id="calibrations_read",
        tags=["calibrations"],
        responses=answers(CalibrationSerializer, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """One proposal, and the draft that came of it."""
        return Response(CalibrationSerializer(self.find(pk)).data)

"""Validations: asked of the past, followed, and their figures."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.files import Negotiation, file_answers
from crm.api.filters import KeyFilter
from crm.api.records import PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, Rows, created
from crm.api.schema import WRITING, answers, idempotency_key
from crm.http import download
from tiering.api.questions import QuestionInput
from tiering.models import TierScheme, Validation
from tiering.pages.validation_csv import figures_csv
from tiering.pages.validation_sections import paper_of
from tiering.selectors.validations import every_validation
from tiering.services.validations import request_validation

CSV, PDF = "text/csv", "application/pdf"


@extend_schema_field(OpenApiTypes.OBJECT)
class FindingsField(serializers.JSONField):
    """Figures by section, as `docs/guides/validating-criteria.md` explains them: shares, rates and intervals from 0 to
    1, null where too few bad outcomes would make a figure chance. Empty until it is done."""


class ValidationSerializer(serializers.ModelSerializer):
    """A question to the past: how well a version told an outcome within so many months, of clients as they were known
    on some days. It is over when `finished_at` is set."""

    version = serializers.IntegerField(source="version_id", help_text="Id of a version of criteria.")
    scheme = serializers.CharField(source="version.criteria.scheme.key")
    criteria_version = serializers.IntegerField(source="version.number")
    requested_by = PersonSerializer()

    class Meta:
        model = Validation
        fields = (
            "id",
            "version",
            "scheme",
            "criteria_version",
            "basis",
            "days",
            "outcome",
            "months",
            "status",
            "failure",
            "requested_by",
            "created_at",
            "finished_at",
        )


class ValidationWithFindingsSerializer(ValidationSerializer):
    findings = FindingsField()

    class Meta(ValidationSerializer.Meta):
        fields = (*ValidationSerializer.Meta.fields, "findings")


class NewValidationInput(QuestionInput):
    basis = serializers.ChoiceField(
        Validation.Basis.choices,
        default=Validation.Basis.HELD,
        help_text="Tiers as they were in force, or as the version would have placed.",
    )


class ValidationFilter(filters.FilterSet):
    scheme = KeyFilter(
        "version__criteria__scheme__key", TierScheme.objects, help_text="Key of a tier scheme."
    )
    status = filters.ChoiceFilter(choices=Validation.Status.choices)

    class Meta:
        model = Validation
        fields: tuple[str, ...] = ()


class ValidationRows(Rows):
    """Figures are of the whole book: whoever may ask sees every one."""

    policy = {"*": "tiering.validate_criteria"}
    queryset = every_validation()
    serializer_class = ValidationSerializer

    def finished(self, pk: int) -> Validation:
        """One that has figures; another one has no file either."""
        return get_object_or_404(self.get_queryset(), pk=pk, status=Validation.Status.DONE)


class ValidationList(ListModelMixin, ValidationRows):
    filterset_class = ValidationFilter

    @extend_schema(
        operation_id="validations_list",
        tags=["validations"],
        responses=answers(ValidationSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Every validation, newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="validations_ask",
        tags=["validations"],
        parameters=[idempotency_key(required=False)],
        request=NewValidationInput,
        responses=answers(ValidationSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Ask how well a version tells an outcome; follow it at the address in `Location`."""
        given = NewValidationInput.given(request)
        pk = make_once(request, lambda: request_validation(requested_by=request.user, **given))
        return created(request, ValidationSerializer(self.find(pk)).data, "validation-detail", pk)


class ValidationDetail(ValidationRows):
    @extend_schema(
        operation_id="validations_read",
        tags=["validations"],
        responses=answers(ValidationWithFindingsSerializer, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """One validation with its figures."""
        return Response(ValidationWithFindingsSerializer(self.find(pk)).data)


class ValidationFigures(ValidationRows):
    content_negotiation_class = Negotiation

    @extend_schema(
        operation_id="validations_figures",
        tags=["validations"],
        responses=file_answers(CSV),
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The figures of a finished validation as CSV, one a row: section, item, figure, value."""
        name, content = figures_csv(self.finished(pk))
        return download(name, content, f"{CSV}; charset=utf-8")


class ValidationPaper(ValidationRows):
    content_negotiation_class = Negotiation

    @extend_schema(
        operation_id="validations_paper",
        tags=["validations"],
        responses=file_answers(PDF),
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The report of a finished validation as PDF, in the language of `Accept-Language`."""
        name, content = paper_of(self.finished(pk))
        return download(name, content, PDF)

"""The metric catalogue, and the institution's own metrics in it."""

from __future__ import annotations

from typing import Any, get_args

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.base import check_query
from crm.api.inputs import Input
from crm.api.rows import Request
from crm.api.schema import WRITING, answers
from crm.models import CustomMetric
from crm.services.custom_metrics import add_metric, change_metric, restore_metric, retire_metric
from tiering.core.metric import MetricType, Scope, Unit
from tiering.pages.metrics import MetricLine, metric_lines
from tiering.selectors.catalogue import catalogue
from tiering.selectors.known import known_shares

KNOWN = OpenApiParameter(
    "known", OpenApiTypes.BOOL, description="`true` to have counted how much is known of each metric."
)


class CategoryInput(Input):
    """A category of a metric, with its labels; `zh` may be empty."""

    key = serializers.RegexField(r"^[a-z][a-z0-9_]{0,59}$", max_length=60)
    en = serializers.CharField(max_length=120)
    zh = serializers.CharField(max_length=120, allow_blank=True, default="")


class CategorySerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()


class ReaderSerializer(serializers.Serializer):
    """Criteria in effect that read the metric."""

    id = serializers.IntegerField(source="pk")
    scheme = serializers.CharField(source="criteria.scheme.key")
    version = serializers.IntegerField(source="number")


class MetricSerializer(serializers.Serializer):
    """A metric of the catalogue in the reader's language; `id` only for one of the institution's own."""

    id = serializers.IntegerField(source="own.pk", default=None, allow_null=True)
    key = serializers.CharField(source="metric.key")
    label = serializers.CharField()
    help = serializers.CharField(help_text="What it measures, with its formula.")
    type = serializers.ChoiceField(get_args(MetricType), source="metric.type")
    unit = serializers.ChoiceField(get_args(Unit), source="metric.unit")
    direction = serializers.ChoiceField(CustomMetric.Direction.choices, source="metric.direction")
    scope = serializers.ChoiceField(get_args(Scope), source="metric.scope")
    source = serializers.CharField(source="metric.source", help_text="The records it is read from.")
    max_age_days = serializers.IntegerField(source="metric.max_age_days", allow_null=True)
    categories = serializers.SerializerMethodField()
    known = serializers.FloatField(
        allow_null=True,
        help_text="The share of the clients of whom it is known, 0 to 1; null if not counted.",
    )
    read_by = ReaderSerializer(many=True, source="readers")
    retired = serializers.SerializerMethodField()

    @extend_schema_field(CategorySerializer(many=True))
    def get_categories(self, line: MetricLine) -> list[dict[str, str]]:
        return [{"key": key, "label": _(label)} for key, label in line.metric.categories.items()]

    def get_retired(self, line: MetricLine) -> bool:
        return line.own is not None and line.own.retired_at is not None


class MetricsSerializer(serializers.Serializer):
    metrics = MetricSerializer(many=True)


class MetricFieldsInput(Input, serializers.ModelSerializer):
    """What may be said of a metric of the institution's own. How the fields fit together is the service's rule."""

    categories = CategoryInput(many=True, required=False)

    class Meta:
        model = CustomMetric
        fields: tuple[str, ...] = (
            "label_en",
            "label_zh",
            "unit",
            "direction",
            "categories",
            "max_age_days",
        )
        extra_kwargs: dict[str, dict] = {"key": {"validators": []}}


class NewMetricInput(MetricFieldsInput):
    class Meta(MetricFieldsInput.Meta):
        fields = ("key", "type", *MetricFieldsInput.Meta.fields)


class MetricChangeInput(MetricFieldsInput):
    """The fields to change. Of a retired metric nothing more is observed, and no further criteria may read it."""

    label_en = serializers.CharField(max_length=120, required=False)
    retired = serializers.BooleanField(required=False)

    class Meta(MetricFieldsInput.Meta):
        fields = (*MetricFieldsInput.Meta.fields, "retired")


class MetricList(APIView):
    policy = {"*": "tiering.view_tiers", "POST": "crm.write_metrics"}
    request: Request

    @extend_schema(
        operation_id="metrics_list",
        tags=["metrics"],
        parameters=[KNOWN],
        responses=answers(MetricsSerializer, 400),
    )
    def get(self, request: Request) -> Response:
        """Every metric that criteria and observations may name, the institution's own first."""
        check_query(request, {"known"})
        metrics = catalogue()
        known = known_shares(request.user, metrics) if request.query_params.get("known") == "true" else None
        lines = metric_lines(metrics, known, timezone.now())
        return Response(MetricsSerializer({"metrics": lines}).data)

    @extend_schema(
        operation_id="metrics_add",
        tags=["metrics"],
        request=NewMetricInput,
        responses=answers(MetricSerializer, *WRITING, status=201),
    )
    def post(self, request: Request) -> Response:
        """Add a metric: it can be observed, and read by criteria, at once."""
        return Response(told(add_metric(by=request.user, **NewMetricInput.given(request))), status=201)


class MetricDetail(APIView):
    policy = {"*": "crm.write_metrics"}

    @extend_schema(
        operation_id="metrics_change",
        tags=["metrics"],
        request=MetricChangeInput,
        responses=answers(MetricSerializer, *WRITING, 404),
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change, retire or take back into use a metric of the institution's own."""
        metric = get_object_or_404(CustomMetric, pk=pk)
        fields = MetricChangeInput.given(request)
        retired = fields.pop("retired", None)
        with transaction.atomic():
            if fields:
                change_metric(by=request.user, metric=metric, **fields)
            if retired is not None:
                (retire_metric if retired else restore_metric)(by=request.user, metric=metric)
        return Response(told(metric))


def told(metric: CustomMetric) -> Any:
    """A metric of the institution's own as the catalogue has it now."""
    (line,) = (
        line for line in metric_lines(catalogue(), None, timezone.now()) if line.metric.key == metric.key
    )
    return MetricSerializer(line).data

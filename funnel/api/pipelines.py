"""Pipelines as documents, the way of their versions, and exchange rates."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.inputs import Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request, Rows, created
from crm.api.schema import WRITING, answers, changing
from funnel.models import ExchangeRate, Pipeline, PipelineVersion
from funnel.selectors.documents import document_of
from funnel.services import versions
from funnel.services.rates import set_rate


class PipelineSerializer(serializers.Serializer):
    """A pipeline as it is in effect."""

    id = serializers.IntegerField()
    key = serializers.CharField()
    name = serializers.CharField(source="__str__")
    document = serializers.SerializerMethodField(help_text="What is in effect; drafts have the same shape.")

    def get_document(self, pipeline: Pipeline) -> dict[str, Any]:
        return document_of(pipeline)


class PipelineVersionSerializer(serializers.ModelSerializer):
    pipeline = serializers.CharField(source="pipeline.key")
    status = serializers.CharField()
    document = serializers.JSONField()
    author = PersonSerializer()
    publisher = PersonSerializer(allow_null=True)

    class Meta:
        model = PipelineVersion
        fields = (
            "id", "pipeline", "number", "status", "revision", "document", "purpose", "remark", "author",
            "publisher", "created_at", "published_at",
        )  # fmt: skip


class PipelineDraftInput(Input):
    """The whole document, at the revision that was seen."""

    document = serializers.DictField()
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class PipelineStepInput(Input):
    words = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        default="",
        help_text="What changes and why, or why it is sent back.",
    )


class PipelinePublishInput(Input):
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class PipelineRows(Rows):
    policy = {"*": "funnel.write_pipelines", "GET": "funnel.view_pipelines"}
    queryset = Pipeline.objects.order_by("pk")
    serializer_class = PipelineSerializer


class PipelineList(ListModelMixin, PipelineRows):
    @extend_schema(
        operation_id="pipelines_list",
        tags=["pipelines"],
        responses=answers(PipelineSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """The pipelines as they are in effect."""
        return self.list(request)


class PipelineDrafts(PipelineRows):
    policy = {"*": "funnel.write_pipelines"}

    @extend_schema(
        operation_id="pipelines_begin_draft",
        tags=["pipelines"],
        request=Input,
        responses=answers(PipelineVersionSerializer, *WRITING, 404, 409, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Begin a draft of what is in effect."""
        pipeline = self.find(pk)
        Input.given(request)
        version = versions.start_version(pipeline=pipeline, by=request.user)
        told = PipelineVersionSerializer(version).data
        return created(request, told, "pipeline-version", version.pk)


class VersionRows(Rows):
    policy = {"*": "funnel.write_pipelines", "GET": "funnel.view_pipelines"}
    queryset = PipelineVersion.objects.select_related("pipeline", "author", "publisher")
    serializer_class = PipelineVersionSerializer

    def told(self, pk: int) -> Response:
        return Response(PipelineVersionSerializer(self.find(pk)).data)


class PipelineVersionDetail(VersionRows):
    @extend_schema(
        operation_id="pipeline_versions_get",
        tags=["pipelines"],
        responses=answers(PipelineVersionSerializer, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        return self.told(pk)

    @changing("pipeline_versions_save", "pipelines", PipelineDraftInput, PipelineVersionSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Make a draft say what the document says."""
        version = self.find(pk)
        versions.save_version(version=version, by=request.user, **PipelineDraftInput.given(request))
        return self.told(pk)


class PipelineVersionSubmit(VersionRows):
    policy = {"*": "funnel.write_pipelines"}

    @changing("pipeline_versions_submit", "pipelines", PipelineStepInput, PipelineVersionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Ask a second person to publish a draft."""
        version = self.find(pk)
        asked = PipelineStepInput.given(request)
        versions.submit_version(version=version, purpose=asked["words"], by=request.user)
        return self.told(pk)


class PipelineVersionSendBack(VersionRows):
    policy = {"*": "funnel.write_pipelines"}

    @changing("pipeline_versions_send_back", "pipelines", PipelineStepInput, PipelineVersionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Make a submitted version a draft again."""
        version = self.find(pk)
        asked = PipelineStepInput.given(request)
        versions.send_back(version=version, remark=asked["words"], by=request.user)
        return self.told(pk)


class PipelineVersionPublish(VersionRows):
    policy = {"*": "funnel.publish_pipelines"}

    @changing("pipeline_versions_publish", "pipelines", PipelinePublishInput, PipelineVersionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Put a submitted version in effect; nobody who wrote or submitted it may."""
        version = self.find(pk)
        asked = PipelinePublishInput.given(request)
        versions.publish_version(version=version, revision=asked["revision"], by=request.user)
        return self.told(pk)


class RateSerializer(serializers.ModelSerializer):
    class Meta:
        model = ExchangeRate
        fields = ("currency", "day", "rate")


class RateInput(Input):
    """From the day on a unit of the currency is worth so many units of the book's."""

    currency = serializers.CharField(max_length=3)
    day = serializers.DateField()
    rate = serializers.DecimalField(max_digits=20, decimal_places=10)


class RateList(ListModelMixin, Rows):
    policy = {"*": "crm.add_reference_data", "GET": "crm.view_client"}
    queryset = ExchangeRate.objects.all()
    serializer_class = RateSerializer

    @extend_schema(
        operation_id="exchange_rates_list", tags=["cases"], responses=answers(RateSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """What other currencies are worth, the latest first."""
        return self.list(request)

    @extend_schema(
        operation_id="exchange_rates_set",
        tags=["cases"],
        request=RateInput,
        responses=answers(RateSerializer, *WRITING),
    )
    def post(self, request: Request) -> Response:
        """Enter a rate; one of that day is replaced."""
        return Response(RateSerializer(set_rate(by=request.user, **RateInput.given(request))).data)

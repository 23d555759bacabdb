"""Pipelines as documents, the way of their versions, and exchange rates."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.inputs import Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request, Rows, created
from crm.api.schema import WRITING, answers, changing
from crm.ids import id_of
from funnel.core.pipeline_document import KEY, LONGEST_NAME
from funnel.models import ExchangeRate, Pipeline, PipelineVersion
from funnel.pages.pipeline_diff import baseline_of, differences
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


class NewPipelineInput(Input):
    key = serializers.RegexField(KEY.pattern, help_text="Small letters, digits, - and _.")
    name_en = serializers.CharField(max_length=LONGEST_NAME)
    name_zh = serializers.CharField(max_length=LONGEST_NAME, required=False, allow_blank=True, default="")


class DifferenceSerializer(serializers.Serializer):
    """`stage` is empty where it is about the whole; `kind` is added, removed, moved or changed."""

    stage = serializers.CharField()
    part = serializers.CharField()
    kind = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


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

    @extend_schema(
        operation_id="pipelines_start",
        tags=["pipelines"],
        request=NewPipelineInput,
        responses=answers(PipelineVersionSerializer, *WRITING, 409, status=201),
    )
    def post(self, request: Request) -> Response:
        """Begin a pipeline that there was not: the answer is the draft of its first version."""
        version = versions.start_pipeline(by=request.user, **NewPipelineInput.given(request))
        return created(request, PipelineVersionSerializer(version).data, "pipeline-version", version.pk)


class PipelineVersions(PipelineRows):
    policy = {"*": "funnel.view_pipelines"}

    @extend_schema(
        operation_id="pipelines_versions",
        tags=["pipelines"],
        responses=answers(PipelineVersionSerializer(many=True), 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """All versions of a pipeline, the latest first."""
        found = self.find(pk).versions.select_related("pipeline", "author", "publisher")
        return Response(PipelineVersionSerializer(found, many=True).data)


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

    @extend_schema(
        operation_id="pipeline_versions_discard",
        tags=["pipelines"],
        responses=answers(None, *WRITING, 404, 409, status=204),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Remove a draft; the audit keeps that it was there."""
        versions.discard_version(version=self.find(pk), by=request.user)
        return Response(status=204)


class PipelineVersionDifferences(VersionRows):
    policy = {"*": "funnel.view_pipelines"}

    @extend_schema(
        operation_id="pipeline_versions_differences",
        tags=["pipelines"],
        parameters=[OpenApiParameter("against", int, description="Number of another version.")],
        responses=answers(DifferenceSerializer(many=True), 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What differs from what the version replaces, or from another one, in words of `Accept-Language`; nothing where
        it is the first."""
        version = self.find(pk)
        number = id_of(request.query_params.get("against"))
        other = version.pipeline.versions.filter(number=number).first() if number else None
        if number and other is None:
            raise Http404
        before = other.document if other else baseline_of(version)
        found = differences(before, version.document) if before else []
        return Response(DifferenceSerializer(found, many=True).data)


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

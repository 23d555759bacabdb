"""Criteria: checked, kept as drafts, compared; and the schema of a document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.base import check_query
from crm.api.filters import KeyFilter
from crm.api.inputs import IdField, Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request, Rows, created
from crm.api.schema import WRITING, answers
from tiering.core.check import check_data
from tiering.core.refusals import Refusal
from tiering.core.schema import SCHEMA
from tiering.criteria_files import template
from tiering.models import CriteriaVersion, TierScheme
from tiering.pages.versions import difference_lines, template_lines
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria import readable_versions
from tiering.services.criteria import load_criteria
from tiering.services.lifecycle import discard_version

WITH = OpenApiParameter(
    "with", OpenApiTypes.INT64, description="Id of another version of the scheme.", required=True
)


@extend_schema_field(OpenApiTypes.OBJECT)
class DocumentField(serializers.JSONField):
    """A criteria document; its schema stands at `/criteria/schema/`."""


class VersionSerializer(serializers.ModelSerializer):
    """A version of the criteria of a scheme; it never changes once it is published."""

    scheme = serializers.CharField(source="criteria.scheme.key")
    author = PersonSerializer()
    approver = PersonSerializer(allow_null=True)

    class Meta:
        model = CriteriaVersion
        fields = (
            "id",
            "scheme",
            "number",
            "status",
            "purpose",
            "effective_from",
            "content_hash",
            "revision",
            "based_on",
            "author",
            "approver",
            "created_at",
            "submitted_at",
            "approved_at",
            "published_at",
        )


class VersionWithDocumentSerializer(VersionSerializer):
    document = DocumentField()

    class Meta(VersionSerializer.Meta):
        fields = (*VersionSerializer.Meta.fields, "document")


class RefusalSerializer(serializers.Serializer):
    """Why a document cannot be published: a stable code, the JSON path of the place, and what to change, in the
    reader's language."""

    code = serializers.CharField()
    path = serializers.CharField()
    message = serializers.CharField()
    fix = serializers.CharField()


class CheckedSerializer(serializers.Serializer):
    """Everything that speaks against publishing the document; nothing when it may be published."""

    refusals = RefusalSerializer(many=True)


class DifferencesSerializer(serializers.Serializer):
    """What the version does differently from the other one, a sentence each, in the reader's language."""

    differences = serializers.ListField(child=serializers.CharField())


class TemplateSerializer(serializers.Serializer):
    """A template by its key, with its own name and remarks."""

    key = serializers.CharField()
    label = serializers.CharField()
    note = serializers.CharField()


class TemplatesSerializer(serializers.Serializer):
    templates = TemplateSerializer(many=True)


class CheckInput(Input):
    document = DocumentField()


class DraftInput(Input):
    """A document, or the key of a template."""

    document = DocumentField(required=False)
    template = serializers.CharField(required=False, max_length=60)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given) != 1:
            raise ValidationError(_("Send a document or the key of a template."))
        return given


class VersionFilter(filters.FilterSet):
    scheme = KeyFilter("criteria__scheme__key", TierScheme.objects, help_text="Key of a tier scheme.")
    status = filters.ChoiceFilter(choices=CriteriaVersion.Status.choices)

    class Meta:
        model = CriteriaVersion
        fields: tuple[str, ...] = ()


class VersionRows(Rows):
    queryset = CriteriaVersion.objects.none()
    serializer_class = VersionSerializer

    def get_queryset(self) -> QuerySet[CriteriaVersion]:
        return readable_versions(self.request.user)


class CriteriaList(ListModelMixin, VersionRows):
    policy = {"*": "tiering.view_tiers", "POST": "tiering.write_criteria"}
    filterset_class = VersionFilter

    @extend_schema(
        operation_id="criteria_list", tags=["criteria"], responses=answers(VersionSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Versions of criteria, newest first; drafts for those who work on criteria."""
        return self.list(request)

    @extend_schema(
        operation_id="criteria_draft",
        tags=["criteria"],
        request=DraftInput,
        responses=answers(VersionSerializer, *WRITING, 409, status=201),
    )
    def post(self, request: Request) -> Response:
        """Keep a document as a draft. It may be unfinished; whether it makes sense is asked on publishing.

        A document that says what the newest version says is not kept again: that version is answered.
        """
        given = DraftInput.given(request)
        key = given.get("template")
        document = given["document"] if key is None else template(key)
        version = load_criteria(document=document, author=request.user)
        return created(request, VersionSerializer(version).data, "criteria-detail", version.pk)


class CriteriaDetail(VersionRows):
    policy = {"*": "tiering.view_tiers", "DELETE": "tiering.write_criteria"}

    @extend_schema(
        operation_id="criteria_read",
        tags=["criteria"],
        responses=answers(VersionWithDocumentSerializer, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """One version with its document."""
        return Response(VersionWithDocumentSerializer(self.find(pk)).data)

    @extend_schema(
        operation_id="criteria_discard",
        tags=["criteria"],
        responses=answers(OpenApiResponse(description="It is discarded."), *WRITING, 404, 409, status=204),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Discard a draft with its edits and test cases."""
        discard_version(version=self.find(pk), by=request.user)
        return Response(status=204)


class CriteriaDifferences(VersionRows):
    policy = {"*": "tiering.view_tiers"}

    @extend_schema(
        operation_id="criteria_differences",
        tags=["criteria"],
        parameters=[WITH],
        responses=answers(DifferencesSerializer, 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What a version does differently from another one of the same scheme."""
        check_query(request, {"with"})
        after = self.find(pk)
        asked = IdField().run_validation(request.query_params.get("with"))
        before = get_object_or_404(self.get_queryset(), pk=asked, criteria=after.criteria_id)
        lines = [line.text for line in difference_lines(before, after)]
        return Response(DifferencesSerializer({"differences": lines}).data)


class CriteriaCheck(APIView):
    policy = {"*": "tiering.view_tiers"}

    @extend_schema(
        operation_id="criteria_check",
        tags=["criteria"],
        request=CheckInput,
        responses=answers(CheckedSerializer, *WRITING),
    )
    def post(self, request: Request) -> Response:
        """Everything that speaks against publishing a document. Nothing is kept."""
        given = CheckInput.given(request)
        return Response(checked(check_data(given["document"], open_catalogue())))


class CriteriaSchema(APIView):
    policy = {"*": "tiering.view_tiers"}

    @extend_schema(
        operation_id="criteria_schema",
        tags=["criteria"],
        responses=answers(OpenApiResponse(OpenApiTypes.OBJECT, "A JSON Schema, draft 2020-12.")),
    )
    def get(self, request: Request) -> Response:
        """The shape of a criteria document, as JSON Schema."""
        return Response(SCHEMA)


class CriteriaTemplates(APIView):
    policy = {"*": "tiering.view_tiers"}

    @extend_schema(
        operation_id="criteria_templates", tags=["criteria"], responses=answers(TemplatesSerializer)
    )
    def get(self, request: Request) -> Response:
        """The templates that a draft can start from."""
        return Response(TemplatesSerializer({"templates": template_lines()}).data)


def checked(refusals: Iterable[Refusal]) -> Any:
    rows = [
        {"code": one.code, "path": one.path, "message": one.text(_), "fix": one.remedy(_)} for one in refusals
    ]
    return CheckedSerializer({"refusals": rows}).data

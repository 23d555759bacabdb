"""The papers of clients, in versions."""

from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from crm.api.attachments import AttachmentSerializer
from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input, VersionField
from crm.api.records import PersonSerializer
from crm.api.rows import Request, VisibleRows, check_hold, created
from crm.api.schema import WRITING, answers, changing
from crm.api.tasks import client_of
from crm.models import Document, DocumentVersion
from crm.services import documents as services

POLICY = {"*": "crm.change_client", "GET": "crm.view_client"}
FILE_HELP = "PDF, XLSX, DOCX, CSV, TXT, PNG or JPG of at most 10 MB."


class PaperVersionSerializer(serializers.ModelSerializer):
    attachment = AttachmentSerializer()
    added_by = PersonSerializer()

    class Meta:
        model = DocumentVersion
        fields = ("number", "attachment", "note", "added_by", "at")


class PaperSerializer(serializers.ModelSerializer):
    """A paper with its versions, the latest first; that one counts."""

    versions = PaperVersionSerializer(many=True)

    class Meta:
        model = Document
        fields = (
            "id", "client", "kind", "title", "valid_until", "remind_days", "withdrawn_on", "version", "created_at",
            "versions",
        )  # fmt: skip


class PaperFieldsInput(Input):
    kind = serializers.ChoiceField(choices=Document.Kind.choices, required=False)
    title = serializers.CharField(max_length=200, required=False)
    valid_until = serializers.DateField(required=False, allow_null=True, help_text="The last day.")
    remind_days = serializers.IntegerField(min_value=0, max_value=366, required=False)


class PaperFormInput(PaperFieldsInput):
    """A form with a file."""

    file = serializers.FileField(help_text=FILE_HELP)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        """A form as a dictionary, so that what is not asked for is refused here too."""
        return super().to_internal_value(data.dict() if hasattr(data, "dict") else data)


class NewPaperInput(PaperFormInput):
    client = IdField(help_text="Id of a client whom the user holds.")
    kind = serializers.ChoiceField(choices=Document.Kind.choices)
    title = serializers.CharField(max_length=200)


class PaperVersionInput(PaperFormInput):
    version = VersionField()


class PaperChangeInput(PaperFieldsInput):
    version = VersionField()


class DocumentFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    kind = filters.ChoiceFilter(choices=Document.Kind.choices)
    valid_to = filters.DateFilter("valid_until", "lte", help_text="Those that end by a day.")

    class Meta:
        model = Document
        fields: tuple[str, ...] = ()


class DocumentRows(VisibleRows):
    policy = POLICY
    queryset = Document.objects.select_related("client").prefetch_related(
        "versions__attachment__scan",
        "versions__attachment__client",
        "versions__attachment__uploaded_by",
        "versions__added_by",
    )
    serializer_class = PaperSerializer

    def told(self, pk: int) -> Any:
        return PaperSerializer(self.find(pk)).data

    def own(self, pk: int) -> Document:
        """The document, where the user may change the client; looked at before what is sent. Raises NotPermitted."""
        found: Document = self.find(pk)
        check_hold(self, found.client)
        return found


class DocumentList(ListModelMixin, DocumentRows):
    parser_classes = [MultiPartParser]
    filterset_class = DocumentFilter

    @extend_schema(
        operation_id="documents_list",
        tags=["documents"],
        responses=answers(PaperSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Papers of clients that the user may see, the last added first."""
        return self.list(request)

    @extend_schema(
        operation_id="documents_add",
        tags=["documents"],
        request={"multipart/form-data": NewPaperInput},
        responses=answers(PaperSerializer, *WRITING, status=201),
    )
    def post(self, request: Request) -> Response:
        """Add a paper with its first file."""
        asked = NewPaperInput.given(request)
        client = client_of(request.user, asked.pop("client"))
        assert client is not None, "the input asks for one"
        made = services.add_document(by=request.user, client=client, **asked)
        return created(request, self.told(made.pk), "document-detail", made.pk)


class DocumentDetail(DocumentRows):
    @extend_schema(operation_id="documents_get", tags=["documents"], responses=answers(PaperSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """One paper with its versions."""
        return Response(self.told(pk))

    @changing("documents_change", "documents", PaperChangeInput, PaperSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change what a paper is, or how long it holds, as at the given version."""
        found = self.own(pk)
        services.change_document(by=request.user, document=found, **PaperChangeInput.given(request))
        return Response(self.told(pk))


class DocumentVersions(DocumentRows):
    policy = {"*": "crm.change_client"}
    parser_classes = [MultiPartParser]

    @changing("documents_replace", "documents", {"multipart/form-data": PaperVersionInput}, PaperSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Put a newer file in place of the one that counted, which stays."""
        found = self.own(pk)
        services.replace_document(by=request.user, document=found, **PaperVersionInput.given(request))
        return Response(self.told(pk))


class DocumentWithdraw(DocumentRows):
    policy = {"*": "crm.change_client"}

    @changing("documents_withdraw", "documents", Input, PaperSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let a paper count no more; it stays with its versions."""
        found = self.own(pk)
        Input.given(request)
        services.withdraw_document(by=request.user, document=found)
        return Response(self.told(pk))

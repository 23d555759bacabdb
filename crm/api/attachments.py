"""Evidence: handed in as a form with a file, listed, and handed out as a download."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from crm.api.files import Negotiation, file_answers
from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.rows import Request, VisibleRows, created
from crm.api.schema import WRITING, answers
from crm.api.tasks import client_of
from crm.downloads import download_of
from crm.models import Attachment, AttachmentScan
from crm.services.attachments import attach


class AttachmentSerializer(serializers.ModelSerializer):
    """A file as it was handed in. `content_type` is what its content was found to be. One whose `scan` is `waiting` or
    `infected` is handed out to nobody; `not_scanned`: it came while no scanner was set."""

    client = ClientRefSerializer(allow_null=True)
    uploaded_by = PersonSerializer()
    scan = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=["not_scanned", *AttachmentScan.State.values]))
    def get_scan(self, attachment: Attachment) -> str:
        return scan_state(attachment)

    class Meta:
        model = Attachment
        fields = ("id", "name", "content_type", "size", "sha256", "client", "uploaded_by", "at", "scan")


def scan_state(attachment: Attachment) -> str:
    scan = getattr(attachment, "scan", None)
    return scan.state if scan else "not_scanned"


class FormInput(Input):
    """What a form with a file carries."""

    def to_internal_value(self, data: Any) -> Any:
        """A form as a dictionary, so that what is not asked for is refused here too."""
        return super().to_internal_value(data.dict() if hasattr(data, "dict") else data)


class AttachmentInput(FormInput):
    file = serializers.FileField(help_text="PDF, XLSX, DOCX, CSV, TXT, PNG or JPG of at most 10 MB.")
    client = IdField(required=False, help_text="Id of the client it is about.")


class AttachmentFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")

    class Meta:
        model = Attachment
        fields: tuple[str, ...] = ()


class AttachmentRows(VisibleRows):
    policy = {"*": "crm.attach", "GET": "crm.view_client"}
    queryset = Attachment.objects.select_related("client", "uploaded_by", "scan")
    serializer_class = AttachmentSerializer


class AttachmentList(ListModelMixin, AttachmentRows):
    parser_classes = [MultiPartParser]
    filterset_class = AttachmentFilter

    @extend_schema(
        operation_id="attachments_list",
        tags=["attachments"],
        responses=answers(AttachmentSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Files about clients that the user may see, the last handed in first."""
        return self.list(request)

    @extend_schema(
        operation_id="attachments_hand_in",
        tags=["attachments"],
        request={"multipart/form-data": AttachmentInput},
        responses=answers(AttachmentSerializer, *WRITING, status=201),
    )
    def post(self, request: Request) -> Response:
        """Hand in a file. What refers to it names its id."""
        given = AttachmentInput.given(request)
        client = client_of(request.user, given.get("client"))
        kept = attach(file=given["file"], client=client, by=request.user)
        return created(request, AttachmentSerializer(self.find(kept.pk)).data, "attachment-file", kept.pk)


class AttachmentFile(AttachmentRows):
    content_negotiation_class = Negotiation

    @extend_schema(
        operation_id="attachments_file",
        tags=["attachments"],
        responses=file_answers("application/octet-stream", 409),
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The file as it was handed in."""
        return download_of(self.find(pk), request.user)

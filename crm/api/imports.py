"""Imports: a file is handed in, checked, applied and taken back, as on the pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from crm.access import READING
from crm.api.attachments import FormInput
from crm.api.files import Negotiation, file_answers
from crm.api.inputs import Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request, VisibleRows, created
from crm.api.schema import WRITING, answers, changing
from crm.http import streamed
from crm.imports import error_file
from crm.imports.errors import FileTooLarge
from crm.imports.text import CHOICES
from crm.models import ImportJob
from crm.services import imports
from crm.services.imports import Setup


class ImportSerializer(serializers.ModelSerializer):
    """`mapping` is {field: column}; `counts` {outcome: rows}; `records` says what was written."""

    uploaded_by = PersonSerializer(allow_null=True)

    class Meta:
        model = ImportJob
        fields = (
            *("id", "kind", "status", "file_name", "encoding", "header", "mapping", "constants", "rows"),
            *("counts", "records", "failure", "uploaded_by", "created_at", "finished_at"),
        )


class UploadInput(FormInput):
    kind = serializers.ChoiceField(choices=ImportJob.Kind.choices)
    file = serializers.FileField(help_text="CSV, TSV, XLSX, XLS or ARFF of at most 10 MB.")
    encoding = serializers.ChoiceField(choices=CHOICES, required=False, help_text="Instead of finding it.")


class SetupInput(Input):
    mapping = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="{field: column}"
    )
    constants = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="{field: value for every row}"
    )
    translations = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField()),
        required=False,
        help_text="{field: {cell: what it stands for}}",
    )
    add_reference_data = serializers.BooleanField(required=False, default=False)


class ApplyInput(Input):
    keep_good_rows = serializers.BooleanField(help_text="False: nothing is written where a row is refused.")


class ImportRows(VisibleRows):
    policy = {"*": "crm.import_records", "GET": "crm.view_imports"}
    queryset = ImportJob.objects.select_related("uploaded_by")
    serializer_class = ImportSerializer

    def get_queryset(self) -> Any:
        """Only who handed a file in acts on it; for others it is not there."""
        rows = super().get_queryset()
        return rows if self.request.method in READING else rows.filter(uploaded_by=self.request.user)

    def told(self, job: ImportJob) -> Response:
        return Response(ImportSerializer(self.find(job.pk)).data)


class ImportList(ListModelMixin, ImportRows):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="imports_list", tags=["imports"], responses=answers(ImportSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """One's own imports, the last first; auditors and system administrators read everyone's."""
        return self.list(request)

    @extend_schema(
        operation_id="imports_upload",
        tags=["imports"],
        request={"multipart/form-data": UploadInput},
        responses=answers(ImportSerializer, *WRITING, status=201),
    )
    def post(self, request: Request) -> Response:
        """Hand in a file. The answer holds what its columns are taken to mean; nothing is written yet."""
        given: dict[str, Any] = UploadInput.given(request)
        if given["file"].size > settings.IMPORT_MAX_BYTES:
            raise FileTooLarge(limit=settings.IMPORT_MAX_BYTES // 2**20)
        job = imports.stage_file(
            by=request.user,
            kind=given["kind"],
            name=given["file"].name,
            data=given["file"].read(),
            encoding=given.get("encoding", ""),
        )
        return created(request, ImportSerializer(self.find(job.pk)).data, "import-detail", job.pk)


class ImportDetail(ImportRows):
    @extend_schema(operation_id="imports_get", tags=["imports"], responses=answers(ImportSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """An import as it stands."""
        return self.told(self.find(pk))


class ImportCheck(ImportRows):
    @changing("imports_check", "imports", SetupInput, ImportSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Say what the columns mean, and have every row checked in the background. Nothing is written."""
        job, given = self.find(pk), SetupInput.given(request)
        given.setdefault("mapping", job.mapping)
        return self.told(imports.start_check(by=request.user, job=job, setup=Setup(**given)))


class ImportApply(ImportRows):
    @changing("imports_apply", "imports", ApplyInput, ImportSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Write, in the background, what the check found to be good."""
        job, keep = self.find(pk), ApplyInput.given(request)["keep_good_rows"]
        return self.told(imports.start_apply(by=request.user, job=job, keep_good_rows=keep))


class ImportUndo(ImportRows):
    @changing("imports_undo", "imports", None, ImportSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take back, in the background, what an import wrote; what somebody went on with stays."""
        return self.told(imports.start_undo(by=request.user, job=self.find(pk)))


class ImportRefused(ImportRows):
    content_negotiation_class = Negotiation

    @extend_schema(operation_id="imports_refused", tags=["imports"], responses=file_answers("text/csv"))
    def get(self, request: Request, pk: int) -> StreamingHttpResponse:
        """The refused rows with reasons, to mend and hand in again."""
        job = self.find(pk)
        return streamed(f"import-{job.pk}-refused.csv", error_file.write(job), "text/csv; charset=utf-8")

"""Lists as files: asked for, agreed to, and fetched once."""

from __future__ import annotations

from django.conf import settings
from django.http import StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.files import Negotiation, file_answers
from crm.api.inputs import Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request, VisibleRows, created
from crm.api.schema import WRITING, answers, changing
from crm.exporting.files import MEDIA_TYPES
from crm.http import streamed
from crm.models import Export
from crm.services import exports


class ExportSerializer(serializers.ModelSerializer):
    """`rows` were counted when it was asked for, `sent` went out; `words` is the filter in words."""

    asked_by = PersonSerializer()
    decided_by = PersonSerializer(allow_null=True)
    words = serializers.CharField(source="said", help_text="The filter, in the reader's language.")

    class Meta:
        model = Export
        fields = (
            *(
                "id",
                "source",
                "form",
                "language",
                "query",
                "words",
                "columns",
                "rows",
                "sent",
                "reason",
                "status",
            ),
            *("asked_by", "asked_at", "decided_by", "decided_at", "comment", "expires_at", "fetched_at"),
        )


class ExportInput(Input):
    source = serializers.SlugField(
        max_length=20, help_text="clients, projects, cases, prospects, targets or reviews"
    )
    form = serializers.ChoiceField(choices=Export.Form.choices)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    query = serializers.CharField(
        required=False, allow_blank=True, max_length=10_000, help_text="The address of the list behind its ?."
    )
    columns = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        max_length=60,
        help_text="Keys; none: the usual.",
    )
    reason = serializers.CharField(required=False, max_length=300, help_text="Needed above the cap.")


class ExportDecisionInput(Input):
    agree = serializers.BooleanField()
    comment = serializers.CharField(required=False, allow_blank=True, max_length=300)


class ExportRows(VisibleRows):
    policy = {"*": "crm.export"}
    queryset = Export.objects.select_related("asked_by", "decided_by")
    serializer_class = ExportSerializer


class ExportList(ListModelMixin, ExportRows):
    @extend_schema(
        operation_id="exports_list", tags=["exports"], responses=answers(ExportSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Exports that the user asked for or watches over, the last first."""
        return self.list(request)

    @extend_schema(
        operation_id="exports_ask",
        tags=["exports"],
        request=ExportInput,
        responses=answers(ExportSerializer, *WRITING, status=201),
    )
    def post(self, request: Request) -> Response:
        """Ask for a list as a file; above the cap of the role somebody else has to agree first."""
        export = exports.ask(by=request.user, **ExportInput.given(request))
        return created(request, ExportSerializer(self.find(export.pk)).data, "export-detail", export.pk)


class ExportDetail(ExportRows):
    @extend_schema(operation_id="exports_get", tags=["exports"], responses=answers(ExportSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """An export as it stands."""
        return Response(ExportSerializer(self.find(pk)).data)


class ExportDecide(ExportRows):
    policy = {"*": "crm.decide_exports"}

    @changing("exports_decide", "exports", ExportDecisionInput, ExportSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Agree to an export above the cap, or refuse it; never one's own."""
        export = self.find(pk)
        exports.decide(by=request.user, export=export, **ExportDecisionInput.given(request))
        return Response(ExportSerializer(self.find(pk)).data)


class ExportFetch(ExportRows):
    content_negotiation_class = Negotiation

    @extend_schema(
        operation_id="exports_fetch",
        tags=["exports"],
        request=None,
        responses=file_answers("application/octet-stream", *WRITING, 409),
    )
    def post(self, request: Request, pk: int) -> StreamingHttpResponse:
        """The file, once, for who asked for it."""
        export = self.find(pk)
        content = exports.fetch(by=request.user, export=export)
        return streamed(f"{export.source}-{export.pk}.{export.form}", content, MEDIA_TYPES[export.form])

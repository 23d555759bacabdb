"""Drafts of criteria, edited in place by several people: begun, edited, taken back, done again; and the log of edits."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.files import Negotiation, file_answers
from crm.api.inputs import LARGEST_VERSION, Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request, Rows, created
from crm.api.schema import WRITING, answers, changing
from crm.http import download
from tiering.api.criteria import DocumentField, RefusalSerializer, VersionRows, VersionSerializer
from tiering.core.addresses import Placed
from tiering.core.editing import parse_edits
from tiering.core.refusals import CriteriaError
from tiering.errors import CriteriaRefused
from tiering.models import CriteriaEdit, CriteriaVersion
from tiering.pages.tables import tables_of
from tiering.selectors.criteria import readable_versions
from tiering.selectors.drafts import Edited
from tiering.services.drafts import edit_draft, redo, replace_document, start_draft, undo
from tiering.workbooks import MEDIA_TYPE

EDIT_SHAPE = {
    "type": "object",
    "description": "`set` puts `value` in a place where `was` stands: without `was` nothing stood there, without "
    "`value` nothing will. `insert` puts an entry into a list of named entries before the one named `before` (null: at "
    "the end), `move` moves one. A path is made of names: `scorecards/company/dimensions/finances/weight`.",
    "required": ["op", "path"],
    "properties": {
        "op": {"type": "string", "enum": ["set", "insert", "move"]},
        "path": {"type": "string"},
        "was": {},
        "value": {},
        "before": {"type": "string", "nullable": True},
    },
}


@extend_schema_field({"type": "array", "minItems": 1, "items": EDIT_SHAPE})
class EditsField(serializers.JSONField):
    """A list of edits."""


class EditGroupSerializer(serializers.ModelSerializer):
    """What one person changed at once. `undoes` is the revision that it takes back."""

    author = PersonSerializer()
    edits = EditsField()
    undoes = serializers.IntegerField(source="undoes.revision", default=None, allow_null=True)

    class Meta:
        model = CriteriaEdit
        fields = ("revision", "author", "at", "edits", "undoes")


class PlacedRefusalSerializer(RefusalSerializer):
    """A refusal, and the place by names as an edit would have it; empty for the document as a whole."""

    address = serializers.CharField()


class EditedSerializer(serializers.Serializer):
    """A draft after an edit: what speaks against submitting it, what others wrote since the revision that was sent, and
    whether there is something to take back or to do again."""

    version = VersionSerializer()
    refusals = PlacedRefusalSerializer(many=True)
    since = EditGroupSerializer(many=True)
    may_undo = serializers.BooleanField()
    may_redo = serializers.BooleanField()


class RevisionField(serializers.IntegerField):
    """The revision that the editor knows."""

    def __init__(self, **kwargs: Any) -> None:
        text = "The revision that you know: the answer tells what others wrote since."
        super().__init__(
            min_value=0,
            max_value=LARGEST_VERSION,
            required=False,
            allow_null=True,
            **{"help_text": text, **kwargs},
        )


class EditInput(Input):
    edits = EditsField()
    revision = RevisionField()


class StepInput(Input):
    revision = RevisionField()


class DocumentInput(Input):
    document = DocumentField()
    revision = RevisionField(help_text="The revision that you know; if given, another one is refused.")


class CriteriaDraft(VersionRows):
    policy = {"*": "tiering.write_criteria"}

    @extend_schema(
        operation_id="criteria_begin",
        tags=["criteria"],
        request=None,
        responses=answers(VersionSerializer, *WRITING, 404, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Begin a draft that says what this version says, with its test cases. Of an older version it rolls back."""
        draft = start_draft(author=request.user, based_on=self.find(pk))
        return created(request, VersionSerializer(draft).data, "criteria-detail", draft.pk)


class CriteriaEdits(ListModelMixin, Rows):
    policy = {"*": "tiering.view_drafts", "POST": "tiering.write_criteria"}
    queryset = CriteriaEdit.objects.none()
    serializer_class = EditGroupSerializer

    def get_queryset(self) -> QuerySet[CriteriaEdit]:
        return CriteriaEdit.objects.filter(version=self.version()).select_related("author", "undoes")

    def version(self) -> CriteriaVersion:
        return get_object_or_404(readable_versions(self.request.user), pk=self.kwargs["pk"])

    @extend_schema(
        operation_id="criteria_edits",
        tags=["criteria"],
        responses=answers(EditGroupSerializer(many=True), 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """The edits of a version, the latest first: who changed what from what to what."""
        return self.list(request)

    @changing("criteria_edit", "criteria", EditInput, EditedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Edit a draft: all of the edits, or none. A version under review becomes a draft again.

        Where something else stands by now than the edit saw, the answer is 409 with the place and both values.
        """
        version = self.version()
        given = EditInput.given(request)
        try:
            edits = parse_edits(given["edits"])
        except CriteriaError as error:
            raise CriteriaRefused(error.refusals) from error
        known = given.get("revision")
        return told(edit_draft(version=version, edits=edits, by=request.user, revision=known))


class CriteriaDocument(VersionRows):
    policy = {"*": "tiering.write_criteria"}

    @changing("criteria_replace", "criteria", DocumentInput, EditedSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Let a draft say what a document says, as one edit that can be undone."""
        version = self.find(pk)
        return told(replace_document(version=version, by=request.user, **DocumentInput.given(request)))


class CriteriaUndo(VersionRows):
    policy = {"*": "tiering.write_criteria"}

    @changing("criteria_undo", "criteria", StepInput, EditedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take back the latest of your own edits that is not taken back yet."""
        version = self.find(pk)
        return told(undo(version=version, by=request.user, revision=known_to(request)))


class CriteriaRedo(VersionRows):
    policy = {"*": "tiering.write_criteria"}

    @changing("criteria_redo", "criteria", StepInput, EditedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Do again what you took back last, unless you have edited something since."""
        version = self.find(pk)
        return told(redo(version=version, by=request.user, revision=known_to(request)))


class CriteriaTables(VersionRows):
    policy = {"*": "tiering.view_tiers"}
    content_negotiation_class = Negotiation

    @extend_schema(
        operation_id="criteria_tables",
        tags=["criteria"],
        responses=file_answers(MEDIA_TYPE),
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The tables of a version as an Excel workbook, in the language of `Accept-Language`."""
        name, content = tables_of(self.find(pk), request.user)
        return download(name, content, MEDIA_TYPE)


def known_to(request: Request) -> int | None:
    given = StepInput.given(request)
    known: int | None = given.get("revision")
    return known


def told(edited: Edited) -> Response:
    rows = [placed_row(one) for one in edited.refusals]
    answer = {
        "version": edited.version,
        "refusals": rows,
        "since": edited.since,
        "may_undo": edited.may_undo,
        "may_redo": edited.may_redo,
    }
    return Response(EditedSerializer(answer).data)


def placed_row(one: Placed) -> dict[str, str]:
    refusal = one.refusal
    return {
        "code": refusal.code,
        "path": refusal.path,
        "address": one.address,
        "message": refusal.text(_),
        "fix": refusal.remedy(_),
    }

"""Changes to many clients at once, and saved views of lists."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.inputs import IdField, Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request, Rows, VisibleRows, created
from crm.api.schema import WRITING, answers, changing
from crm.models import BulkEdit, BulkItem, SavedView
from crm.services import bulk_edits, views


class BulkEditSerializer(serializers.ModelSerializer):
    """`counts` is {outcome: clients}, and after it was taken back `kept` the records that stay."""

    class Meta:
        model = BulkEdit
        fields = ("id", "act", "value", "label", "words", "status", "counts", "created_at", "finished_at")


class BulkItemSerializer(serializers.ModelSerializer):
    """`code` says why a client is refused."""

    class Meta:
        model = BulkItem
        fields = ("id", "client", "outcome", "before", "code")


class ChooseInput(Input):
    clients = serializers.ListField(child=IdField(), required=False, max_length=bulk_edits.MOST)
    query = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=10_000,
        help_text="All that the list of this address shows.",
    )


class BulkPlanInput(Input):
    act = serializers.CharField(max_length=40, help_text="industry, region, rm, status, tag, untag …")
    value = serializers.CharField(max_length=200)


class OwnEdits(Rows):
    policy = {"*": "crm.change_client"}
    queryset = BulkEdit.objects.all()
    serializer_class = BulkEditSerializer

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(by=self.request.user)

    def told(self, pk: int) -> Response:
        return Response(BulkEditSerializer(self.find(pk)).data)


class BulkEditList(ListModelMixin, OwnEdits):
    @extend_schema(
        operation_id="bulk_edits_list",
        tags=["bulk edits"],
        responses=answers(BulkEditSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """One's own changes of many clients, the last first."""
        return self.list(request)

    @extend_schema(
        operation_id="bulk_edits_choose",
        tags=["bulk edits"],
        request=ChooseInput,
        responses=answers(BulkEditSerializer, *WRITING, status=201),
    )
    def post(self, request: Request) -> Response:
        """Choose clients by id, or all that a list shows. Nothing changes yet."""
        edit = bulk_edits.choose(by=request.user, **ChooseInput.given(request))
        return created(request, BulkEditSerializer(edit).data, "bulk-edit-detail", edit.pk)


class BulkEditDetail(OwnEdits):
    @extend_schema(
        operation_id="bulk_edits_get", tags=["bulk edits"], responses=answers(BulkEditSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """A change as it stands."""
        return self.told(pk)


class BulkEditPlan(OwnEdits):
    @changing("bulk_edits_plan", "bulk edits", BulkPlanInput, BulkEditSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Say what is to change, and see what it would do to each client."""
        edit = self.find(pk)
        bulk_edits.plan(by=request.user, edit=edit, **BulkPlanInput.given(request))
        return self.told(pk)


class BulkEditApply(OwnEdits):
    @changing("bulk_edits_apply", "bulk edits", None, BulkEditSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Change the clients as planned; many in the background."""
        bulk_edits.apply(by=request.user, edit=self.find(pk))
        return self.told(pk)


class BulkEditUndo(OwnEdits):
    @changing("bulk_edits_undo", "bulk edits", None, BulkEditSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take a change back; clients that somebody changed since stay as they are."""
        bulk_edits.undo(by=request.user, edit=self.find(pk))
        return self.told(pk)


class BulkEditItems(OwnEdits):
    serializer_class = BulkItemSerializer

    @extend_schema(
        operation_id="bulk_edits_items",
        tags=["bulk edits"],
        responses=answers(BulkItemSerializer(many=True), 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What becomes of each client."""
        rows = self.paginate_queryset(self.find(pk).items.all()) or []
        return self.get_paginated_response(BulkItemSerializer(rows, many=True).data)


class SavedViewSerializer(serializers.ModelSerializer):
    """`query` is the address of the list behind its ?; `revision` is what a change has to name."""

    owner = PersonSerializer()

    class Meta:
        model = SavedView
        fields = ("id", "list_key", "name", "query", "columns", "reach", "revision", "owner")


class SavedViewInput(Input):
    list_key = serializers.SlugField(max_length=20)
    name = serializers.CharField(max_length=60)
    query = serializers.CharField(allow_blank=True, max_length=20_000)
    columns = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=60)
    reach = serializers.ChoiceField(choices=SavedView.Reach.choices, required=False)


class ViewChangeInput(Input):
    revision = serializers.IntegerField(min_value=0)
    query = serializers.CharField(allow_blank=True, max_length=20_000, required=False)
    columns = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=60)
    reach = serializers.ChoiceField(choices=SavedView.Reach.choices, required=False)


class RevisionInput(Input):
    revision = serializers.IntegerField(min_value=0)


class SavedViewRows(VisibleRows):
    policy = {"*": "crm.view_client"}
    queryset = SavedView.objects.select_related("owner")
    serializer_class = SavedViewSerializer


class SavedViewList(ListModelMixin, SavedViewRows):
    @extend_schema(
        operation_id="views_list", tags=["views"], responses=answers(SavedViewSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Views of lists that the user may use."""
        return self.list(request)

    @extend_schema(
        operation_id="views_save",
        tags=["views"],
        request=SavedViewInput,
        responses=answers(SavedViewSerializer, *WRITING, status=201),
    )
    def post(self, request: Request) -> Response:
        """Keep what a list shows under a name."""
        view = views.save_view(by=request.user, **SavedViewInput.given(request))
        return created(request, SavedViewSerializer(self.find(view.pk)).data, "view-detail", view.pk)


class SavedViewDetail(SavedViewRows):
    @extend_schema(operation_id="views_get", tags=["views"], responses=answers(SavedViewSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """A view as it stands."""
        return Response(SavedViewSerializer(self.find(pk)).data)

    @changing("views_change", "views", ViewChangeInput, SavedViewSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Let one's own view show something else, or share it, as of the revision that was seen."""
        view, given = self.find(pk), ViewChangeInput.given(request)
        views.change_view(by=request.user, view=view, **given)
        return Response(SavedViewSerializer(self.find(pk)).data)

    @extend_schema(
        operation_id="views_remove",
        tags=["views"],
        request=RevisionInput,
        responses=answers(OpenApiResponse(description="It is forgotten."), *WRITING, 404, 409, status=204),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Forget one's own view, as of the revision that was seen."""
        view = self.find(pk)
        views.remove_view(by=request.user, view=view, revision=RevisionInput.given(request)["revision"])
        return Response(status=204)

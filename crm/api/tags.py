"""Tags of teams, and which clients bear them."""

from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, answers
from crm.models import Tag
from crm.models.tags import COLOURS
from crm.services.tags import change_tag, remove_tag, tag_clients, untag_clients

MOST_TAGGED = 1_000


class TagSerializer(serializers.ModelSerializer):
    team = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Tag
        fields = ("id", "team", "name", "colour")


class MarkInput(Input):
    name = serializers.CharField(max_length=40, help_text="A name that the team has no tag of becomes one.")
    clients = serializers.ListField(child=IdField(), min_length=1, max_length=MOST_TAGGED)


class UnmarkInput(Input):
    clients = serializers.ListField(child=IdField(), min_length=1, max_length=MOST_TAGGED)


class TagChangeInput(Input):
    name = serializers.CharField(max_length=40, required=False)
    colour = serializers.IntegerField(min_value=1, max_value=COLOURS, required=False)


class ChangedSerializer(serializers.Serializer):
    changed = serializers.IntegerField(
        help_text="How many clients that the user holds are other than before."
    )


class TagFilter(filters.FilterSet):
    client = IdFilter("taggings__client", help_text="Id of a client that bears them.")

    class Meta:
        model = Tag
        fields: tuple[str, ...] = ()


class TagRows(VisibleRows):
    policy = {"*": "crm.assign_rm", "GET": "crm.view_client"}
    queryset = Tag.objects.select_related("team")
    serializer_class = TagSerializer


class TagList(ListModelMixin, TagRows):
    policy = {"*": "crm.change_client", "GET": "crm.view_client"}
    filterset_class = TagFilter

    @extend_schema(operation_id="tags_list", tags=["tags"], responses=answers(TagSerializer(many=True), 400))
    def get(self, request: Request) -> Response:
        """The tags that the user may see, the newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="tags_mark",
        tags=["tags"],
        request=MarkInput,
        responses=answers(ChangedSerializer, *WRITING),
    )
    def post(self, request: Request) -> Response:
        """Mark clients by the tag of a name; those that the user does not hold stay as they are."""
        asked = MarkInput.given(request)
        changed = tag_clients(by=request.user, client_ids=asked["clients"], name=asked["name"])
        return Response({"changed": changed})


class TagDetail(TagRows):
    @extend_schema(
        operation_id="tags_change",
        tags=["tags"],
        request=TagChangeInput,
        responses=answers(TagSerializer, *WRITING, 404),
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Call a tag otherwise, or put it on another colour."""
        tag = self.find(pk)
        change_tag(by=request.user, tag=tag, **TagChangeInput.given(request))
        return Response(self._told(pk))

    @extend_schema(
        operation_id="tags_remove",
        tags=["tags"],
        responses=answers(
            OpenApiResponse(description="No client bears it any more."), *WRITING, 404, status=204
        ),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Do without a tag."""
        remove_tag(by=request.user, tag=self.find(pk))
        return Response(status=204)

    def _told(self, pk: int) -> Any:
        return TagSerializer(self.find(pk)).data


class TagUnmark(TagRows):
    policy = {"*": "crm.change_client"}

    @extend_schema(
        operation_id="tags_unmark",
        tags=["tags"],
        request=UnmarkInput,
        responses=answers(ChangedSerializer, *WRITING, 404),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Take a tag from clients; those that the user does not hold keep it."""
        tag, asked = self.find(pk), UnmarkInput.given(request)
        return Response({"changed": untag_clients(by=request.user, client_ids=asked["clients"], tag=tag)})

"""Segments of clients."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.inputs import IdField, Input
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.models import SavedView, Segment
from crm.selectors.client_list import ListQuery
from crm.selectors.segments import counted
from crm.services import segments as services
from crm.services.views import LONGEST_QUERY

MOST_MEMBERS = 1_000
REACHES = SavedView.Reach.choices


class SegmentSerializer(serializers.ModelSerializer):
    """`clients` is how many of its clients the user may see; `query` the filter of a live one."""

    owner = serializers.SlugRelatedField(slug_field="username", read_only=True)
    clients = serializers.IntegerField()

    class Meta:
        model = Segment
        fields = ("id", "name", "kind", "query", "reach", "owner", "revision", "clients", "created_at")


class NewSegmentInput(Input):
    name = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(choices=Segment.Kind.choices)
    query = serializers.CharField(
        max_length=LONGEST_QUERY,
        allow_blank=True,
        default="",
        help_text="A filter of the client list as its address has it; a static segment gets whom it shows now.",
    )
    reach = serializers.ChoiceField(choices=REACHES, default=SavedView.Reach.PRIVATE)


class SeenSegmentInput(Input):
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="The one that was seen.")


class SegmentChangeInput(SeenSegmentInput):
    name = serializers.CharField(max_length=60, required=False)
    reach = serializers.ChoiceField(choices=REACHES, required=False)
    query = serializers.CharField(max_length=LONGEST_QUERY, required=False, allow_blank=True)


class MembersInput(Input):
    add = serializers.ListField(child=IdField(), max_length=MOST_MEMBERS, default=list)
    take = serializers.ListField(child=IdField(), max_length=MOST_MEMBERS, default=list)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if not said["add"] and not said["take"]:
            raise serializers.ValidationError({"add": [_("Name clients to add or to take out.")]})
        return said


class MembersSerializer(serializers.Serializer):
    added = serializers.IntegerField()
    taken = serializers.IntegerField()


class SegmentFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Segment.Kind.choices)

    class Meta:
        model = Segment
        fields: tuple[str, ...] = ()


class SegmentRows(VisibleRows):
    policy = {"*": "crm.view_client"}
    queryset = Segment.objects.select_related("owner")
    serializer_class = SegmentSerializer

    def told(self, segments: list[Segment]) -> Any:
        """Segments with the number of their clients, in one more query."""
        numbers = counted(segments, self.request.user)
        for segment in segments:
            segment.clients = numbers[segment.pk]  # type: ignore[attr-defined]
        return SegmentSerializer(segments, many=True).data

    def one(self, pk: int) -> Any:
        return self.told([self.find(pk)])[0]

    def clean(self, query: str) -> ListQuery:
        """The filter as the list understands it. Raises Invalid."""
        return services.read_filter(by=self.request.user, query=query)


class SegmentList(SegmentRows):
    filterset_class = SegmentFilter

    @extend_schema(
        operation_id="segments_list", tags=["segments"], responses=answers(SegmentSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Segments that the user may use, the newest first."""
        return self.get_paginated_response(self.told(self.page()))

    @extend_schema(
        operation_id="segments_keep",
        tags=["segments"],
        parameters=[idempotency_key(required=False)],
        request=NewSegmentInput,
        responses=answers(SegmentSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Keep a filter of the client list, or whom it shows now, under a name."""
        asked = NewSegmentInput.given(request)
        query = self.clean(asked.pop("query"))
        given = {**asked, "query": query.filter_address(sort=""), "clients": query.clients()}
        pk = make_once(request, lambda: services.keep_segment(by=request.user, **given))
        return created(request, self.one(pk), "segment-detail", pk)


class SegmentDetail(SegmentRows):
    @extend_schema(operation_id="segments_get", tags=["segments"], responses=answers(SegmentSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """One segment. Its clients are listed by `clients/?where=` with a condition on the field `segment.{id}`."""
        return Response(self.one(pk))

    @changing("segments_change", "segments", SegmentChangeInput, SegmentSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change one's own segment: its filter, or its name and for whom it is."""
        segment, asked = self.find(pk), SegmentChangeInput.given(request)
        query = asked.pop("query", None)
        if query is not None:
            address = self.clean(query).filter_address(sort="")
            services.refilter_segment(
                by=request.user, segment=segment, revision=asked["revision"], query=address
            )
            asked["revision"] += 1
        if set(asked) - {"revision"} or query is None:
            services.change_segment(by=request.user, segment=segment, **asked)
        return Response(self.one(pk))

    @extend_schema(
        operation_id="segments_remove",
        tags=["segments"],
        parameters=[OpenApiParameter("revision", int, required=True)],
        responses=answers(OpenApiResponse(description="It is gone."), *WRITING, 404, 409, status=204),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Do without one's own segment."""
        segment = self.find(pk)
        read = SeenSegmentInput(data=request.query_params.dict())
        read.is_valid(raise_exception=True)
        services.remove_segment(by=request.user, segment=segment, **read.validated_data)
        return Response(status=204)


class SegmentMembers(SegmentRows):
    @extend_schema(
        operation_id="segments_members",
        tags=["segments"],
        request=MembersInput,
        responses=answers(MembersSerializer, *WRITING, 404, 409),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Put clients into one's own static segment, or take them out of it; those one does not see stay out."""
        segment, asked = self.find(pk), MembersInput.given(request)
        added = services.add_to_segment(by=request.user, segment=segment, client_ids=asked["add"])
        taken = services.take_from_segment(by=request.user, segment=segment, client_ids=asked["take"])
        return Response({"added": added, "taken": taken})

"""Notes about clients, following clients, and their timeline."""

from __future__ import annotations

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm import slots
from crm.api.base import check_query
from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input, VersionField
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, check_hold, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.api.tasks import client_of
from crm.errors import Invalid
from crm.models import Client, Note
from crm.selectors.audience import follows
from crm.selectors.notes import versions_of
from crm.services.following import follow_client, unfollow_client
from crm.services.notes import edit_note, remove_note, write_note
from crm.timeline import TimelinePage, page_of_timeline


class NoteSerializer(serializers.ModelSerializer):
    """A note about a client; `on_behalf_of` is the absent colleague for whom the author stood in."""

    client = ClientRefSerializer()
    author = PersonSerializer()
    on_behalf_of = PersonSerializer(allow_null=True)

    class Meta:
        model = Note
        fields = (
            "id",
            "client",
            "text",
            "is_pinned",
            "author",
            "on_behalf_of",
            "version",
            "created_at",
            "edited_at",
        )


class NewNoteInput(Input):
    client = IdField(help_text="Id of a client.")
    text = serializers.CharField(max_length=10_000, help_text="An @ before a user name mentions them.")
    is_pinned = serializers.BooleanField(required=False, default=False)


class NoteChangeInput(Input):
    """The `version` that the writer saw, and what is to be otherwise."""

    version = VersionField()
    text = serializers.CharField(max_length=10_000, required=False)
    is_pinned = serializers.BooleanField(required=False)


class NoteVersionInput(Input):
    version = VersionField()


class NoteVersionSerializer(serializers.Serializer):
    at = serializers.DateTimeField(help_text="From when on it said this.")
    text = serializers.CharField()


class NoteFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")

    class Meta:
        model = Note
        fields: tuple[str, ...] = ()


class NoteRows(VisibleRows):
    policy = {"*": "crm.write_notes", "GET": "crm.view_client"}
    queryset = Note.objects.select_related("client", "author", "on_behalf_of")
    serializer_class = NoteSerializer


class NoteList(ListModelMixin, NoteRows):
    filterset_class = NoteFilter

    @extend_schema(
        operation_id="notes_list", tags=["notes"], responses=answers(NoteSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Notes about the clients that the user may see, the newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="notes_create",
        tags=["notes"],
        parameters=[idempotency_key(required=False)],
        request=NewNoteInput,
        responses=answers(NoteSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Write a note about a client; who is mentioned is told."""
        asked = NewNoteInput.given(request)
        client = client_of(request.user, asked.pop("client"))
        if client is None:
            raise Invalid({"client": []})
        pk = make_once(request, lambda: write_note(by=request.user, client=client, **asked))
        return created(request, NoteSerializer(self.find(pk)).data, "note-detail", pk)


class NoteDetail(NoteRows):
    @extend_schema(operation_id="notes_get", tags=["notes"], responses=answers(NoteSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        return Response(NoteSerializer(self.find(pk)).data)

    @changing("notes_change", "notes", NoteChangeInput, NoteSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change what a note of one's own says, or whether it is pinned."""
        note = self.find(pk)
        check_hold(self, note.client)
        edit_note(by=request.user, note=note, **NoteChangeInput.given(request))
        return Response(NoteSerializer(self.find(pk)).data)

    @extend_schema(
        operation_id="notes_remove",
        tags=["notes"],
        request=NoteVersionInput,
        responses=answers(None, *WRITING, 404, 409, status=204),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Take a note of one's own away; its history stays."""
        note = self.find(pk)
        check_hold(self, note.client)
        remove_note(by=request.user, note=note, **NoteVersionInput.given(request))
        return Response(status=204)


class NoteVersions(NoteRows):
    @extend_schema(
        operation_id="notes_versions",
        tags=["notes"],
        responses=answers(NoteVersionSerializer(many=True), 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What a note said, the latest first."""
        return Response(NoteVersionSerializer(versions_of(self.find(pk)), many=True).data)


class FollowSerializer(serializers.Serializer):
    is_followed = serializers.BooleanField()


class ClientFollow(VisibleRows):
    policy = {"*": "crm.view_client"}
    queryset = Client.objects.all()

    def told(self, client: Client) -> Response:
        return Response({"is_followed": follows(self.request.user, client)})

    @extend_schema(
        operation_id="clients_is_followed", tags=["notes"], responses=answers(FollowSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """Whether the user follows the client."""
        return self.told(self.find(pk))

    @changing("clients_follow", "notes", Input, FollowSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Be told of what happens to the client."""
        client = self.find(pk)
        Input.given(request)
        follow_client(by=request.user, client=client)
        return self.told(client)

    @changing("clients_unfollow", "notes", Input, FollowSerializer)
    def delete(self, request: Request, pk: int) -> Response:
        """Be told no more."""
        client = self.find(pk)
        Input.given(request)
        unfollow_client(by=request.user, client=client)
        return self.told(client)


class TimelineEventSerializer(serializers.Serializer):
    """Something that happened; `path` leads to the thing, empty for nowhere. `by` is null where the house did it."""

    source = serializers.CharField(source="source.key")
    label = serializers.CharField(source="source.label")
    id = serializers.IntegerField(source="event.pk")
    at = serializers.DateTimeField(source="event.at")
    title = serializers.CharField(source="event.title")
    text = serializers.CharField(source="event.text")
    detail = serializers.CharField(source="event.detail")
    path = serializers.CharField(source="event.url")
    by = PersonSerializer(source="event.by", allow_null=True)
    on_behalf_of = PersonSerializer(source="event.on_behalf_of", allow_null=True)
    people = serializers.ListField(source="event.people", child=serializers.CharField())


class TimelineSerializer(serializers.Serializer):
    results = TimelineEventSerializer(source="rows", many=True)
    next = serializers.CharField(help_text="Give it as `after` for what is earlier; empty at the end.")


class ClientTimeline(VisibleRows):
    policy = {"*": "crm.view_client"}
    queryset = Client.objects.all()

    @extend_schema(
        operation_id="clients_timeline",
        tags=["notes"],
        parameters=[
            OpenApiParameter("by", OpenApiTypes.STR, enum=["people", "system"]),
            OpenApiParameter("kind", OpenApiTypes.STR, description="Key of a source."),
            OpenApiParameter("after", OpenApiTypes.STR, description="The `next` of the page before."),
        ],
        responses=answers(TimelineSerializer, 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What happened with a client, the latest first."""
        client = self.find(pk)
        check_query(request, {"by", "kind", "after"})
        asked = request.query_params
        known = {source.key for source in slots.timeline.for_user(request.user)}
        page: TimelinePage = page_of_timeline(
            client,
            request.user,
            by=asked.get("by", ""),
            kinds={asked["kind"]} & known if "kind" in asked else (),
            after=asked.get("after", ""),
        )
        return Response(TimelineSerializer(page).data)

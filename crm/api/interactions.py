"""Contacts with clients: listed and logged."""

from __future__ import annotations

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.repeats import do_once
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, answers, idempotency_key
from crm.api.tasks import client_of
from crm.errors import Invalid
from crm.models import ContactPerson, Interaction
from crm.services.interactions import log_interaction

MOST = 50


class ContactPersonRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = ContactPerson
        fields = ("id", "name")


class ParticipantSerializer(serializers.Serializer):
    """A person of the client, or a colleague; the other is null."""

    person = ContactPersonRefSerializer(allow_null=True)
    colleague = PersonSerializer(allow_null=True)


class InteractionSerializer(serializers.ModelSerializer):
    """A contact with a client; `on_behalf_of` is the absent colleague for whom the author stood in."""

    client = ClientRefSerializer()
    author = PersonSerializer()
    on_behalf_of = PersonSerializer(allow_null=True)
    participants = ParticipantSerializer(many=True)

    class Meta:
        model = Interaction
        fields = (
            "id",
            "client",
            "kind",
            "at",
            "subject",
            "body",
            "outcome",
            "participants",
            "author",
            "on_behalf_of",
            "created_at",
        )


class NewInteractionInput(Input):
    client = IdField(help_text="Id of a client that the user may change.")
    kind = serializers.ChoiceField(Interaction.Kind.choices)
    at = serializers.DateTimeField()
    subject = serializers.CharField(max_length=200)
    body = serializers.CharField(
        max_length=10_000,
        required=False,
        allow_blank=True,
        help_text="An @ before a user name mentions them.",
    )
    outcome = serializers.ChoiceField(Interaction.Outcome.choices, required=False, allow_blank=True)
    people = serializers.ListField(
        child=IdField(), max_length=MOST, required=False, help_text="Ids of persons of the client."
    )
    colleagues = serializers.ListField(child=IdField(), max_length=MOST, required=False)
    next_step = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Becomes a task of the user's."
    )
    next_due = serializers.DateField(required=False, allow_null=True)


class InteractionFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    author = IdFilter("author", help_text="Id of a person.")
    kind = filters.ChoiceFilter(choices=Interaction.Kind.choices)

    class Meta:
        model = Interaction
        fields: tuple[str, ...] = ()


class InteractionList(ListModelMixin, VisibleRows):
    policy = {"*": "crm.add_client", "GET": "crm.view_client"}
    queryset = Interaction.objects.select_related("client", "author", "on_behalf_of").prefetch_related(
        "participants__person", "participants__colleague"
    )
    serializer_class = InteractionSerializer
    filterset_class = InteractionFilter

    @extend_schema(
        operation_id="interactions_list",
        tags=["interactions"],
        responses=answers(InteractionSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Contacts with the clients that the user may see, the one that was logged last first."""
        return self.list(request)

    @extend_schema(
        operation_id="interactions_create",
        tags=["interactions"],
        parameters=[idempotency_key(required=False)],
        request=NewInteractionInput,
        responses=answers(InteractionSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Log a contact that took place, with who took part and the next step."""
        asked = NewInteractionInput.given(request)
        client = client_of(request.user, asked.pop("client"))
        if client is None:
            raise Invalid({"client": []})
        made = do_once(
            request,
            lambda: {"id": log_interaction(by=request.user, client=client, **asked).pk},
            required=False,
        )
        return Response(InteractionSerializer(self.find(made["id"])).data, status=201)

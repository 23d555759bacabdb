"""What clients and their people said about being contacted."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.answers import named
from crm.api.filters import IdFilter, YesNoFilter
from crm.api.inputs import IdField, Input
from crm.api.records import ClientRefSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, check_hold
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.api.tasks import client_of
from crm.models import Channel, ConsentRecord, ContactPerson
from crm.querysets import OfClientQuerySet
from crm.selectors.consent import in_force
from crm.services.consent import end_consent, record_consent


class ConsentSerializer(serializers.ModelSerializer):
    """`person` null: of the client as a whole; `channel` empty: of every channel; `until` is the first day without."""

    client = ClientRefSerializer()

    class Meta:
        model = ConsentRecord
        fields = ("id", "client", "person", "channel", "stance", "source", "since", "until", "created_at")


class NewConsentInput(Input):
    client = IdField(help_text="Id of a client.")
    person = IdField(required=False, help_text="Id of a contact person at the client.")
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    stance = serializers.ChoiceField(choices=ConsentRecord.Stance.choices)
    source = serializers.CharField(max_length=120, help_text="Where it can be looked up.")
    since = serializers.DateField(required=False, help_text="Today, unless given.")
    until = serializers.DateField(required=False, allow_null=True)


class ConsentFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    person = IdFilter("person", help_text="Id of a contact person.")
    stance = filters.ChoiceFilter(choices=ConsentRecord.Stance.choices)
    holds = YesNoFilter(method="that_hold", help_text="Those that hold today.")

    class Meta:
        model = ConsentRecord
        fields: tuple[str, ...] = ()

    def that_hold(self, rows: OfClientQuerySet, name: str, value: str) -> OfClientQuerySet:
        current = in_force(timezone.localdate()).values("pk")
        return rows.filter(pk__in=current) if value == "true" else rows.exclude(pk__in=current)


class ConsentRows(VisibleRows):
    policy = {"*": "crm.change_client", "GET": "crm.view_client"}
    queryset = ConsentRecord.objects.select_related("client")
    serializer_class = ConsentSerializer

    def told(self, pk: int) -> Any:
        return ConsentSerializer(self.find(pk)).data


class ConsentList(ListModelMixin, ConsentRows):
    filterset_class = ConsentFilter

    @extend_schema(
        operation_id="consents_list", tags=["people"], responses=answers(ConsentSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """What was said of clients that the user may see, the last recorded first."""
        return self.list(request)

    @extend_schema(
        operation_id="consents_record",
        tags=["people"],
        parameters=[idempotency_key(required=False)],
        request=NewConsentInput,
        responses=answers(ConsentSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Record what was said; what was said before of the same channel ends on the day on which this begins."""
        asked = NewConsentInput.given(request)
        asked["client"] = client_of(request.user, asked["client"])
        if pk := asked.pop("person", None):
            asked["person"] = named(ContactPerson.objects.visible_to(request.user), "person", pk)
        made = make_once(request, lambda: record_consent(by=request.user, **asked))
        return Response(self.told(made), status=201)


class ConsentEnd(ConsentRows):
    policy = {"*": "crm.change_client"}

    @changing("consents_end", "people", Input, ConsentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let a record hold no more from today on."""
        record = self.find(pk)
        check_hold(self, record.client)
        Input.given(request)
        end_consent(by=request.user, record=record)
        return Response(self.told(pk))

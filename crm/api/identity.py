"""Numbers that identify clients: masked, found by the whole number, and shown for a reason."""

from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm import sealing
from crm.api.filters import IdFilter, YesNoFilter
from crm.api.inputs import IdField, Input, VersionField
from crm.api.people import RevealInput
from crm.api.records import ClientRefSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, check_hold, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.api.tasks import client_of
from crm.models import IdentityNumber
from crm.querysets import OfClientQuerySet
from crm.services import identity as services


class IdentityNumberSerializer(serializers.ModelSerializer):
    """A number that a client is known by; of the number itself the last characters."""

    client = ClientRefSerializer()
    number = serializers.CharField(source="masked")

    class Meta:
        model = IdentityNumber
        fields = ("id", "client", *services.FIELDS, "number", "ended_on", "version", "created_at")


class NumberFieldsInput(Input, serializers.ModelSerializer):
    number = serializers.CharField(max_length=60)
    even_so = serializers.BooleanField(
        default=False, help_text="Enter it although another client has it (409 `number_elsewhere`)."
    )

    class Meta:
        model = IdentityNumber
        fields: tuple[str, ...] = (*services.FIELDS, "number", "even_so")


class NewNumberInput(NumberFieldsInput):
    client = IdField(help_text="Id of a client.")

    class Meta(NumberFieldsInput.Meta):
        fields = ("client", *NumberFieldsInput.Meta.fields)


class NumberChangeInput(NumberFieldsInput):
    """The fields to change; without `number` it stays."""

    version = VersionField()
    number = serializers.CharField(max_length=60, required=False)

    class Meta(NumberFieldsInput.Meta):
        fields = ("version", *NumberFieldsInput.Meta.fields)
        extra_kwargs = {"kind": {"required": False}}


class ShownNumberSerializer(serializers.Serializer):
    number = serializers.CharField()


class NumberFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    kind = filters.ChoiceFilter(choices=IdentityNumber.Kind.choices)
    number = filters.CharFilter(method="equal_to", max_length=60, help_text="Exactly this number.")
    ended = YesNoFilter(method="those_ended", help_text="Those that clients no longer go by.")

    class Meta:
        model = IdentityNumber
        fields: tuple[str, ...] = ()

    def equal_to(self, rows: OfClientQuerySet, name: str, number: str) -> OfClientQuerySet:
        return rows.filter(fingerprint=sealing.fingerprint(number))

    def those_ended(self, rows: OfClientQuerySet, name: str, value: str) -> OfClientQuerySet:
        return rows.filter(ended_on__isnull=value != "true")


class NumberRows(VisibleRows):
    policy = {"*": "crm.change_client", "GET": "crm.view_client"}
    queryset = IdentityNumber.objects.select_related("client")
    serializer_class = IdentityNumberSerializer

    def told(self, pk: int) -> Any:
        return IdentityNumberSerializer(self.find(pk)).data

    def own(self, pk: int) -> IdentityNumber:
        """The number, where the user may change the client; looked at before what is sent. Raises NotPermitted."""
        found: IdentityNumber = self.find(pk)
        check_hold(self, found.client)
        return found


class NumberList(ListModelMixin, NumberRows):
    filterset_class = NumberFilter

    @extend_schema(
        operation_id="numbers_list",
        tags=["numbers"],
        responses=answers(IdentityNumberSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Numbers of the clients that the user may see, the last added first."""
        return self.list(request)

    @extend_schema(
        operation_id="numbers_add",
        tags=["numbers"],
        parameters=[idempotency_key(required=False)],
        request=NewNumberInput,
        responses=answers(IdentityNumberSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Add a number that a client is known by."""
        asked = NewNumberInput.given(request)
        client = client_of(request.user, asked.pop("client"))
        assert client is not None, "the input asks for one"
        pk = make_once(request, lambda: services.add_number(by=request.user, client=client, **asked))
        return created(request, self.told(pk), "number-detail", pk)


class NumberDetail(NumberRows):
    @extend_schema(
        operation_id="numbers_read", tags=["numbers"], responses=answers(IdentityNumberSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """One number, masked."""
        return Response(self.told(pk))

    @changing("numbers_change", "numbers", NumberChangeInput, IdentityNumberSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Correct the given fields of a number that is still at the given version."""
        row = self.own(pk)
        services.change_number(by=request.user, row=row, **NumberChangeInput.given(request))
        return Response(self.told(pk))


class NumberEnd(NumberRows):
    @changing("numbers_end", "numbers", Input, IdentityNumberSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Note that the client no longer goes by it."""
        row = self.own(pk)
        Input.given(request)
        services.end_number(by=request.user, row=row)
        return Response(self.told(pk))


class NumberReveal(NumberRows):
    policy = {"*": "crm.reveal"}

    @changing("numbers_reveal", "numbers", RevealInput, ShownNumberSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """The number, for a reason that is kept with the user's name."""
        row = self.own(pk)
        number = services.reveal_number(by=request.user, row=row, **RevealInput.given(request))
        return Response({"number": number}, headers={"Cache-Control": "no-store"})

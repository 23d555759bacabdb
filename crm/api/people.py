"""Whom we speak to at a client, and where it is."""

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
from crm.api.records import ClientRefSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, check_hold, created
from crm.api.schema import WRITING, answers, idempotency_key
from crm.api.tasks import client_of
from crm.models import Address, ContactPerson, Region
from crm.querysets import OfClientQuerySet
from crm.services import people as services


class ContactPersonSerializer(serializers.ModelSerializer):
    """Somebody at a client; of the telephone number the last digits."""

    client = ClientRefSerializer()
    phone = serializers.CharField(source="phone_masked")

    class Meta:
        model = ContactPerson
        fields = ("id", "client", *services.PERSON_FIELDS, "phone", "ended_on", "version", "created_at")


class PersonFieldsInput(Input, serializers.ModelSerializer):
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)

    class Meta:
        model = ContactPerson
        fields: tuple[str, ...] = (*services.PERSON_FIELDS, "phone")


class NewPersonInput(PersonFieldsInput):
    client = IdField(help_text="Id of a client.")

    class Meta(PersonFieldsInput.Meta):
        fields = ("client", *services.PERSON_FIELDS, "phone")


class PersonChangeInput(PersonFieldsInput):
    """The fields to change; without `phone` the number stays, an empty one takes it away."""

    version = VersionField()

    class Meta(PersonFieldsInput.Meta):
        fields = ("version", *services.PERSON_FIELDS, "phone")
        extra_kwargs = {"name": {"required": False}}


class RevealInput(Input):
    reason = serializers.CharField(max_length=300, help_text="What the number is needed for; kept.")


class PhoneSerializer(serializers.Serializer):
    phone = serializers.CharField()


class PersonFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    email = filters.CharFilter("email", "iexact", help_text="Exactly this address.")
    phone = filters.CharFilter(method="with_phone", max_length=40, help_text="Exactly this number.")
    ended = YesNoFilter(method="those_ended", help_text="Those who are no longer there.")

    class Meta:
        model = ContactPerson
        fields: tuple[str, ...] = ()

    def with_phone(self, rows: OfClientQuerySet, name: str, number: str) -> OfClientQuerySet:
        return rows.filter(phone_fingerprint=sealing.fingerprint(number))

    def those_ended(self, rows: OfClientQuerySet, name: str, value: str) -> OfClientQuerySet:
        return rows.filter(ended_on__isnull=value != "true")


class PersonRows(VisibleRows):
    policy = {"*": "crm.change_client", "GET": "crm.view_client"}
    queryset = ContactPerson.objects.select_related("client")
    serializer_class = ContactPersonSerializer

    def told(self, pk: int) -> Any:
        return ContactPersonSerializer(self.find(pk)).data

    def own(self, pk: int) -> ContactPerson:
        """The person, where the user may change the client; looked at before what is sent. Raises NotPermitted."""
        found: ContactPerson = self.find(pk)
        check_hold(self, found.client)
        return found


class PersonList(ListModelMixin, PersonRows):
    filterset_class = PersonFilter

    @extend_schema(
        operation_id="people_list",
        tags=["people"],
        responses=answers(ContactPersonSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """People at the clients that the user may see, the last added first."""
        return self.list(request)

    @extend_schema(
        operation_id="people_add",
        tags=["people"],
        parameters=[idempotency_key(required=False)],
        request=NewPersonInput,
        responses=answers(ContactPersonSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Add somebody at a client."""
        asked = NewPersonInput.given(request)
        client = client_of(request.user, asked.pop("client"))
        assert client is not None, "the input asks for one"
        pk = make_once(request, lambda: services.add_person(by=request.user, client=client, **asked))
        return created(request, self.told(pk), "person-detail", pk)


class PersonDetail(PersonRows):
    @extend_schema(
        operation_id="people_get", tags=["people"], responses=answers(ContactPersonSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """One person."""
        return Response(self.told(pk))

    @extend_schema(
        operation_id="people_change",
        tags=["people"],
        request=PersonChangeInput,
        responses=answers(ContactPersonSerializer, *WRITING, 404, 409),
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change the given fields of a person that is still at the given version."""
        person = self.own(pk)
        services.change_person(by=request.user, person=person, **PersonChangeInput.given(request))
        return Response(self.told(pk))


class PersonEnd(PersonRows):
    @extend_schema(
        operation_id="people_end",
        tags=["people"],
        request=Input,
        responses=answers(ContactPersonSerializer, *WRITING, 404, 409),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Note that the person is no longer there."""
        person = self.own(pk)
        Input.given(request)
        services.end_person(by=request.user, person=person)
        return Response(self.told(pk))


class PersonPhone(PersonRows):
    policy = {"*": "crm.reveal"}

    @extend_schema(
        operation_id="people_phone",
        tags=["people"],
        request=RevealInput,
        responses=answers(PhoneSerializer, *WRITING, 404, 409),
    )
    def post(self, request: Request, pk: int) -> Response:
        """The telephone number, for a reason that is kept with the user's name."""
        person = self.own(pk)
        number = services.reveal_phone(by=request.user, person=person, **RevealInput.given(request))
        return Response({"phone": number}, headers={"Cache-Control": "no-store"})


class AddressSerializer(serializers.ModelSerializer):
    client = ClientRefSerializer()
    region = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Address
        fields = ("id", "client", *services.ADDRESS_FIELDS, "ended_on", "version", "created_at")


class AddressFieldsInput(Input, serializers.ModelSerializer):
    region = serializers.SlugRelatedField(
        slug_field="code", queryset=Region.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Address
        fields: tuple[str, ...] = services.ADDRESS_FIELDS


class NewAddressInput(AddressFieldsInput):
    client = IdField(help_text="Id of a client.")

    class Meta(AddressFieldsInput.Meta):
        fields = ("client", *services.ADDRESS_FIELDS)


class AddressChangeInput(AddressFieldsInput):
    version = VersionField()

    class Meta(AddressFieldsInput.Meta):
        fields = ("version", *services.ADDRESS_FIELDS)
        extra_kwargs = {"text": {"required": False}}


class AddressFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    kind = filters.ChoiceFilter(choices=Address.Kind.choices)

    class Meta:
        model = Address
        fields: tuple[str, ...] = ()


class AddressRows(VisibleRows):
    policy = {"*": "crm.change_client", "GET": "crm.view_client"}
    queryset = Address.objects.select_related("client", "region")
    serializer_class = AddressSerializer

    def told(self, pk: int) -> Any:
        return AddressSerializer(self.find(pk)).data

    def own(self, pk: int) -> Address:
        """The address, where the user may change the client; looked at before what is sent. Raises NotPermitted."""
        found: Address = self.find(pk)
        check_hold(self, found.client)
        return found


class AddressList(ListModelMixin, AddressRows):
    filterset_class = AddressFilter

    @extend_schema(
        operation_id="addresses_list", tags=["people"], responses=answers(AddressSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Addresses of the clients that the user may see, the last added first."""
        return self.list(request)

    @extend_schema(
        operation_id="addresses_add",
        tags=["people"],
        parameters=[idempotency_key(required=False)],
        request=NewAddressInput,
        responses=answers(AddressSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Add where a client is."""
        asked = NewAddressInput.given(request)
        client = client_of(request.user, asked.pop("client"))
        assert client is not None, "the input asks for one"
        pk = make_once(request, lambda: services.add_address(by=request.user, client=client, **asked))
        return created(request, self.told(pk), "address-detail", pk)


class AddressDetail(AddressRows):
    @extend_schema(operation_id="addresses_get", tags=["people"], responses=answers(AddressSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """One address."""
        return Response(self.told(pk))

    @extend_schema(
        operation_id="addresses_change",
        tags=["people"],
        request=AddressChangeInput,
        responses=answers(AddressSerializer, *WRITING, 404, 409),
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change the given fields of an address that is still at the given version."""
        address = self.own(pk)
        services.change_address(by=request.user, address=address, **AddressChangeInput.given(request))
        return Response(self.told(pk))


class AddressEnd(AddressRows):
    @extend_schema(
        operation_id="addresses_end",
        tags=["people"],
        request=Input,
        responses=answers(AddressSerializer, *WRITING, 404, 409),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Note that the client is no longer there."""
        address = self.own(pk)
        Input.given(request)
        services.end_address(by=request.user, address=address)
        return Response(self.told(pk))

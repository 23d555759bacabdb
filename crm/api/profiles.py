"""Declared fields of clients, and what stands in them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.clients import ClientRows
from crm.api.inputs import Input, VersionField
from crm.api.rows import Request, Rows, check_hold, created
from crm.api.schema import WRITING, answers, changing
from crm.models import Client, ProfileField
from crm.selectors.profiles import Known, profile_of
from crm.services import profile_fields as services
from crm.services.profiles import change_profile


class ChoiceInput(Input):
    """Something to choose, with its labels; `zh` may be empty."""

    key = serializers.RegexField(r"^[a-z][a-z0-9_]{0,59}$", max_length=60)
    en = serializers.CharField(max_length=120)
    zh = serializers.CharField(max_length=120, allow_blank=True, default="")


class ProfileFieldSerializer(serializers.ModelSerializer):
    """A declared field; values of one with a `metric` are observations of it."""

    choices = ChoiceInput(many=True)

    class Meta:
        model = ProfileField
        fields = ("id", "key", "type", *services.CHANGEABLE, "metric", "of_the_house", "retired_at")


class FieldInput(Input, serializers.ModelSerializer):
    """What may be said of a field. How it fits together is the service's rule."""

    choices = ChoiceInput(many=True, required=False)
    kinds = serializers.ListField(child=serializers.ChoiceField(Client.Kind.choices), min_length=1)

    class Meta:
        model = ProfileField
        fields: tuple[str, ...] = services.CHANGEABLE
        extra_kwargs: dict[str, dict] = {"key": {"validators": []}}


class NewFieldInput(FieldInput):
    is_metric = serializers.BooleanField(
        default=False, help_text="Whether criteria may read it: its values become observations."
    )

    class Meta(FieldInput.Meta):
        fields = ("key", "type", "is_metric", *services.CHANGEABLE)


class FieldChangeInput(FieldInput):
    """The fields to change. A retired one is asked for no more."""

    kinds = serializers.ListField(
        child=serializers.ChoiceField(Client.Kind.choices), min_length=1, required=False
    )
    retired = serializers.BooleanField(required=False)

    class Meta(FieldInput.Meta):
        fields = (*services.CHANGEABLE, "retired")
        extra_kwargs = {"label_en": {"required": False}}


class ProfileFieldRows(Rows):
    policy = {"*": "crm.administer", "GET": "crm.view_client"}
    queryset = ProfileField.objects.all()
    serializer_class = ProfileFieldSerializer

    def told(self, pk: int) -> Any:
        return ProfileFieldSerializer(self.find(pk)).data


class ProfileFieldList(ListModelMixin, ProfileFieldRows):
    @extend_schema(
        operation_id="client_fields_list",
        tags=["client-fields"],
        responses=answers(ProfileFieldSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """The declared fields, the last added first."""
        return self.list(request)

    @extend_schema(
        operation_id="client_fields_add",
        tags=["client-fields"],
        request=NewFieldInput,
        responses=answers(ProfileFieldSerializer, *WRITING, status=201),
    )
    def post(self, request: Request) -> Response:
        """Declare a field: it can be filled in, asked for in conditions and imported at once."""
        field = services.add_field(by=request.user, **NewFieldInput.given(request))
        return created(request, self.told(field.pk), "client-field-detail", field.pk)


class ProfileFieldDetail(ProfileFieldRows):
    policy = {"*": "crm.administer"}

    @changing("client_fields_change", "client-fields", FieldChangeInput, ProfileFieldSerializer)
    @transaction.atomic
    def patch(self, request: Request, pk: int) -> Response:
        """Change the given parts of a field, retire it, or take it back into use."""
        field: ProfileField = self.find(pk)
        asked = FieldChangeInput.given(request)
        retired = asked.pop("retired", None)
        services.change_field(by=request.user, field=field, **asked)
        if retired is not None:
            act = services.retire_field if retired else services.restore_field
            act(by=request.user, field=field)
        return Response(self.told(pk))


class KnownSerializer(serializers.Serializer):
    """A field of a client. `observed_on` and `source` are there where the value is an observation."""

    key = serializers.CharField(source="field.key")
    label = serializers.CharField(source="field.label")
    meaning = serializers.CharField(source="field.meaning", help_text="The definition of the field.")
    type = serializers.ChoiceField(ProfileField.Type.choices, source="field.type")
    unit = serializers.CharField(source="field.unit")
    required = serializers.BooleanField(source="field.required")
    value = serializers.SerializerMethodField()
    text = serializers.CharField(help_text="The value in words.")
    observed_on = serializers.DateField(allow_null=True)
    source = serializers.CharField()

    @extend_schema_field(serializers.JSONField(allow_null=True))
    def get_value(self, known: Known) -> Any:
        return known.value


class ProfileSerializer(serializers.Serializer):
    version = serializers.IntegerField(help_text="Of the client.")
    fields_ = KnownSerializer(many=True, source="known")

    def get_fields(self) -> dict[str, serializers.Field]:
        found = super().get_fields()
        return {"version": found["version"], "fields": found["fields_"]}


class ProfileInput(Input):
    """The values to write by key of their field: a number, a text, a day as 2026-03-31, null to empty it."""

    version = VersionField()
    values_ = serializers.DictField(child=serializers.JSONField(allow_null=True))

    def get_fields(self) -> dict[str, serializers.Field]:
        found = super().get_fields()
        return {"version": found["version"], "values": found["values_"]}


class ClientProfile(ClientRows):
    policy = {"*": "crm.change_client", "GET": "crm.view_client"}

    @extend_schema(operation_id="client_profile", tags=["clients"], responses=answers(ProfileSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """Every declared field that clients of this kind have, with what stands in it."""
        return Response(_told(self.find(pk)))

    @changing("client_profile_change", "clients", ProfileInput, ProfileSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Fill in, change or empty the given fields of a client that is still at the given version."""
        client = self.find(pk)
        check_hold(self, client)
        asked = ProfileInput.given(request)
        return Response(_told(change_profile(by=request.user, client=client, **asked)))


def _told(client: Client) -> Any:
    return ProfileSerializer({"version": client.version, "known": profile_of(client)}).data

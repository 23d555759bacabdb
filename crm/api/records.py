"""How the API writes clients and people, alone and inside other records."""

from __future__ import annotations

from rest_framework import serializers

from crm.api.inputs import Input, VersionField
from crm.models import Client, Industry, Region, User
from crm.services.clients import EDITABLE_FIELDS


class PersonSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "name")


class ClientRefSerializer(serializers.ModelSerializer):
    """A client inside another record; `name` is the legal name, Chinese where there is one."""

    name = serializers.CharField(read_only=True)

    class Meta:
        model = Client
        fields = ("id", "code", "name")


class ClientSerializer(serializers.ModelSerializer):
    """A client. Its tier is a record of its own, because it changes without the client."""

    industry = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    region = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    team = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    rm = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Client
        fields = ("id", "code", *EDITABLE_FIELDS, "rm", "team", "version", "created_at")


class ClientFieldsInput(Input, serializers.ModelSerializer):
    """What a bookholder may say about a client. Rules between fields are the service's."""

    industry = serializers.SlugRelatedField(
        slug_field="code", queryset=Industry.objects.all(), required=False, allow_null=True
    )
    region = serializers.SlugRelatedField(
        slug_field="code", queryset=Region.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Client
        fields: tuple[str, ...] = EDITABLE_FIELDS
        # Whether a number is taken is for the service to say, under the lock of its transaction.
        extra_kwargs: dict[str, dict] = {
            "registration_number": {"validators": []},
            "code": {"validators": []},
        }


class NewClientInput(ClientFieldsInput):
    despite = serializers.CharField(
        max_length=300,
        required=False,
        allow_blank=True,
        help_text="Where the client looks like others (409 `looks_like_others`): why it is none of them; kept.",
    )

    class Meta(ClientFieldsInput.Meta):
        fields = ("code", "despite", *EDITABLE_FIELDS)


class ClientChangeInput(ClientFieldsInput):
    """The fields to change, and the `version` of the client that the writer saw."""

    version = VersionField()

    class Meta(ClientFieldsInput.Meta):
        fields = ("version", *EDITABLE_FIELDS)

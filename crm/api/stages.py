"""Where clients are in their life, set by hand or by the rule, and the rule itself."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.clients import ClientRows
from crm.api.inputs import Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request, check_hold
from crm.api.schema import WRITING, answers, changing
from crm.models import Axis, Client, ClientRules, StageHold
from crm.selectors.stages import client_rules, stages_of
from crm.services import stages as services


class StageHoldSerializer(serializers.ModelSerializer):
    by = PersonSerializer()
    reason = serializers.CharField(source="why")

    class Meta:
        model = StageHold
        fields = ("id", "value", "reason", "until", "by", "at")


class ClientStageSerializer(serializers.Serializer):
    """One axis: what holds, what the rule says and why, and what somebody set by hand."""

    axis = serializers.ChoiceField(Axis.choices)
    value = serializers.CharField()
    derived = serializers.CharField(help_text="What the rule says; empty where it cannot tell.")
    reason = serializers.CharField(help_text="Why it says so, in words.")
    hold = StageHoldSerializer(allow_null=True)


class ClientStagesSerializer(serializers.Serializer):
    derives = serializers.BooleanField(help_text="Whether the rule is on.")
    stages = ClientStageSerializer(many=True)


class StageInput(Input):
    axis = serializers.ChoiceField(Axis.choices)
    value = serializers.CharField(max_length=12, help_text="A status or a life-cycle stage.")
    reason = serializers.CharField(max_length=300)
    until = serializers.DateField(required=False, allow_null=True, help_text="The last day it holds.")


class LiftInput(Input):
    axis = serializers.ChoiceField(Axis.choices)


class ClientStages(ClientRows):
    policy = {"*": "crm.change_client", "GET": "crm.view_client"}

    @extend_schema(
        operation_id="client_stages", tags=["clients"], responses=answers(ClientStagesSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """The status and the life-cycle stage of a client, with why."""
        return Response(_told(self.find(pk)))

    @changing("client_stage_set", "clients", StageInput, ClientStagesSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Set a stage by hand: it holds until it is lifted, or through a day."""
        client = self.find(pk)
        check_hold(self, client)
        services.set_stage(by=request.user, client=client, **StageInput.given(request))
        return Response(_told(self.find(pk)))


class ClientStageLift(ClientRows):
    policy = {"*": "crm.change_client"}

    @changing("client_stage_lift", "clients", LiftInput, ClientStagesSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let the rule decide again of what was set by hand."""
        client = self.find(pk)
        check_hold(self, client)
        asked = LiftInput.given(request)
        hold = get_object_or_404(StageHold, client=client, lifted_at=None, **asked)
        services.lift_stage(by=request.user, hold=hold)
        return Response(_told(self.find(pk)))


class ClientRulesSerializer(serializers.ModelSerializer):
    class Meta:
        model = ClientRules
        fields = services.RULES


class ClientRulesInput(Input, serializers.ModelSerializer):
    class Meta:
        model = ClientRules
        fields = services.RULES


class ClientRulesDetail(APIView):
    policy = {"*": "crm.administer", "GET": "crm.view_client"}
    request: Request

    @extend_schema(operation_id="client_rules", tags=["clients"], responses=answers(ClientRulesSerializer))
    def get(self, request: Request) -> Response:
        """By what stages and classes of wealth are derived."""
        return Response(ClientRulesSerializer(client_rules()).data)

    @extend_schema(
        operation_id="client_rules_change",
        tags=["clients"],
        request=ClientRulesInput,
        responses=answers(ClientRulesSerializer, *WRITING),
    )
    def patch(self, request: Request) -> Response:
        """Change the given rules; the next look at the book goes by them."""
        given = ClientRulesInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        rules = services.change_rules(by=request.user, **given.validated_data)
        return Response(ClientRulesSerializer(rules).data)


def _told(client: Client) -> Any:
    stages = stages_of(client, timezone.localdate())
    return ClientStagesSerializer({"derives": client_rules().derives, "stages": stages}).data

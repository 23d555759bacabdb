"""Overlays: which there are, which are on, and how two people switch them."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.base import check_query
from crm.api.inputs import Input
from crm.api.records import PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request
from crm.api.schema import WRITING, answers, changing, idempotency_key
from tiering.api.schemes import SCHEME, SchemeField, chosen_scheme
from tiering.errors import NoCriteria
from tiering.models import OverlayActivation
from tiering.pages.overlays import STATES, overlay_lines, switch_of
from tiering.selectors.criteria import document_of, effective_version, primary_scheme
from tiering.selectors.overlays import activations_of
from tiering.services.overlays import approve_overlay, end_overlay, request_overlay


class ActivationSerializer(serializers.Serializer):
    """A stretch of time for which an overlay was asked to be on; `ends` null: until somebody ends it."""

    id = serializers.IntegerField(source="activation.pk")
    overlay = serializers.CharField(source="activation.overlay", help_text="Key of the overlay.")
    state = serializers.ChoiceField([(key, key) for key in STATES])
    starts = serializers.DateTimeField(source="activation.starts")
    ends = serializers.DateTimeField(source="activation.ends", allow_null=True)
    reason = serializers.CharField(source="activation.reason")
    requested_by = PersonSerializer(source="activation.requested_by")
    requested_at = serializers.DateTimeField(source="activation.requested_at")
    approved_by = PersonSerializer(source="activation.approved_by", allow_null=True)
    approved_at = serializers.DateTimeField(source="activation.approved_at", allow_null=True)


class OverlayTextSerializer(serializers.Serializer):
    """An overlay in words, in the reader's language."""

    label = serializers.CharField()
    condition = serializers.CharField(help_text="Whom it describes.")
    effect = serializers.CharField()


class OverlayInEffectSerializer(serializers.Serializer):
    """An overlay and every time it was asked for, the latest first; `text` is null where the criteria in effect do not
    have it any more."""

    key = serializers.CharField()
    text = OverlayTextSerializer(allow_null=True)
    is_on = serializers.BooleanField()
    activations = ActivationSerializer(many=True, source="switches")


class OverlaysSerializer(serializers.Serializer):
    """The overlays of a scheme by the criteria in effect."""

    scheme = serializers.CharField(help_text="Key of the scheme.")
    criteria_version = serializers.IntegerField()
    overlays = OverlayInEffectSerializer(many=True)


class NewOverlayInput(Input):
    scheme = SchemeField()
    overlay = serializers.CharField(max_length=60, help_text="Key of an overlay of the criteria in effect.")
    reason = serializers.CharField(max_length=2000)
    starts = serializers.DateTimeField(required=False, allow_null=True, help_text="Now if left out.")
    ends = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Until somebody ends it if left out."
    )


class EndInput(Input):
    at = serializers.DateTimeField(required=False, allow_null=True, help_text="Now if left out.")


class OverlayList(APIView):
    policy = {"*": "tiering.view_tiers", "POST": "tiering.write_criteria"}
    request: Request

    @extend_schema(
        operation_id="overlays_list",
        tags=["overlays"],
        parameters=[SCHEME],
        responses=answers(OverlaysSerializer, 400, 409),
    )
    def get(self, request: Request) -> Response:
        """The overlays of the criteria in effect of a scheme, and when each was, is and will be on."""
        check_query(request, {"scheme"})
        scheme, now = chosen_scheme(request), timezone.now()
        version = effective_version(scheme, now) if scheme else None
        if scheme is None or version is None:
            raise NoCriteria
        told = {
            "scheme": scheme.key,
            "criteria_version": version.number,
            "overlays": overlay_lines(document_of(version), activations_of(scheme), now, request.user),
        }
        return Response(OverlaysSerializer(told).data)

    @extend_schema(
        operation_id="overlays_request",
        tags=["overlays"],
        parameters=[idempotency_key(required=False)],
        request=NewOverlayInput,
        responses=answers(ActivationSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Ask that an overlay be on for a time. Nothing changes before somebody else approves it."""
        terms = {**NewOverlayInput.given(request), "requested_by": request.user}
        terms["scheme"] = terms.get("scheme") or primary_scheme()
        if terms["scheme"] is None:
            raise NoCriteria

        pk = make_once(request, lambda: request_overlay(**terms))
        return Response(told(OverlayActivation.objects.get(pk=pk), request), status=201)


class OverlayApprove(APIView):
    policy = {"*": "tiering.publish_criteria"}

    @changing("overlays_approve", "overlays", Input, ActivationSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let an overlay be on that somebody else asked for."""
        found = get_object_or_404(OverlayActivation, pk=pk)
        Input.given(request)
        return Response(told(approve_overlay(activation=found, approved_by=request.user), request))


class OverlayEnd(APIView):
    policy = {"*": "tiering.write_criteria"}

    @changing("overlays_end", "overlays", EndInput, ActivationSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """End an overlay earlier than it would, or take back what was asked for."""
        found = get_object_or_404(OverlayActivation, pk=pk)
        given = EndInput.given(request)
        ended = end_overlay(activation=found, ended_by=request.user, at=given.get("at"))
        return Response(told(ended, request))


def told(activation: OverlayActivation, request: Request) -> Any:
    return ActivationSerializer(switch_of(activation, timezone.now(), request.user)).data

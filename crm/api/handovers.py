"""Handing a book of clients over: what it would do, done, and taken back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.inputs import IdField, Input
from crm.api.records import PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.errors import Invalid
from crm.models import Client, Handover, HandoverItem, Role, User
from crm.selectors.handovers import Plan, preview_of, usual_parts
from crm.services.handovers import hand_over, undo_handover

MOST_CLIENTS = 50_000
MOST_RECEIVERS = 100


class HandoverSerializer(serializers.ModelSerializer):
    giver = PersonSerializer(source="from_rm")
    by = PersonSerializer()
    undone_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Handover
        fields = ("id", "giver", "reason", "by", "at", "undo_until", "undone_at", "undone_by")


class HandoverItemSerializer(serializers.ModelSerializer):
    """A thing of a `part` (clients, tasks and so on), by its id, and what became of it; `client` is null for what is of
    none."""

    client = serializers.IntegerField(source="client_id", allow_null=True)
    to = serializers.IntegerField(source="to_id")

    class Meta:
        model = HandoverItem
        fields = ("part", "item", "client", "to", "state")


class HandoverDetailSerializer(HandoverSerializer):
    items = HandoverItemSerializer(many=True)

    class Meta(HandoverSerializer.Meta):
        fields = (*HandoverSerializer.Meta.fields, "items")


class PlanInput(Input):
    giver = IdField(help_text="The RM whose clients go.")
    receivers = serializers.ListField(child=IdField(), min_length=1, max_length=MOST_RECEIVERS)
    clients = serializers.ListField(
        child=IdField(), max_length=MOST_CLIENTS, required=False, help_text="The whole book if left out."
    )
    parts = serializers.ListField(
        child=serializers.CharField(max_length=20),
        required=False,
        help_text="Keys of what goes along; if left out, everything of the clients, and of a whole book the rest too.",
    )


class HandoverInput(PlanInput):
    reason = serializers.CharField(max_length=300)


class ComingSerializer(serializers.Serializer):
    receiver = PersonSerializer()
    clients = serializers.IntegerField()
    clients_now = serializers.IntegerField()
    exposure = serializers.DecimalField(20, 2)
    exposure_now = serializers.DecimalField(20, 2)
    warning = serializers.CharField()


class PartCountSerializer(serializers.Serializer):
    part = serializers.CharField()
    count = serializers.IntegerField()


class PreviewSerializer(serializers.Serializer):
    coming = ComingSerializer(many=True)
    counts = PartCountSerializer(many=True)


def plan_of(user: User, asked: dict[str, Any]) -> Plan:
    """Who is not of the team is not there. Raises Invalid."""
    managers = User.objects.filter(team=user.team_id, role=Role.RM).in_bulk(
        [asked["giver"], *asked["receivers"]]
    )
    missing = _("There is no RM with this id in your team.")
    if asked["giver"] not in managers:
        raise Invalid({"giver": [missing]})
    if set(asked["receivers"]) - set(managers):
        raise Invalid({"receivers": [missing]})
    giver = managers[asked["giver"]]
    book = Client.objects.filter(rm=giver).values_list("pk", flat=True)
    return Plan(
        giver=giver,
        receivers=[managers[pk] for pk in dict.fromkeys(asked["receivers"])],
        clients=asked["clients"] if "clients" in asked else list(book),
        parts=asked.get("parts", usual_parts(user, is_whole="clients" not in asked)),
    )


class HandoverPreview(APIView):
    policy = {"*": "crm.assign_rm"}
    request: Request

    @extend_schema(
        operation_id="handovers_preview",
        tags=["handovers"],
        request=PlanInput,
        responses=answers(PreviewSerializer, *WRITING),
    )
    def post(self, request: Request) -> Response:
        """What handing over would do. Nothing changes."""
        found = preview_of(plan_of(request.user, PlanInput.given(request)), request.user)
        counts = [{"part": part.key, "count": count} for part, count in found.counts]
        return Response(PreviewSerializer({"coming": found.coming, "counts": counts}).data)


class HandoverRows(VisibleRows):
    policy = {"*": "crm.assign_rm", "GET": "crm.view_handovers"}
    queryset = Handover.objects.select_related("from_rm", "by", "undone_by")
    serializer_class = HandoverSerializer

    def told(self, pk: int) -> Any:
        return HandoverDetailSerializer(self.find(pk)).data


class HandoverList(ListModelMixin, HandoverRows):
    @extend_schema(
        operation_id="handovers_list",
        tags=["handovers"],
        responses=answers(HandoverSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """What was handed over in the team, the latest first."""
        return self.list(request)

    @extend_schema(
        operation_id="handovers_create",
        tags=["handovers"],
        parameters=[idempotency_key(required=False)],
        request=HandoverInput,
        responses=answers(HandoverDetailSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Hand clients over with what goes with them."""
        asked = HandoverInput.given(request)
        plan, reason = plan_of(request.user, asked), asked["reason"]
        pk = make_once(request, lambda: hand_over(by=request.user, plan=plan, reason=reason))
        return created(request, self.told(pk), "handover-detail", pk)


class HandoverDetail(HandoverRows):
    @extend_schema(
        operation_id="handovers_get", tags=["handovers"], responses=answers(HandoverDetailSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.told(pk))


class HandoverUndo(HandoverRows):
    @changing("handovers_undo", "handovers", Input, HandoverDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take back what nothing else has changed since; each thing says what became of it."""
        handover = self.find(pk)
        Input.given(request)
        undo_handover(by=request.user, handover=handover)
        return Response(self.told(pk))

"""Sources that tell the same thing differently: what they say, which counts, and in which order they are believed."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.base import check_query
from crm.api.filters import IdFilter
from crm.api.inputs import Input, NumberField, VersionField
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.rows import Request, VisibleRows, check_hold
from crm.api.schema import WRITING, answers, changing
from crm.models import SourceOrder
from crm.models.sources import DAYS_APART, TOLERANCE
from tiering.models import SourceConflict, SourceDecision
from tiering.services.sources import decide_between, fingerprint, remove_order, set_order, undo_decision


class ToldSerializer(serializers.Serializer):
    source = serializers.CharField()
    kind = serializers.CharField(help_text="`observation`, `credit_report`, `statement` or `record`.")
    record = serializers.IntegerField(allow_null=True, help_text="Id of the record.")
    value = serializers.JSONField(help_text="A number, or the key of a category.")
    on = serializers.DateField(allow_null=True, help_text="Of which day; null: as it stands.")


class SourceConflictSerializer(serializers.ModelSerializer):
    """What sources say of a metric; `settled` empty: the newest counts and nobody decided yet."""

    client = ClientRefSerializer()
    told = ToldSerializer(many=True)
    seen = serializers.SerializerMethodField(help_text="To be sent with a decision.")

    class Meta:
        model = SourceConflict
        fields = ("id", "client", "metric", "told", "settled", "since", "seen")

    def get_seen(self, row: SourceConflict) -> str:
        return fingerprint(row.told)


class SourceDecisionSerializer(serializers.ModelSerializer):
    client = ClientRefSerializer()
    decided_by = PersonSerializer()
    ended_by = PersonSerializer(allow_null=True)
    value = serializers.JSONField()

    class Meta:
        model = SourceDecision
        fields = (
            "id", "client", "metric", "source", "value", "reason", "decided_by", "decided_at", "ended_by", "ended_at",
            "ending",
        )  # fmt: skip


class OfClientFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    metric = filters.CharFilter(max_length=60, help_text="Key of a metric.")


class SourceConflictFilter(OfClientFilter):
    open = filters.BooleanFilter(
        "settled", method="of_state", help_text="Only those that nothing settles, or settled."
    )

    def of_state(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.filter(settled="") if wanted else rows.exclude(settled="")


class SourceConflictList(ListModelMixin, VisibleRows):
    policy = {"*": "tiering.view_tiers"}
    queryset = SourceConflict.objects.filter(client__merged_into__isnull=True).select_related("client")
    serializer_class = SourceConflictSerializer
    filterset_class = SourceConflictFilter

    @extend_schema(
        operation_id="data_conflicts_list",
        tags=["data"],
        responses=answers(SourceConflictSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Metrics that sources tell differently of the clients that the user may see, the last found first."""
        return self.list(request)


class SourceDecisionInput(Input):
    source = serializers.CharField(max_length=80, help_text="One of those that are told.")
    reason = serializers.CharField(max_length=500)
    seen = serializers.CharField(max_length=16, help_text="As it was read with the conflict.")


class SourceConflictDecide(VisibleRows):
    policy = {"*": "crm.change_client"}
    queryset = SourceConflict.objects.select_related("client")
    serializer_class = SourceConflictSerializer

    @changing("data_conflicts_decide", "data", SourceDecisionInput, SourceDecisionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let what one source says count until somebody takes it back or a source says something new."""
        row = self.find(pk)
        check_hold(self, row.client)
        said = SourceDecisionInput.given(request)
        made = decide_between(by=request.user, client=row.client, metric=row.metric, **said)
        return Response(SourceDecisionSerializer(made).data)


class SourceDecisionList(ListModelMixin, VisibleRows):
    policy = {"*": "tiering.view_tiers"}
    queryset = SourceDecision.objects.select_related("client", "decided_by", "ended_by")
    serializer_class = SourceDecisionSerializer
    filterset_class = OfClientFilter

    @extend_schema(
        operation_id="data_decisions_list",
        tags=["data"],
        responses=answers(SourceDecisionSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Every decision between sources, those that are over too, the last first."""
        return self.list(request)


class SourceDecisionUndo(VisibleRows):
    policy = {"*": "crm.change_client"}
    queryset = SourceDecision.objects.select_related("client", "decided_by", "ended_by")
    serializer_class = SourceDecisionSerializer

    @changing("data_decisions_undo", "data", Input, SourceDecisionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take a decision back."""
        row = self.find(pk)
        check_hold(self, row.client)
        Input.given(request)
        undo_decision(by=request.user, decision=row)
        return Response(SourceDecisionSerializer(self.find(pk)).data)


class SourceOrderSerializer(serializers.ModelSerializer):
    """`metric` empty: of every metric without an order of its own."""

    sources = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = SourceOrder
        fields = ("id", "metric", "sources", "tolerance", "days_apart", "version")


class SourceOrderInput(Input):
    metric = serializers.CharField(
        max_length=60, allow_blank=True, help_text="Key of a metric, or empty for all."
    )
    sources = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=30, help_text="The one to believe first."
    )
    tolerance = NumberField(
        min_value=0,
        max_value=0.99,
        default=TOLERANCE,
        help_text="Share of the larger number from which two differ.",
    )
    days_apart = serializers.IntegerField(min_value=0, max_value=36500, default=DAYS_APART)
    version = VersionField(default=None, allow_null=True, help_text="As it was read; null for a new order.")


class SourceOrderList(APIView):
    policy = {"*": "tiering.view_tiers", "PUT": "crm.write_metrics"}

    @extend_schema(
        operation_id="source_orders_list",
        tags=["data"],
        responses=answers(SourceOrderSerializer(many=True), 400),
    )
    def get(self, request: Any) -> Response:
        """The declared orders of sources."""
        check_query(request, set())
        return Response(SourceOrderSerializer(SourceOrder.objects.all(), many=True).data)

    @extend_schema(
        operation_id="source_orders_set",
        tags=["data"],
        request=SourceOrderInput,
        responses=answers(SourceOrderSerializer, *WRITING, 409),
    )
    def put(self, request: Any) -> Response:
        """Declare the order of sources of a metric, or change it at the version that was read."""
        return Response(
            SourceOrderSerializer(set_order(by=request.user, **SourceOrderInput.given(request))).data
        )


class SourceOrderVersionInput(Input):
    version = VersionField()


class SourceOrderRemove(APIView):
    policy = {"*": "crm.write_metrics"}

    @extend_schema(
        operation_id="source_orders_remove",
        tags=["data"],
        request=SourceOrderVersionInput,
        responses=answers(None, *WRITING, 404, 409, status=204),
    )
    def post(self, request: Any, pk: int) -> Response:
        """Remove an order; the newest value counts again, or the order of all."""
        found = get_object_or_404(SourceOrder, pk=pk)
        remove_order(by=request.user, order=found, **SourceOrderVersionInput.given(request))
        return Response(status=204)

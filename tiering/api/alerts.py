"""Alerts: which wait, and what people do about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.filters import IdFilter, KeyFilter
from crm.api.inputs import IdField, Input
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, answers, changing
from crm.errors import NotPermitted
from crm.models import Team
from tiering import display
from tiering.models import Alert
from tiering.selectors.alerts import indicators_by_alert, label_of
from tiering.services import alerts as services

MOST_AT_ONCE = 500


class AlertSerializer(serializers.ModelSerializer):
    """An alert; `client` is null where it is about a `segment` of the book, such as `industry:construction`."""

    client = ClientRefSerializer(allow_null=True)
    label = serializers.SerializerMethodField(help_text="The indicator's name, in the reader's language.")
    owner = PersonSerializer(allow_null=True)
    acknowledged_by = PersonSerializer(allow_null=True)
    resolved_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Alert
        fields = (
            "id", "client", "segment", "indicator", "label", "policy", "severity", "status", "values", "owner",
            "opened_at", "due_at", "escalated_at", "acknowledged_by", "acknowledged_at", "snoozed_until",
            "snooze_reason", "no_longer_since", "resolved_by", "resolved_at", "resolution", "task", "proposal",
            "watchlist",
        )  # fmt: skip
        extra_kwargs = {
            "no_longer_since": {"help_text": "Since when the condition does not hold any more, if so."},
            "values": {
                "help_text": "What it rested on: facts `now`, facts `then`, ages, covenants, partners."
            },
        }

    @extend_schema_field(str)
    def get_label(self, alert: Alert) -> str:
        indicator = self.context["indicators"].get(alert.pk)
        return display.label(indicator.label) if indicator else alert.indicator


class AlertsInput(Input):
    alerts = serializers.ListField(child=IdField(), min_length=1, max_length=MOST_AT_ONCE)


class AcknowledgedSerializer(serializers.Serializer):
    acknowledged = serializers.IntegerField(help_text="How many waited, among those that the user handles.")


class SnoozeInput(Input):
    until = serializers.DateField()
    reason = serializers.CharField(max_length=2000)


class ResolveInput(Input):
    reason = serializers.CharField(max_length=2000)


class AlertTaskInput(Input):
    due_on = serializers.DateField()


class AlertFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=Alert.Status.choices)
    severity = filters.ChoiceFilter(choices=Alert.Severity.choices)
    indicator = filters.CharFilter("indicator", max_length=60)
    client = IdFilter("client", help_text="Id of a client.")
    owner = IdFilter("owner", help_text="Id of a user.")
    team = KeyFilter("client__team__code", Team.objects, key="code", help_text="Code of a team.")

    class Meta:
        model = Alert
        fields: tuple[str, ...] = ()


class AlertRows(VisibleRows):
    queryset = Alert.objects.select_related("client", "owner", "acknowledged_by", "resolved_by")
    serializer_class = AlertSerializer

    def handled(self, pk: int) -> Alert:
        """An alert that the user may do something about."""
        found: Alert = get_object_or_404(self.get_queryset(), pk=pk)
        if not self.request.user.has_perm("tiering.handle_alerts", found.client):
            raise NotPermitted
        return found

    def answer(self, pk: int) -> Response:
        return Response(told([self.get_queryset().get(pk=pk)])[0])


class AlertList(AlertRows):
    policy = {"*": "tiering.view_alerts"}
    filterset_class = AlertFilter

    @extend_schema(
        operation_id="alerts_list", tags=["alerts"], responses=answers(AlertSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Alerts of the clients that the user may see, and of segments for whoever sees every client, newest first."""
        return self.get_paginated_response(told(self.page()))


class AlertDetail(AlertRows):
    policy = {"*": "tiering.view_alerts"}

    @extend_schema(operation_id="alerts_read", tags=["alerts"], responses=answers(AlertSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """One alert."""
        return self.answer(get_object_or_404(self.get_queryset(), pk=pk).pk)


class AlertAcknowledge(AlertRows):
    policy = {"*": "tiering.handle_alerts"}
    pagination_class = None

    @extend_schema(
        operation_id="alerts_acknowledge",
        tags=["alerts"],
        request=AlertsInput,
        responses=answers(AcknowledgedSerializer, *WRITING),
    )
    def post(self, request: Request) -> Response:
        """Say of up to 500 alerts that one has seen them and deals with them."""
        given = AlertsInput.given(request)
        count = services.acknowledge(alerts=given["alerts"], by=request.user)
        return Response({"acknowledged": count})


class AlertSnooze(AlertRows):
    policy = {"*": "tiering.handle_alerts"}

    @changing("alerts_snooze", "alerts", SnoozeInput, AlertSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let an alert sleep until a day, and say why."""
        found = self.handled(pk)
        services.snooze(alert=found, by=request.user, **SnoozeInput.given(request))
        return self.answer(pk)


class AlertResolve(AlertRows):
    policy = {"*": "tiering.handle_alerts"}

    @changing("alerts_resolve", "alerts", ResolveInput, AlertSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """End an alert, and say how it was dealt with."""
        found = self.handled(pk)
        services.resolve(alert=found, by=request.user, **ResolveInput.given(request))
        return self.answer(pk)


class AlertTask(AlertRows):
    policy = {"*": "tiering.handle_alerts"}

    @changing("alerts_task", "alerts", AlertTaskInput, AlertSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Give the alert's owner a task; asked again, the same task."""
        found = self.handled(pk)
        given = AlertTaskInput.given(request)
        services.make_task(alert=found, by=request.user, label=label_of(found), **given)
        return self.answer(pk)


class AlertRetier(AlertRows):
    policy = {"*": "tiering.handle_alerts"}

    @changing("alerts_retier", "alerts", Input, AlertSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Have the client assessed at once; a change of its tier is proposed as the criteria say."""
        found = self.handled(pk)
        Input.given(request)
        services.ask_to_retier(alert=found, by=request.user)
        return self.answer(pk)


def told(alerts: Sequence[Alert]) -> Any:
    """Alerts with the names of their indicators, in a constant number of queries."""
    return AlertSerializer(alerts, many=True, context={"indicators": indicators_by_alert(alerts)}).data

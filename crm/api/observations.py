"""Observations: read, and recorded in sets."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input, NumberField
from crm.api.records import PersonSerializer
from crm.api.repeats import do_once
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, answers, idempotency_key
from crm.models import Observation
from crm.models.conduct import today
from crm.services.observations import (
    ItemsRefused,
    NewObservation,
    Refusal,
    record_observations,
    refusals_of,
)

MOST_ITEMS = 1000


class ObservationSerializer(serializers.ModelSerializer):
    recorded_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Observation
        fields = (
            "id",
            "client",
            "project",
            "metric",
            "value",
            "text",
            "observed_on",
            "received_on",
            "source",
            "evidence",
            "recorded_by",
            "created_at",
        )


class ObservationInput(Input):
    """A number as `value`, or the key of a category as `text`."""

    client = IdField(source="client_id", help_text="Id of a client whom the user holds.")
    project = IdField(
        source="project_id",
        required=False,
        allow_null=True,
        help_text="Id of a project that the client takes part in, for what is so only there.",
    )
    metric = serializers.CharField(max_length=60, help_text="Key of a metric of the catalogue.")
    value = NumberField(required=False, allow_null=True)
    text = serializers.CharField(max_length=60, required=False, allow_blank=True)
    observed_on = serializers.DateField(help_text="The day that the value describes.")
    received_on = serializers.DateField(
        required=False, help_text="The day from which it counts; today if left out."
    )
    source = serializers.CharField(max_length=80, help_text="Where it comes from.")


class ObservationSetInput(Input):
    """A set that is recorded as a whole."""

    observations = serializers.ListField(child=ObservationInput(), min_length=1, max_length=MOST_ITEMS)


class RecordedSerializer(serializers.Serializer):
    created = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="Stood there with another value.")
    unchanged = serializers.IntegerField(help_text="Stood there already.")


class ObservationFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    project = IdFilter("project", help_text="Id of a project.")
    metric = filters.CharFilter(max_length=60)
    source = filters.CharFilter(max_length=80)
    observed_from = filters.DateFilter("observed_on", "gte", help_text="The first day of observation.")
    observed_to = filters.DateFilter("observed_on", "lte", help_text="The last day of observation.")

    class Meta:
        model = Observation
        fields: tuple[str, ...] = ()


class ObservationList(ListModelMixin, VisibleRows):
    policy = {"*": "crm.view_client", "POST": "crm.change_client"}
    queryset = Observation.objects.select_related("recorded_by")
    serializer_class = ObservationSerializer
    filterset_class = ObservationFilter

    @extend_schema(
        operation_id="observations_list",
        tags=["observations"],
        responses=answers(ObservationSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Observations of the clients that the user may see, the last recorded first."""
        return self.list(request)

    @extend_schema(
        operation_id="observations_record",
        tags=["observations"],
        parameters=[idempotency_key(required=True)],
        request=ObservationSetInput,
        responses=answers(RecordedSerializer, *WRITING, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Record up to 1,000 observations of clients whom the user holds: all of them, or none and every reason."""
        return Response(do_once(request, lambda: self.record(request), required=True), status=201)

    def record(self, request: Request) -> dict[str, int]:
        items, malformed = read_items(request.data)
        if malformed:
            raise ItemsRefused([*malformed, *refusals_of(by=request.user, items=items)])
        return asdict(record_observations(by=request.user, items=items))


def read_items(data: Any) -> tuple[list[NewObservation], list[Refusal]]:
    """The items that can be read, and what keeps the others from it. Raises ValidationError for what is no set."""
    given = data.get("observations") if isinstance(data, dict) else None
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_ITEMS or len(data) > 1:
        message = _("Send 1 to %(most)d observations as a list, and nothing else.") % {"most": MOST_ITEMS}
        raise serializers.ValidationError({"observations": [message]})
    field, items, malformed = ObservationInput(), [], []
    for index, item in enumerate(given):
        try:
            items.append(NewObservation(index=index, **_defaults() | field.run_validation(item)))
        except serializers.ValidationError as error:
            malformed += _refusals(index, error.detail)
    return items, malformed


def _defaults() -> dict[str, Any]:
    return {"value": None, "text": "", "received_on": today()}


def _refusals(index: int, detail: Any) -> list[Refusal]:
    return [
        Refusal(index, "" if name == "non_field_errors" else name, str(reason))
        for name, reasons in detail.items()
        for reason in reasons
    ]

"""Changes of facilities that follow from tiers, and the decisions on them."""

from __future__ import annotations

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input
from crm.api.problems import problem_of
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, Problem, answers
from tiering.api.records import TierRefSerializer
from tiering.models import FacilityChange
from tiering.services.facility_changes import decide_changes

MOST_DECISIONS = 300


class FacilityChangeSerializer(serializers.ModelSerializer):
    """Another limit or yearly rate of a facility that a change of tier proposes."""

    client = ClientRefSerializer()
    facility = serializers.SlugRelatedField(slug_field="number", read_only=True)
    from_tier = TierRefSerializer()
    to_tier = TierRefSerializer()
    decided_by = PersonSerializer(allow_null=True)

    class Meta:
        model = FacilityChange
        fields = (
            "id",
            "client",
            "facility",
            "from_tier",
            "to_tier",
            "term",
            "before",
            "after",
            "stops_drawing",
            "ceiling",
            "status",
            "created_at",
            "decided_by",
            "decided_at",
            "reason",
        )


class FacilityChangeFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=FacilityChange.Status.choices)
    client = IdFilter("client", help_text="Id of a client.")

    class Meta:
        model = FacilityChange
        fields: tuple[str, ...] = ()


class FacilityDecisionsInput(Input):
    """The same verdict on several changes, by their ids, with its reason."""

    changes = serializers.ListField(child=IdField(), min_length=1, max_length=MOST_DECISIONS)
    verdict = serializers.ChoiceField(choices=(("accept", "accept"), ("decline", "decline")))
    reason = serializers.CharField(max_length=2000)


class FacilityOutcomeSerializer(serializers.Serializer):
    """How the decision on one of several changes ended."""

    change = serializers.IntegerField()
    ok = serializers.BooleanField()
    error = Problem(allow_null=True)


class FacilityOutcomesSerializer(serializers.Serializer):
    decided = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = FacilityOutcomeSerializer(many=True)


class FacilityChangeList(VisibleRows):
    policy = {"*": "tiering.view_tiers"}
    queryset = FacilityChange.objects.select_related(
        "client", "facility", "from_tier", "to_tier", "decided_by"
    )
    serializer_class = FacilityChangeSerializer
    filterset_class = FacilityChangeFilter

    @extend_schema(
        operation_id="facility_changes_list",
        tags=["consequences"],
        responses=answers(FacilityChangeSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """What changes of tier propose for facilities, decided or not, newest first."""
        return self.get_paginated_response(FacilityChangeSerializer(self.page(), many=True).data)


class FacilityChangeDecide(VisibleRows):
    policy = {"*": "tiering.decide_facilities"}
    queryset = FacilityChange.objects.all()
    serializer_class = FacilityOutcomesSerializer
    pagination_class = None

    @extend_schema(
        operation_id="facility_changes_decide",
        tags=["consequences"],
        request=FacilityDecisionsInput,
        responses=answers(FacilityOutcomesSerializer, *WRITING),
    )
    def post(self, request: Request) -> Response:
        """Accept or decline up to 300 changes, each for itself. An accepted one gives the facility its new terms."""
        asked = FacilityDecisionsInput.given(request)
        outcome = decide_changes(
            ids=asked["changes"], verdict=asked["verdict"], by=request.user, reason=asked["reason"]
        )
        results = [
            {"change": one.change_id, "ok": one.ok, "error": problem_of(one.error) if one.error else None}
            for one in outcome
        ]
        done = sum(one.ok for one in outcome)
        return Response({"decided": done, "refused": len(results) - done, "results": results})

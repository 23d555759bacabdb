"""Financing cases: listed, and moved down the funnel."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.filters import IdFilter, KeyFilter
from crm.api.inputs import Input, VersionField
from crm.api.records import ClientRefSerializer
from crm.api.rows import Request, VisibleRows, check_hold
from crm.api.schema import answers, changing
from crm.errors import Invalid
from crm.models import Facility
from funnel.models import Case, Pipeline, Stage
from funnel.selectors.board import cards
from funnel.services.moves import move_case
from tiering.api.records import TierRefSerializer


class StageSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Stage
        fields = ("key", "name", "outcome")


class CaseSerializer(serializers.Serializer):
    """A financing case; `amount` is in the book currency, `tier` the client's (null before the first)."""

    id = serializers.IntegerField(source="case.pk")
    code = serializers.CharField(source="case.code")
    client = ClientRefSerializer(source="case.client")
    tier = TierRefSerializer(allow_null=True)
    pipeline = serializers.CharField(source="case.stage.pipeline.key")
    stage = StageSerializer(source="case.stage")
    entered_stage_at = serializers.DateTimeField(source="case.entered_stage_at")
    is_late = serializers.BooleanField(
        source="case.is_late", help_text="Longer in its stage than that allows."
    )
    project = serializers.CharField(source="case.project.code", default=None, allow_null=True)
    product = serializers.ChoiceField(Facility.Product.choices, source="case.product")
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, source="case.amount")
    version = serializers.IntegerField(source="case.version")
    created_at = serializers.DateTimeField(source="case.created_at")
    can_move = serializers.BooleanField(help_text="Whether the user holds the client.")


class MoveInput(Input):
    """To a stage of the case's own pipeline; declining and reopening take a comment."""

    stage = serializers.CharField(max_length=40, help_text="Key of the stage.")
    version = VersionField(help_text="The version of the case that the mover saw.")
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class CaseFilter(filters.FilterSet):
    pipeline = KeyFilter("stage__pipeline__key", Pipeline.objects, help_text="Key of a pipeline.")
    stage = KeyFilter("stage__key", Stage.objects, help_text="Key of a stage.")
    outcome = filters.ChoiceFilter("stage__outcome", choices=Stage.Outcome.choices)
    client = IdFilter("client", help_text="Id of a client.")
    rm = IdFilter("client__rm", help_text="Id of a relationship manager.")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()


class CaseRows(VisibleRows):
    queryset = Case.objects.for_cards().select_related("project", "stage__pipeline")
    serializer_class = CaseSerializer


class CaseList(CaseRows):
    policy = {"*": "funnel.view_cases"}
    filterset_class = CaseFilter

    @extend_schema(
        operation_id="cases_list", tags=["cases"], responses=answers(CaseSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """The cases of the clients that the user may see, newest first."""
        page = self.page()
        return self.get_paginated_response(CaseSerializer(cards(page, request.user), many=True).data)


class CaseMove(CaseRows):
    policy = {"*": "funnel.move_case"}

    @changing("cases_move", "cases", MoveInput, CaseSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Move a case that is still at the given version; the gates of every stage on the way must be met."""
        case = self.find(pk)
        check_hold(self, case.client)
        asked = MoveInput.given(request)
        moved = move_case(
            case=case,
            to_stage=stage_of(case, asked["stage"]),
            version=asked["version"],
            moved_by=request.user,
            comment=asked["comment"],
        )
        (card,) = cards([self.get_queryset().get(pk=moved.pk)], request.user)
        return Response(CaseSerializer(card).data)


def stage_of(case: Case, key: str) -> Stage:
    """The stage of that key in the case's pipeline. Raises Invalid, naming those that there are."""
    stages = {stage.key: stage for stage in case.stage.pipeline.stages.all()}
    if key not in stages:
        message = _("Unknown value. Known values: %(known)s.") % {"known": ", ".join(stages)}
        raise Invalid({"stage": [message]})
    return stages[key]

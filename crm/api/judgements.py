"""What people judge of a client."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm import slots
from crm.api.inputs import Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request, VisibleRows, check_hold
from crm.api.schema import WRITING, answers
from crm.models import Client, User
from crm.selectors.judgements import Factor, factors_of
from crm.services.judgements import LONGEST_EVIDENCE, NewJudgement, judge


class JudgementSerializer(serializers.Serializer):
    """A judgement; one that `is_stale` counts as missing."""

    value = serializers.FloatField(source="observation.value", allow_null=True)
    text = serializers.CharField(source="observation.text")
    words = serializers.CharField(help_text="In the language of `Accept-Language`.")
    evidence = serializers.CharField(source="observation.evidence")
    source = serializers.CharField(source="observation.source")
    judged_on = serializers.DateField(source="observation.observed_on")
    judged_by = PersonSerializer(source="observation.recorded_by", allow_null=True)
    is_stale = serializers.BooleanField()


class FactorSerializer(serializers.Serializer):
    """A factor with its judgements, the latest first."""

    metric = serializers.CharField(source="metric.key")
    label = serializers.CharField(source="metric.label")
    max_age_days = serializers.IntegerField(source="metric.max_age_days", allow_null=True)
    asked_by = serializers.ListField(
        child=serializers.CharField(), help_text="The schemes whose criteria in effect read it."
    )
    is_due = serializers.BooleanField(help_text="Asked for, and not known or too old.")
    judgements = JudgementSerializer(many=True)


class JudgementInput(Input):
    metric = serializers.CharField(max_length=60, help_text="Key of a factor.")
    grade = serializers.CharField(max_length=60, help_text="A number from 1 to 5, or the key of a category.")
    evidence = serializers.CharField(max_length=LONGEST_EVIDENCE)


class JudgementSetInput(Input):
    judged_on = serializers.DateField()
    source = serializers.CharField(max_length=80)
    judgements = serializers.ListField(child=JudgementInput(), min_length=1, max_length=50)


class ClientJudgements(VisibleRows):
    policy = {"*": "crm.change_client", "GET": "crm.view_client"}
    queryset = Client.objects.all()
    serializer_class = FactorSerializer
    pagination_class = None

    @extend_schema(
        operation_id="judgements_list",
        tags=["judgements"],
        responses=answers(FactorSerializer(many=True), 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """The factors that the criteria in effect ask for, and those judged before."""
        return Response(self.told(self.find(pk), request.user))

    @extend_schema(
        operation_id="judgements_record",
        tags=["judgements"],
        request=JudgementSetInput,
        responses=answers(FactorSerializer(many=True), *WRITING, 404, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Judge factors of a client, all of them or none; sent again, the same judgements stand."""
        client = self.find(pk)
        check_hold(self, client)
        said = JudgementSetInput.given(request)
        judgements = [NewJudgement(**one) for one in said.pop("judgements")]
        judge(by=request.user, client=client, judgements=judgements, **said)
        return Response(self.told(client, request.user), status=201)

    def told(self, client: Client, user: User) -> Any:
        readings = slots.readings_of(client, user)
        factors: list[Factor] = factors_of(client, user, timezone.localdate(), readings)
        return FactorSerializer(factors, many=True).data

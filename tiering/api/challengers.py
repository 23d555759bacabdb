"""Challengers: versions that run beside what is in effect, begun, read and ended."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import KeyFilter, YesNoFilter
from crm.api.inputs import IdField, Input
from crm.api.records import PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, Rows, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from tiering.models import ChallengeNight, Challenger, CriteriaVersion, TierScheme
from tiering.selectors.challengers import every_challenger, nights_of, outcome_since
from tiering.services.challengers import end_challenge, start_challenge


class ChallengerSerializer(serializers.ModelSerializer):
    """A version that runs beside what is in effect each night and changes no tier; it is over when `ended_at` is set."""

    scheme = serializers.CharField(source="scheme.key")
    version = serializers.IntegerField(source="version_id", help_text="Id of a version of criteria.")
    criteria_version = serializers.IntegerField(source="version.number")
    started_by = PersonSerializer()
    ended_by = PersonSerializer(allow_null=True)
    ended_with = serializers.CharField(
        source="ended_with.act",
        default=None,
        allow_null=True,
        help_text="The step by which the version became a draft again, which ended it; null: somebody ended it.",
    )
    end_reason = serializers.CharField(source="ended_with.comment", default="")
    nights = serializers.IntegerField(source="nights_run", help_text="How many nights it has run.")

    class Meta:
        model = Challenger
        fields = (
            "id",
            "scheme",
            "version",
            "criteria_version",
            "reason",
            "started_by",
            "started_at",
            "ended_by",
            "ended_at",
            "ended_with",
            "end_reason",
            "nights",
        )


class NightSerializer(serializers.ModelSerializer):
    """How it agreed in one night: of the `subjects` with a tier in force, how many got the same, a better (`higher`) and
    a worse one (`lower`). While `results_kept`, the results of `run` tell each of them."""

    run = serializers.IntegerField(source="run_id")
    results_kept = serializers.BooleanField(source="is_kept")

    class Meta:
        model = ChallengeNight
        fields = ("day", "run", "subjects", "same", "higher", "lower", "results_kept")


class SinceSerializer(serializers.Serializer):
    """Of the clients of the first night that it placed lower, higher or the same: how many could have become more than
    90 days overdue until today, and how many did."""

    way = serializers.ChoiceField([(way, way) for way in ("lower", "higher", "same")])
    subjects = serializers.IntegerField()
    bad = serializers.IntegerField()


class CourseSerializer(serializers.Serializer):
    challenger = ChallengerSerializer()
    nights = NightSerializer(many=True)
    outcome = SinceSerializer(many=True, help_text="Empty before the first night.")


class NewChallengerInput(Input):
    version = serializers.PrimaryKeyRelatedField(
        queryset=CriteriaVersion.objects.select_related("criteria__scheme"),
        pk_field=IdField(),
        help_text="Id of a version that somebody approved and that is not in effect.",
    )
    reason = serializers.CharField(max_length=2000, help_text="What it is to show.")


class ChallengerFilter(filters.FilterSet):
    scheme = KeyFilter("scheme__key", TierScheme.objects, help_text="Key of a tier scheme.")
    running = YesNoFilter(method="running_now", help_text="Those that run, or those that ended.")

    class Meta:
        model = Challenger
        fields: tuple[str, ...] = ()

    def running_now(self, challengers: Any, name: str, value: str) -> Any:
        return challengers.filter(ended_at__isnull=value == "true")


class ChallengerRows(Rows):
    """Figures are of the whole book: whoever may validate sees every one."""

    queryset = every_challenger()
    serializer_class = ChallengerSerializer


class ChallengerList(ListModelMixin, ChallengerRows):
    policy = {"*": "tiering.validate_criteria", "POST": "tiering.write_criteria"}
    filterset_class = ChallengerFilter

    @extend_schema(
        operation_id="challengers_list",
        tags=["challengers"],
        responses=answers(ChallengerSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Every challenger, newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="challengers_start",
        tags=["challengers"],
        parameters=[idempotency_key(required=False)],
        request=NewChallengerInput,
        responses=answers(ChallengerSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Let a version run beside what is in effect, from the next night on."""
        given = NewChallengerInput.given(request)
        pk = make_once(request, lambda: start_challenge(started_by=request.user, **given))
        return created(request, ChallengerSerializer(self.find(pk)).data, "challenger-detail", pk)


class ChallengerDetail(ChallengerRows):
    policy = {"*": "tiering.validate_criteria"}

    @extend_schema(
        operation_id="challengers_read", tags=["challengers"], responses=answers(CourseSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """One challenger, how it agreed night by night, and what became of the clients of its first night."""
        found = self.find(pk)
        nights = nights_of(found)
        outcome = outcome_since(nights[0], timezone.localdate()) if nights else []
        told = {"challenger": found, "nights": nights, "outcome": outcome}
        return Response(CourseSerializer(told).data)


class ChallengerEnd(ChallengerRows):
    policy = {"*": "tiering.write_criteria"}

    @changing("challengers_end", "challengers", Input, ChallengerSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let it run no more; what it found stays."""
        found = self.find(pk)
        Input.given(request)
        end_challenge(challenger=found, ended_by=request.user)
        return Response(ChallengerSerializer(self.find(pk)).data)

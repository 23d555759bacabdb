"""Tiering runs: listed, started, followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.inputs import IdField, Input
from crm.api.records import PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, Rows, created
from crm.api.schema import WRITING, answers, idempotency_key
from tiering.api.schemes import SchemeField
from tiering.models import CriteriaVersion, TieringRun
from tiering.selectors.runs import every_run, progress_of
from tiering.services.runs import start_run


class ProgressSerializer(serializers.Serializer):
    """How far a run is, in numbers so far; `percent` is 100 only when nothing waits."""

    percent = serializers.IntegerField()
    chunks = serializers.IntegerField()
    chunks_done = serializers.IntegerField()
    chunks_quarantined = serializers.IntegerField()
    clients = serializers.IntegerField()
    assessed = serializers.IntegerField()
    assigned = serializers.IntegerField()
    proposed = serializers.IntegerField()


class RunSerializer(serializers.Serializer):
    """One execution over the book; it is over when `finished_at` is set."""

    id = serializers.IntegerField(source="run.pk")
    kind = serializers.ChoiceField(TieringRun.Kind.choices, source="run.kind")
    trigger = serializers.ChoiceField(TieringRun.Trigger.choices, source="run.trigger")
    status = serializers.ChoiceField(TieringRun.Status.choices, source="run.status")
    scheme = serializers.CharField(source="run.version.criteria.scheme.key")
    criteria_version = serializers.IntegerField(source="run.version.number")
    as_of = serializers.DateTimeField(source="run.as_of")
    basis = serializers.ChoiceField(
        TieringRun.Basis.choices, source="run.basis", help_text="What facts it goes by."
    )
    requested_by = PersonSerializer(source="run.requested_by", allow_null=True)
    created_at = serializers.DateTimeField(source="run.created_at")
    finished_at = serializers.DateTimeField(source="run.finished_at", allow_null=True)
    progress = ProgressSerializer()


class NewRunInput(Input):
    """Which kind of run, by which criteria, and the moment that it looks at."""

    kind = serializers.ChoiceField(
        TieringRun.Kind.choices,
        required=False,
        help_text="Official if left out: the only kind that changes tiers.",
    )
    scheme = SchemeField()
    version = serializers.PrimaryKeyRelatedField(
        queryset=CriteriaVersion.objects.select_related("criteria__scheme"),
        pk_field=IdField(),
        required=False,
        help_text="Id of a version of criteria; the one in effect if left out.",
    )
    as_of = serializers.DateTimeField(
        required=False, allow_null=True, help_text="The past moment to look at; now if left out."
    )
    basis = serializers.ChoiceField(
        TieringRun.Basis.choices,
        required=False,
        help_text="Whether facts are derived from the records of that moment, or those in force are read.",
    )


class RunFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=TieringRun.Kind.choices)
    trigger = filters.ChoiceFilter(choices=TieringRun.Trigger.choices)
    status = filters.ChoiceFilter(choices=TieringRun.Status.choices)

    class Meta:
        model = TieringRun
        fields: tuple[str, ...] = ()


class RunRows(Rows):
    """Runs are of the whole book: whoever may see runs sees every one."""

    queryset = every_run()
    serializer_class = RunSerializer

    def told(self, pk: int) -> Any:
        return told([self.find(pk)])[0]


class RunList(RunRows):
    policy = {"*": "tiering.view_runs", "POST": "tiering.start_runs"}
    filterset_class = RunFilter

    @extend_schema(operation_id="runs_list", tags=["runs"], responses=answers(RunSerializer(many=True), 400))
    def get(self, request: Request) -> Response:
        """Every run, newest first."""
        page = self.page()
        return self.get_paginated_response(told(page))

    @extend_schema(
        operation_id="runs_start",
        tags=["runs"],
        parameters=[idempotency_key(required=False)],
        request=NewRunInput,
        responses=answers(RunSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Start a run over the whole book; follow it at the address in `Location`."""
        given = NewRunInput.given(request)
        pk = make_once(request, lambda: start_run(requested_by=request.user, **given))
        return created(request, self.told(pk), "run-detail", pk)


class RunDetail(RunRows):
    policy = {"*": "tiering.view_runs"}

    @extend_schema(operation_id="runs_read", tags=["runs"], responses=answers(RunSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """One run and how far it is."""
        return Response(self.told(pk))


def told(runs: Sequence[TieringRun]) -> Any:
    """Runs with how far they are, in a constant number of queries."""
    progress = progress_of(runs)
    return RunSerializer([{"run": run, "progress": progress[run.pk]} for run in runs], many=True).data

"""What clients report, and what bureaus say of them."""

from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.facilities import CarriedInput
from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input, NumberField
from crm.api.records import PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, answers, idempotency_key
from crm.api.tasks import client_of
from crm.models import CreditReport, FinancialStatement
from crm.services.credit_reports import record_credit_report
from crm.services.statements import FIGURES, UNITS, enter_statement


class StatementSerializer(serializers.ModelSerializer):
    """What was reported of a period, in units of the book currency. Of several of a period the one received last
    counts; facts rest on full years alone."""

    currency = serializers.CharField(source="own_currency")
    entered_by = PersonSerializer(allow_null=True)

    class Meta:
        model = FinancialStatement
        fields = (
            "id", "client", "span", "period_end", "received_on", "audited", "source", "currency", "exchange_rate",
            *FIGURES, "note", "accepted", "acceptance", "entered_by", "created_at",
        )  # fmt: skip


class StatementInput(CarriedInput):
    """Figures in `unit` × `currency`. Doubtful ones are refused with 409 and their keys in brackets; sent again with
    these in `accepted` and a reason in `acceptance` they are taken."""

    client = IdField(help_text="Id of a client whom the user holds.")
    span = serializers.ChoiceField(choices=FinancialStatement.Span.choices, default="year")
    period_end = serializers.DateField()
    unit = serializers.ChoiceField(choices=[*UNITS.values()], default=1)
    figures = serializers.DictField(
        child=serializers.DecimalField(max_digits=26, decimal_places=6, allow_null=True),
        help_text=f"By name: {', '.join(FIGURES)}.",
    )
    audited = serializers.BooleanField(default=False)
    source = serializers.CharField(max_length=80, required=False, allow_blank=True)
    replaces = IdField(
        required=False, allow_null=True, help_text="Id of the statement of the period that it restates."
    )
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    accepted = serializers.ListField(child=serializers.CharField(max_length=80), required=False)
    acceptance = serializers.CharField(max_length=300, required=False, allow_blank=True)


class StatementFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    span = filters.ChoiceFilter(choices=FinancialStatement.Span.choices)

    class Meta:
        model = FinancialStatement
        fields: tuple[str, ...] = ()


class StatementList(ListModelMixin, VisibleRows):
    policy = {"*": "crm.view_client", "POST": "crm.change_client"}
    queryset = FinancialStatement.objects.select_related("entered_by")
    serializer_class = StatementSerializer
    filterset_class = StatementFilter

    @extend_schema(
        operation_id="statements_list",
        tags=["statements"],
        responses=answers(StatementSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Statements of clients that the user may see, the last recorded first."""
        return self.list(request)

    @extend_schema(
        operation_id="statements_enter",
        tags=["statements"],
        parameters=[idempotency_key(required=False)],
        request=StatementInput,
        responses=answers(StatementSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Enter a statement, checked against itself; that of a period that has one restates it."""
        asked = StatementInput.given(request)
        client = client_of(request.user, asked.pop("client"))
        assert client is not None, "the input asks for one"
        pk = make_once(request, lambda: enter_statement(by=request.user, client=client, **asked))
        return Response(StatementSerializer(self.find(pk)).data, status=201)


class CreditReportSerializer(serializers.ModelSerializer):
    """What a bureau says; `pd` is a fraction."""

    entered_by = PersonSerializer(allow_null=True)

    class Meta:
        model = CreditReport
        fields = (
            "id", "client", "bureau", "reported_on", "received_on", "reference", "score", "pd", "rating",
            "negative_items", "negative_note", "entered_by", "created_at",
        )  # fmt: skip


class CreditReportInput(Input):
    client = IdField(help_text="Id of a client whom the user holds.")
    bureau = serializers.CharField(max_length=80)
    reported_on = serializers.DateField()
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True)
    score = NumberField(required=False, allow_null=True)
    pd = NumberField(required=False, allow_null=True, help_text="A fraction from 0 to 1.")
    rating = serializers.ChoiceField(choices=CreditReport.Rating.choices, required=False, allow_blank=True)
    negative_items = serializers.IntegerField(min_value=0, max_value=10_000, required=False, allow_null=True)
    negative_note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class CreditReportFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")

    class Meta:
        model = CreditReport
        fields: tuple[str, ...] = ()


class CreditReportList(ListModelMixin, VisibleRows):
    policy = {"*": "crm.view_client", "POST": "crm.change_client"}
    queryset = CreditReport.objects.select_related("entered_by")
    serializer_class = CreditReportSerializer
    filterset_class = CreditReportFilter

    @extend_schema(
        operation_id="credit_reports_list",
        tags=["statements"],
        responses=answers(CreditReportSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Reports on clients that the user may see, the last recorded first."""
        return self.list(request)

    @extend_schema(
        operation_id="credit_reports_record",
        tags=["statements"],
        parameters=[idempotency_key(required=False)],
        request=CreditReportInput,
        responses=answers(CreditReportSerializer, *WRITING, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Record what a bureau says; the same bureau and day again corrects it."""
        asked: dict[str, Any] = CreditReportInput.given(request)
        client = client_of(request.user, asked.pop("client"))
        assert client is not None, "the input asks for one"
        pk = make_once(request, lambda: record_credit_report(by=request.user, client=client, **asked))
        return Response(CreditReportSerializer(self.find(pk)).data, status=201)

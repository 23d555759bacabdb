"""The term sheets of cases."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.files import Negotiation, file_answers
from crm.api.inputs import Input, VersionField
from crm.api.records import PersonSerializer
from crm.api.rows import Request, check_hold
from crm.api.schema import WRITING, answers, changing
from crm.http import download
from funnel.api.cases import CaseRows
from funnel.api.policy_terms import PolicyTermsSerializer
from funnel.api.work import RevisionInput
from funnel.models import TermSheet
from funnel.models.term_sheets import CONTENT
from funnel.pages.term_sheet import held_against, pdf_of_sheet
from funnel.services import term_sheets as services


class DepartureSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="add_on, cover, ceiling or product.")
    offered = serializers.FloatField(allow_null=True)
    policy = serializers.FloatField(allow_null=True)


class TermSheetSerializer(serializers.ModelSerializer):
    """A version of the terms offered; `policy` and `departures` of a draft are those of today."""

    case = serializers.CharField(source="case.code")
    currency = serializers.CharField(source="case.currency")
    status = serializers.CharField()
    rate = serializers.DecimalField(max_digits=8, decimal_places=3, help_text="In all, percent a year.")
    policy = serializers.SerializerMethodField()
    departures = serializers.SerializerMethodField()
    author = PersonSerializer()
    approved_by = PersonSerializer(allow_null=True)

    class Meta:
        model = TermSheet
        fields = (
            "id", "case", "currency", "number", "status", "revision", *CONTENT, "rate", "policy", "departures", "why",
            "remark", "author", "approved_by", "created_at", "issued_at",
        )  # fmt: skip

    @extend_schema_field(PolicyTermsSerializer(allow_null=True))
    def get_policy(self, sheet: TermSheet) -> dict | None:
        policy, _found = held_against(sheet)
        return policy.as_json() if policy else None

    @extend_schema_field(DepartureSerializer(many=True))
    def get_departures(self, sheet: TermSheet) -> list[dict]:
        _policy, found = held_against(sheet)
        return [one.as_json() for one in found]


class TermSheetInput(Input):
    """What is to be said anew, at the revision that was seen."""

    revision = VersionField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, required=False)
    base_rate = serializers.DecimalField(
        max_digits=6, decimal_places=3, min_value=0, max_value=100, required=False
    )
    add_on = serializers.IntegerField(min_value=-2000, max_value=5000, required=False)
    tenor_months = serializers.IntegerField(min_value=1, max_value=600, required=False)
    fee = serializers.DecimalField(max_digits=5, decimal_places=3, min_value=0, max_value=20, required=False)
    cover = serializers.IntegerField(
        min_value=0, max_value=100_000, required=False, help_text="Basis points of the amount."
    )
    collateral = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    covenants = serializers.ListField(
        child=serializers.CharField(max_length=500), max_length=50, required=False
    )
    valid_until = serializers.DateField(required=False)


class SheetSubmitInput(Input):
    revision = VersionField()
    why = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        default="",
        help_text="Required where it departs from the tier policy.",
    )


class SheetDecideInput(Input):
    revision = VersionField()
    is_approved = serializers.BooleanField()
    remark = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class SheetRows(CaseRows):
    policy = {"*": "funnel.move_case", "GET": "funnel.view_cases"}

    def sheet(self, pk: int, *, held: bool = False) -> TermSheet:
        """The version, of a case that the user may see; `held`: whose client they hold."""
        found = get_object_or_404(TermSheet.objects.visible_to(self.request.user), pk=pk)
        found.case = self.find(found.case_id)
        if held:
            check_hold(self, found.case.client)
        return found

    def told(self, sheet: TermSheet, status: int = 200) -> Response:
        return Response(TermSheetSerializer(sheet).data, status=status)


class CaseTermSheets(SheetRows):
    @extend_schema(
        operation_id="term_sheets_list",
        tags=["cases"],
        responses=answers(TermSheetSerializer(many=True), 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """The versions of a case, the latest first."""
        case = self.find(pk)
        sheets = list(case.term_sheets.select_related("author", "approved_by"))
        for sheet in sheets:
            sheet.case = case
        return Response(TermSheetSerializer(sheets, many=True).data)

    @extend_schema(
        operation_id="term_sheets_draft",
        tags=["cases"],
        request=Input,
        responses=answers(TermSheetSerializer, *WRITING, 404, 409, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Begin the next version: what the last one said, or what the tier policy asks for."""
        case = self.find(pk)
        check_hold(self, case.client)
        Input.given(request)
        return self.told(services.draft_term_sheet(case=case, by=request.user), 201)


class TermSheetDetail(SheetRows):
    @extend_schema(
        operation_id="term_sheets_get", tags=["cases"], responses=answers(TermSheetSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        return self.told(self.sheet(pk))

    @changing("term_sheets_save", "cases", TermSheetInput, TermSheetSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Say anew what is named of a draft."""
        sheet = self.sheet(pk, held=True)
        said = TermSheetInput.given(request)
        revision = said.pop("revision")
        return self.told(services.save_term_sheet(sheet=sheet, revision=revision, said=said, by=request.user))

    @extend_schema(
        operation_id="term_sheets_discard",
        tags=["cases"],
        request=RevisionInput,
        responses=answers(None, *WRITING, 404, 409, status=204),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Remove a draft."""
        sheet = self.sheet(pk, held=True)
        services.discard_term_sheet(sheet=sheet, by=request.user, **RevisionInput.given(request))
        return Response(status=204)


class TermSheetSubmit(SheetRows):
    @changing("term_sheets_submit", "cases", SheetSubmitInput, TermSheetSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Issue a draft that keeps to the tier policy; ask a second person about one that departs from it."""
        sheet = self.sheet(pk, held=True)
        asked = SheetSubmitInput.given(request)
        return self.told(services.submit_term_sheet(sheet=sheet, by=request.user, **asked))


class TermSheetDecide(SheetRows):
    policy = {"*": "funnel.approve_cases"}

    @changing("term_sheets_decide", "cases", SheetDecideInput, TermSheetSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Issue a sheet that departs from the tier policy, or send it back; nobody who works on the case may."""
        sheet = self.sheet(pk)
        asked = SheetDecideInput.given(request)
        return self.told(services.decide_term_sheet(sheet=sheet, by=request.user, **asked))


class TermSheetPdf(SheetRows):
    content_negotiation_class = Negotiation

    @extend_schema(operation_id="term_sheets_pdf", tags=["cases"], responses=file_answers("application/pdf"))
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The paper for the client, in the language of `Accept-Language`."""
        return download(*pdf_of_sheet(self.sheet(pk), request.user), "application/pdf")

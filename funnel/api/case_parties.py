"""The further clients of cases."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.inputs import IdField, Input, VersionField
from crm.api.rows import Request, check_hold
from crm.api.schema import WRITING, answers, changing
from crm.errors import Invalid
from crm.models import Client
from funnel.api.case_party import PartySerializer
from funnel.api.cases import CaseRows
from funnel.models import Case, CaseParty
from funnel.selectors.parties import parties_of
from funnel.services import parties as services


def share_field() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        required=False,
        allow_null=True,
        help_text="Percentage of the case's amount.",
    )


class NewPartyInput(Input):
    client = IdField(help_text="Id of a client that the user may see.")
    part = serializers.ChoiceField(CaseParty.Part.choices)
    share = share_field()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class PartyChangeInput(Input):
    """What is to be said anew, at the version that was seen."""

    version = VersionField()
    part = serializers.ChoiceField(CaseParty.Part.choices, required=False)
    share = share_field()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class SeenInput(Input):
    version = VersionField()


class CasePartyRows(CaseRows):
    def told(self, case: Case, party: CaseParty, status: int = 200) -> Response:
        (shown,) = [one for one in parties_of(case, self.request.user) if one.row == party]
        return Response(PartySerializer(shown).data, status=status)

    def party(self, pk: int) -> CaseParty:
        """One of a case that the user may see, whose leading client they hold. Raises NotPermitted."""
        rows: Any = CaseParty.objects.visible_to(self.request.user).standing()
        found: CaseParty = get_object_or_404(rows, pk=pk)
        found.case = self.find(found.case_id)
        check_hold(self, found.case.client)
        return found


class CaseParties(CasePartyRows):
    policy = {"*": "funnel.move_case", "GET": "funnel.view_cases"}

    @extend_schema(
        operation_id="cases_parties", tags=["cases"], responses=answers(PartySerializer(many=True), 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """The clients that take part beside the leading one."""
        return Response(PartySerializer(parties_of(self.find(pk), request.user), many=True).data)

    @extend_schema(
        operation_id="cases_add_party",
        tags=["cases"],
        request=NewPartyInput,
        responses=answers(PartySerializer, *WRITING, 404, 409, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Let a client take part in an open case."""
        case = self.find(pk)
        check_hold(self, case.client)
        asked = NewPartyInput.given(request)
        client = Client.objects.visible_to(request.user).filter(pk=asked.pop("client")).first()
        if client is None:
            raise Invalid({"client": [_("There is no such client among those you may see.")]})
        return self.told(case, services.add_party(case=case, client=client, by=request.user, **asked), 201)


class CasePartyDetail(CasePartyRows):
    policy = {"*": "funnel.move_case"}

    @changing("case_parties_change", "cases", PartyChangeInput, PartySerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Say part, share or note anew."""
        party = self.party(pk)
        asked = PartyChangeInput.given(request)
        return self.told(party.case, services.change_party(party=party, by=request.user, **asked))

    @extend_schema(
        operation_id="case_parties_remove",
        tags=["cases"],
        request=SeenInput,
        responses=answers(None, *WRITING, 404, 409, status=204),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Take it out of its case; the history keeps it."""
        services.remove_party(party=self.party(pk), by=request.user, **SeenInput.given(request))
        return Response(status=204)

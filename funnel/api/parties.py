"""Who works on a case, and who lends beside the house."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.inputs import IdField, Input
from crm.api.rows import Request, check_hold
from crm.api.schema import WRITING, answers, changing
from crm.errors import Invalid
from funnel.api.work import CaseDetailSerializer, Work
from funnel.models import CoLender
from funnel.selectors.work import colleagues
from funnel.services import cases as case_services


class TeamInput(Input):
    people = serializers.ListField(child=IdField(), max_length=50, help_text="Ids of colleagues.")


class CoLenderInput(Input):
    name = serializers.CharField(max_length=120)
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, required=False, allow_null=True)


class CaseTeam(Work):
    policy = {"*": "funnel.move_case"}

    @changing("cases_set_team", "cases", TeamInput, CaseDetailSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Who works on the case beside the relationship manager of its client."""
        case = self.find(pk)
        check_hold(self, case.client)
        wanted = set(TeamInput.given(request)["people"])
        people = list(colleagues(case).filter(pk__in=wanted))
        if len(people) < len(wanted):
            raise Invalid({"people": [_("Choose active colleagues of the client's team.")]})
        case_services.set_team(case=case, people=people, by=request.user)
        return self.told(case)


class CaseCoLenders(Work):
    policy = {"*": "funnel.move_case"}

    @changing("cases_add_co_lender", "cases", CoLenderInput, CaseDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Add another institution that lends beside the house, with its share in the case's currency."""
        case = self.find(pk)
        check_hold(self, case.client)
        asked = CoLenderInput.given(request)
        case_services.add_co_lender(case=case, by=request.user, **{"amount": None, **asked})
        return self.told(case)


class CoLenderDetail(Work):
    policy = {"*": "funnel.move_case"}

    @extend_schema(
        operation_id="co_lenders_remove",
        tags=["cases"],
        responses=answers(CaseDetailSerializer, *WRITING, 404, 409),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Take an institution out; the history keeps it."""
        lender = get_object_or_404(CoLender.objects.visible_to(request.user), pk=pk)
        case = self.find(lender.case_id)
        check_hold(self, case.client)
        case_services.remove_co_lender(co_lender=lender, by=request.user)
        return self.told(case)

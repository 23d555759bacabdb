"""The checklist of a case: due diligence and conditions precedent."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.inputs import IdField, Input, VersionField
from crm.api.rows import Request
from crm.api.schema import changing
from crm.errors import Invalid
from crm.models import Attachment, User
from funnel.api.work import CaseDetailSerializer, RevisionInput, Work
from funnel.models import Case, CheckItem
from funnel.selectors.work import colleagues
from funnel.services import work


class CaseCheckInput(Input):
    kind = serializers.ChoiceField(CheckItem.Kind.choices)
    name = serializers.CharField(max_length=200)
    owner = IdField(required=False, allow_null=True, help_text="Id of a colleague of the client's team.")
    due_on = serializers.DateField(required=False, allow_null=True)


class CheckFinishInput(Input):
    revision = VersionField()
    finding = serializers.CharField(max_length=4000)
    risk = serializers.ChoiceField(CheckItem.Risk.choices, required=False, allow_blank=True, default="")
    evidence = IdField(required=False, help_text="Id of an attachment of the client.")
    applies = serializers.BooleanField(default=True)


class CheckPlanInput(Input):
    """Left out: nobody, no day."""

    revision = VersionField()
    owner = IdField(required=False, allow_null=True, help_text="Id of a colleague of the client's team.")
    due_on = serializers.DateField(required=False, allow_null=True)


class CheckWaiverInput(Input):
    revision = VersionField()
    is_granted = serializers.BooleanField()
    remark = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, default="", help_text="Required to refuse."
    )


class CaseChecks(Work):
    policy = {"*": "funnel.work_on_cases"}

    @changing("cases_add_check", "cases", CaseCheckInput, CaseDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Add a point to the checklist, or a condition precedent."""
        case = self.worked(pk)
        asked = CaseCheckInput.given(request)
        owner = colleague_of(case, asked.pop("owner", None))
        work.add_check(case=case, by=request.user, owner=owner, **asked)
        return self.told(case)


class CheckRows(Work):
    """Points are found through their case."""

    policy = {"*": "funnel.work_on_cases"}

    def point(self, pk: int) -> CheckItem:
        """The point of that id, where the user works on its case."""
        found = get_object_or_404(CheckItem.objects.visible_to(self.request.user), pk=pk)
        found.case = self.worked(found.case_id)
        return found


class CheckFinish(CheckRows):
    @changing("checks_finish", "cases", CheckFinishInput, CaseDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Close a point with what was found, or as one that does not apply."""
        check = self.point(pk)
        asked = CheckFinishInput.given(request)
        evidence = evidence_of(check.case, request.user, asked.pop("evidence", None))
        work.finish_check(check=check, by=request.user, evidence=evidence, **asked)
        return self.told(check.case)


class CheckReopen(CheckRows):
    @changing("checks_reopen", "cases", RevisionInput, CaseDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take up a finished point again."""
        check = self.point(pk)
        work.reopen_check(check=check, by=request.user, **RevisionInput.given(request))
        return self.told(check.case)


class CheckPlan(CheckRows):
    @changing("checks_plan", "cases", CheckPlanInput, CaseDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Say who looks after an open point, by when."""
        check = self.point(pk)
        asked = CheckPlanInput.given(request)
        owner = colleague_of(check.case, asked.pop("owner", None))
        work.plan_check(check=check, by=request.user, owner=owner, **{"due_on": None, **asked})
        return self.told(check.case)


class CheckWaiver(Work):
    policy = {"*": "funnel.approve_cases"}

    @changing("checks_decide_waiver", "cases", CheckWaiverInput, CaseDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Grant that a condition precedent need not be met, or refuse it; nobody who works on the case may."""
        check = get_object_or_404(CheckItem.objects.visible_to(request.user), pk=pk)
        check.case = self.find(check.case_id)
        work.decide_waiver(check=check, by=request.user, **CheckWaiverInput.given(request))
        return self.told(check.case)


def colleague_of(case: Case, pk: int | None) -> User | None:
    """The colleague of that id who may take part in the case. Raises Invalid."""
    if pk is None:
        return None
    found = colleagues(case).filter(pk=pk).first()
    if found is None:
        raise Invalid({"owner": [_("Choose an active colleague of the client's team.")]})
    return found


def evidence_of(case: Case, user: User, pk: int | None) -> Attachment | None:
    """The file of that id that is about the case's client. Raises Invalid."""
    if pk is None:
        return None
    found = Attachment.objects.visible_to(user).filter(pk=pk, client=case.client_id).first()
    if found is None:
        raise Invalid({"evidence": [_("There is no such file of this client.")]})
    return found

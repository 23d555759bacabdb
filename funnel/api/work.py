"""The work on a case: its details, checklist, documents, approvals and waivers."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from crm.api.inputs import IdField, Input, VersionField
from crm.api.records import PersonSerializer
from crm.api.rows import Request, check_hold
from crm.api.schema import WRITING, MissingSerializer, answers, changing
from crm.errors import Invalid, NotPermitted
from crm.models import Facility, Project, User
from funnel.api.cases import CaseRows, CaseSerializer, CaseStep, stage_of
from funnel.api.recuts import RecutSerializer
from funnel.forms import projects_of
from funnel.models import Case, CaseDocument, CheckItem, CoLender
from funnel.selectors.board import cards
from funnel.selectors.gates import lapsed, requirements
from funnel.selectors.lineage import documents_of, recuts_of
from funnel.selectors.pipelines import stages_of
from funnel.selectors.work import colleagues, works_on
from funnel.services import cases as case_services
from funnel.services import work
from funnel.services.moves import waive_gates


class RequirementSerializer(serializers.Serializer):
    stage = serializers.CharField(source="gate.stage.key")
    kind = serializers.CharField(source="gate.kind")
    asks = serializers.CharField(help_text="What the gate asks for, in words.")
    missing = MissingSerializer(allow_null=True)
    is_waived = serializers.BooleanField()


class CheckSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="__str__", read_only=True)
    owner = PersonSerializer(allow_null=True)
    finished_by = PersonSerializer(allow_null=True)
    asked_by = PersonSerializer(allow_null=True, help_text="Who asks that it need not be met.")
    evidence = serializers.IntegerField(
        source="evidence_id", allow_null=True, help_text="Id of an attachment."
    )

    class Meta:
        model = CheckItem
        fields = (
            "id", "kind", "name", "owner", "due_on", "state", "finding", "risk", "evidence", "revision",
            "finished_by", "finished_at", "asked_by", "remark",
        )  # fmt: skip


class DocumentSerializer(serializers.ModelSerializer):
    attachment = serializers.IntegerField(source="attachment_id", help_text="Id of an attachment.")
    name = serializers.CharField(source="attachment.name")
    added_by = PersonSerializer()

    class Meta:
        model = CaseDocument
        fields = ("id", "kind", "attachment", "name", "added_by", "added_at")


class ApprovalSerializer(serializers.Serializer):
    stage = serializers.CharField(source="stage.key")
    by = PersonSerializer()
    role = serializers.CharField()
    is_approved = serializers.BooleanField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2)
    comment = serializers.CharField()
    at = serializers.DateTimeField()


class CoLenderSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)


class CaseDetailSerializer(serializers.Serializer):
    """A case with everything around it; `requirements` are those of the stages ahead, `lapsed` those behind it that are
    no longer met."""

    case = CaseSerializer()
    steps = CaseStep(many=True)
    requirements = RequirementSerializer(many=True)
    lapsed = RequirementSerializer(many=True)
    recuts = RecutSerializer(many=True)
    checks = CheckSerializer(many=True)
    documents = DocumentSerializer(many=True)
    approvals = ApprovalSerializer(many=True)
    team = PersonSerializer(many=True)
    co_lenders = CoLenderSerializer(many=True)


class CaseChangeInput(Input):
    """What is to be said anew, at the revision that was seen."""

    revision = VersionField()
    product = serializers.ChoiceField(Facility.Product.choices, required=False)
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, required=False)
    project = serializers.CharField(
        max_length=40, required=False, allow_null=True, help_text="Code of a project of the client."
    )
    purpose = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    competition = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    source = serializers.ChoiceField(Case.Source.choices, required=False, allow_blank=True)
    expected_close = serializers.DateField(required=False, allow_null=True)
    next_step = serializers.CharField(max_length=200, required=False, allow_blank=True)
    next_step_on = serializers.DateField(required=False, allow_null=True)


class CaseCheckInput(Input):
    kind = serializers.ChoiceField(CheckItem.Kind.choices)
    name = serializers.CharField(max_length=200)
    owner = IdField(required=False, allow_null=True, help_text="Id of a colleague of the client's team.")
    due_on = serializers.DateField(required=False, allow_null=True)


class CheckFinishInput(Input):
    revision = VersionField()
    finding = serializers.CharField(max_length=4000)
    risk = serializers.ChoiceField(CheckItem.Risk.choices, required=False, allow_blank=True, default="")
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


class TeamInput(Input):
    people = serializers.ListField(child=IdField(), max_length=50, help_text="Ids of colleagues.")


class CoLenderInput(Input):
    name = serializers.CharField(max_length=120)
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, required=False, allow_null=True)


class RevisionInput(Input):
    revision = VersionField()


class CaseDocumentInput(Input):
    kind = serializers.ChoiceField(CaseDocument.Kind.choices)
    file = serializers.FileField(help_text="PDF, XLSX, DOCX, CSV, TXT, PNG or JPG of at most 10 MB.")

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data.dict() if hasattr(data, "dict") else data)


class SayInput(Input):
    stage = serializers.CharField(max_length=40, help_text="Key of a stage that asks for approvals.")
    is_approved = serializers.BooleanField()
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class WaiverInput(Input):
    stage = serializers.CharField(max_length=40, help_text="Key of the stage up to which gates are waived.")
    reason = serializers.CharField(max_length=2000)


class Work(CaseRows):
    def told(self, case: Case) -> Response:
        """The case as it now is, with everything around it."""
        (card,) = cards([self.get_queryset().get(pk=case.pk)], self.request.user)
        case = card.case
        ahead = stages_of(case.stage.pipeline).filter(position__gt=case.stage.position)
        is_open = not (case.stage.is_closed or case.dissolved_by_id)
        shown = {
            "case": card,
            "steps": case.moves.select_related("from_stage", "to_stage", "tier", "moved_by"),
            "requirements": requirements(case, ahead) if is_open else [],
            "lapsed": lapsed(case),
            "recuts": recuts_of(case),
            "checks": case.checks.select_related("owner", "finished_by", "asked_by"),
            "documents": documents_of(case),
            "approvals": case.approvals.select_related("stage", "by"),
            "team": [member.user for member in case.team.select_related("user")],
            "co_lenders": case.co_lenders.all(),
        }
        return Response(CaseDetailSerializer(shown).data)

    def worked(self, pk: int) -> Case:
        """The case, where the user works on it; looked at before what is sent. Raises NotPermitted."""
        case: Case = self.find(pk)
        if not works_on(self.request.user, case):
            raise NotPermitted
        return case


class CaseDetail(Work):
    policy = {"*": "funnel.move_case", "GET": "funnel.view_cases"}

    @extend_schema(operation_id="cases_get", tags=["cases"], responses=answers(CaseDetailSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        return self.told(self.find(pk))

    @changing("cases_change", "cases", CaseChangeInput, CaseDetailSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Say anew what an open case is about; a changed amount takes approvals given before out of account."""
        case = self.find(pk)
        check_hold(self, case.client)
        details = CaseChangeInput.given(request)
        if "project" in details:
            details["project"] = project_of(request.user, case, details["project"])
        revision = details.pop("revision")
        case_services.edit_case(case=case, revision=revision, by=request.user, details=details)
        return self.told(case)


class CaseClone(Work):
    policy = {"*": "funnel.add_case"}

    @extend_schema(
        operation_id="cases_clone",
        tags=["cases"],
        request=Input,
        responses=answers(CaseDetailSerializer, *WRITING, 404, 409, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Begin another case like this one."""
        case = self.find(pk)
        check_hold(self, case.client)
        Input.given(request)
        made = case_services.clone_case(case=case, by=request.user)
        answer = self.told(made)
        answer.status_code = 201
        return answer


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
        work.finish_check(check=check, by=request.user, **CheckFinishInput.given(request))
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


class CaseDocuments(Work):
    policy = {"*": "funnel.add_document"}
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="cases_add_document",
        tags=["cases"],
        request={"multipart/form-data": CaseDocumentInput},
        responses=answers(CaseDetailSerializer, *WRITING, 404, 409),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Hand in a document."""
        case = self.find(pk)
        work.add_document(case=case, by=request.user, **CaseDocumentInput.given(request))
        return self.told(case)


class CaseApprovals(Work):
    policy = {"*": "funnel.approve_cases"}

    @changing("cases_say", "cases", SayInput, CaseDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Approve of the case's entering a stage, or refuse it; nobody who works on the case may."""
        case = self.find(pk)
        asked = SayInput.given(request)
        work.say(
            case=case,
            stage=stage_of(case, asked["stage"]),
            is_approved=asked["is_approved"],
            by=request.user,
            comment=asked["comment"],
        )
        return self.told(case)


class CaseWaivers(Work):
    policy = {"*": "funnel.waive_gates"}

    @changing("cases_waive", "cases", WaiverInput, CaseDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let the case pass the gates up to a stage that it does not meet now; somebody else moves it."""
        case = self.find(pk)
        asked = WaiverInput.given(request)
        stage = stage_of(case, asked["stage"])
        waive_gates(case=case, to_stage=stage, reason=asked["reason"], by=request.user)
        return self.told(case)


def colleague_of(case: Case, pk: int | None) -> User | None:
    """The colleague of that id who may take part in the case. Raises Invalid."""
    if pk is None:
        return None
    found = colleagues(case).filter(pk=pk).first()
    if found is None:
        raise Invalid({"owner": [_("Choose an active colleague of the client's team.")]})
    return found


def project_of(user: User, case: Case, code: str | None) -> Project | None:
    """The client's project of that code. Raises Invalid."""
    if code is None:
        return None
    found = projects_of(case.client, user).filter(code=code).first()
    if found is None:
        raise Invalid({"project": [_("The client takes no part in this project.")]})
    return found

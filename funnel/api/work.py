"""The work on a case: its details, checklist, documents, approvals and waivers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from crm.api.inputs import Input, VersionField
from crm.api.records import PersonSerializer
from crm.api.rows import Request, check_hold
from crm.api.schema import WRITING, MissingSerializer, answers, changing
from crm.errors import Invalid, NotPermitted
from crm.models import Facility, Project, User
from funnel.api.case_party import PartySerializer
from funnel.api.cases import CaseRows, CaseSerializer, CaseStep, stage_of
from funnel.api.policy_terms import PolicyTermsSerializer
from funnel.api.recuts import RecutSerializer
from funnel.forms import projects_of
from funnel.models import Case, CaseDocument, CheckItem
from funnel.selectors.approvals import panels_of
from funnel.selectors.board import cards
from funnel.selectors.gates import lapsed, requirements
from funnel.selectors.lineage import documents_of, recuts_of
from funnel.selectors.parties import parties_of
from funnel.selectors.pipelines import stages_of
from funnel.selectors.terms import policy_of
from funnel.selectors.work import works_on
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


class ApprovalsAskedSerializer(serializers.Serializer):
    """How the approvals stand that a stage ahead asks for; `waits_for` are the roles that may say something now."""

    stage = serializers.CharField(source="stage.key")
    needed = serializers.IntegerField(source="standing.needed")
    approved = serializers.IntegerField(source="standing.approved")
    rejected = serializers.IntegerField(source="standing.rejected")
    waits_for = serializers.ListField(child=serializers.CharField(), source="standing.asked")
    is_met = serializers.BooleanField(source="standing.is_met")
    may_say = serializers.BooleanField(help_text="Whether the user may approve or refuse.")


class CoLenderSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)


class CaseDetailSerializer(serializers.Serializer):
    """A case with everything around it; `requirements` are those of the stages ahead, `lapsed` those behind it that are
    no longer met, `policy` what the tier policy says of it."""

    case = CaseSerializer()
    steps = CaseStep(many=True)
    requirements = RequirementSerializer(many=True)
    lapsed = RequirementSerializer(many=True)
    approvals_asked = ApprovalsAskedSerializer(many=True)
    policy = PolicyTermsSerializer(allow_null=True)
    recuts = RecutSerializer(many=True)
    checks = CheckSerializer(many=True)
    documents = DocumentSerializer(many=True)
    approvals = ApprovalSerializer(many=True)
    team = PersonSerializer(many=True)
    co_lenders = CoLenderSerializer(many=True)
    parties = PartySerializer(many=True)


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
        shown = {
            "case": card,
            "steps": case.moves.select_related("from_stage", "to_stage", "tier", "moved_by"),
            "requirements": requirements(case, ahead, self.request.user) if case.is_open else [],
            "approvals_asked": panels_of(case, self.request.user),
            "policy": policy_of(case),
            "lapsed": lapsed(case, self.request.user),
            "recuts": recuts_of(case),
            "checks": case.checks.select_related("owner", "finished_by", "asked_by"),
            "documents": documents_of(case),
            "approvals": case.approvals.select_related("stage", "by"),
            "team": [member.user for member in case.team.select_related("user")],
            "co_lenders": case.co_lenders.all(),
            "parties": parties_of(case, self.request.user),
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


def project_of(user: User, case: Case, code: str | None) -> Project | None:
    """The client's project of that code. Raises Invalid."""
    if code is None:
        return None
    found = projects_of(case.client, user).filter(code=code).first()
    if found is None:
        raise Invalid({"project": [_("The client takes no part in this project.")]})
    return found

"""Beside the decision on a proposal: who decides, votes, remarks and questions, committees, and whose work it is."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.core.files.base import ContentFile
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.inputs import IdField, Input
from crm.api.records import PersonSerializer
from crm.api.rows import Request, VisibleRows
from crm.api.schema import answers, changing
from crm.errors import NotPermitted
from crm.models import User
from tiering.api.committees import CommitteeInput
from tiering.api.proposals import ProposalRows, ProposalSerializer, told
from tiering.errors_reviews import NotEligible
from tiering.models import Proposal, Remark, Vote
from tiering.selectors.authority import authority_at, committee_of, demand_of
from tiering.selectors.talk import may_remark, talk_of
from tiering.services.committees import request_committee
from tiering.services.remarks import answer_question, ask_rm, comment
from tiering.services.review_work import WHOEVER, assign_review

LARGEST_BASE64 = 14_000_000


class VoteSerializer(serializers.ModelSerializer):
    """An officer's word; `acting_for` is whose deputy they were."""

    voter = PersonSerializer()
    acting_for = PersonSerializer(allow_null=True)

    class Meta:
        model = Vote
        fields = ("voter", "acting_for", "verdict", "comment", "at")


class DemandSerializer(serializers.Serializer):
    """What the decision asks for: `needs` approvals of `of` officers of a grade at least."""

    grade = serializers.IntegerField()
    of = serializers.IntegerField()
    needs = serializers.IntegerField()


class WorkSerializer(serializers.Serializer):
    """Whose work it is, and by when it is to be decided (null: no time was agreed)."""

    assignee = PersonSerializer(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    escalated_at = serializers.DateTimeField(allow_null=True)


class RemarkSerializer(serializers.Serializer):
    """What was said. `is_earlier`: about a proposal that newer facts replaced; `is_open`: it waits for the RM."""

    id = serializers.IntegerField(source="remark.pk")
    kind = serializers.ChoiceField(Remark.Kind.choices, source="remark.kind")
    question = serializers.IntegerField(source="remark.question_id", allow_null=True)
    text = serializers.CharField(source="remark.text")
    attachment = serializers.IntegerField(source="remark.attachment_id", allow_null=True)
    author = PersonSerializer(source="remark.author")
    at = serializers.DateTimeField(source="remark.at")
    is_earlier = serializers.BooleanField()
    is_open = serializers.BooleanField()


class ProposalDetailSerializer(ProposalSerializer):
    """A proposal with who decides on it, who voted, whose work it is, and what was said."""

    demand = serializers.SerializerMethodField()
    votes = VoteSerializer(many=True)
    work = serializers.SerializerMethodField()
    remarks = serializers.SerializerMethodField()

    class Meta(ProposalSerializer.Meta):
        fields = (*ProposalSerializer.Meta.fields, "demand", "votes", "work", "remarks")

    @extend_schema_field(DemandSerializer)
    def get_demand(self, proposal: Proposal) -> dict[str, Any]:
        demand = demand_of(proposal, authority_at(proposal.decided_at), committee_of(proposal))
        return DemandSerializer(demand).data

    @extend_schema_field(WorkSerializer(allow_null=True))
    def get_work(self, proposal: Proposal) -> dict[str, Any] | None:
        work = getattr(proposal, "work", None)
        return WorkSerializer(work).data if work else None

    @extend_schema_field(RemarkSerializer(many=True))
    def get_remarks(self, proposal: Proposal) -> Any:
        return RemarkSerializer(talk_of(proposal), many=True).data


class FileInput(Input):
    """A file: its name, and its content as base64."""

    name = serializers.CharField(max_length=200)
    content = serializers.CharField(max_length=LARGEST_BASE64)

    def validate_content(self, given: str) -> bytes:
        try:
            return base64.b64decode(given, validate=True)
        except binascii.Error as error:
            raise serializers.ValidationError(_("Write the content of the file as base64.")) from error


class AnswerInput(Input):
    text = serializers.CharField(max_length=2000)
    file = FileInput(required=False, allow_null=True, help_text="Evidence.")


class ProposalRemarkInput(AnswerInput):
    """A comment; or a question to the client's RM, which only those ask who decide and which takes no file."""

    kind = serializers.ChoiceField(choices=[("comment", "comment"), ("question", "question")])


class AssignmentInput(Input):
    """Who works on it from now on; null gives it back. `was`: who had it as one saw it; left out, whoever has it."""

    to = IdField(allow_null=True)
    was = IdField(required=False, allow_null=True)


class Detailed(ProposalRows):
    """Answers with a proposal and everything beside it."""

    pagination_class = None
    filterset_class = None

    def proposal(self, pk: int) -> Proposal:
        return get_object_or_404(self.get_queryset(), pk=pk)

    def answer(self, pk: int) -> Response:
        proposal = self.get_queryset().select_related("work__assignee").get(pk=pk)
        return Response(detailed(proposal))


class ProposalDetail(Detailed):
    policy = {"*": "tiering.view_proposals"}

    @extend_schema(
        operation_id="proposals_read", tags=["proposals"], responses=answers(ProposalDetailSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """A change of tier with what its decision asks for, the votes so far, its work, and what was said."""
        return self.answer(self.proposal(pk).pk)


class ProposalRemarks(Detailed):
    policy = {"*": "tiering.remark"}

    @changing("proposals_remark", "proposals", ProposalRemarkInput, ProposalDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Comment on a change that waits, or ask the client's RM, which stops the clock."""
        proposal = self.proposal(pk)
        if not may_remark(request.user, proposal):
            raise NotPermitted
        given = ProposalRemarkInput.given(request)
        text = given["text"]
        if given["kind"] == "question":
            ask_rm(proposal=proposal, by=request.user, text=text)
        else:
            comment(proposal=proposal, by=request.user, text=text, file=file_of(given))
        return self.answer(pk)


class QuestionAnswer(VisibleRows):
    policy = {"*": "tiering.remark"}
    queryset = Remark.objects.filter(kind=Remark.Kind.QUESTION)
    serializer_class = RemarkSerializer
    pagination_class = None

    @changing("proposals_answer", "proposals", AnswerInput, ProposalDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Answer a question, perhaps with a file as evidence; the clock goes on."""
        question = get_object_or_404(self.get_queryset(), pk=pk)
        if not may_remark(request.user, question.proposal):
            raise NotPermitted
        given = AnswerInput.given(request)
        answered = answer_question(
            question=question, by=request.user, text=given["text"], file=file_of(given)
        )
        return Response(detailed(ProposalRows.queryset.get(pk=answered.proposal_id)))


class ProposalCommittee(Detailed):
    policy = {"*": "tiering.decide_proposals"}

    @changing("proposals_committee", "proposals", CommitteeInput, ProposalDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let several officers decide on a change."""
        proposal = self.proposal(pk)
        request_committee(proposal=proposal, by=request.user, **CommitteeInput.given(request))
        return self.answer(pk)


class ProposalAssignment(Detailed):
    policy = {"*": "tiering.decide_proposals"}

    @changing("proposals_assign", "proposals", AssignmentInput, ProposalDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take a change, hand it over to another officer, or give it back."""
        proposal = self.proposal(pk)
        asked = AssignmentInput.given(request)
        to = None
        if asked["to"] is not None:
            to = User.objects.filter(pk=asked["to"]).first()
            if to is None:
                raise NotEligible(name=asked["to"])
        assign_review(proposal=proposal, to=to, by=request.user, was=asked.get("was", WHOEVER))
        return self.answer(pk)


def file_of(given: dict[str, Any]) -> ContentFile | None:
    """The file that came along, if one did."""
    file = given.get("file")
    return ContentFile(file["content"], name=file["name"]) if file else None


def detailed(proposal: Proposal) -> Any:
    """A proposal with everything beside it."""
    return {
        **ProposalDetailSerializer(proposal, context={"reasons": {}}).data,
        "reason": told([proposal])[0]["reason"],
    }

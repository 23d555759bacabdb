"""Proposed changes of tier, and the checker's decisions on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.filters import IdFilter, KeyFilter
from crm.api.inputs import IdField, Input
from crm.api.problems import problem_of
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, Problem, answers, changing
from crm.models import Team
from tiering.api.records import LabelField, ProjectRefSerializer, TierRefSerializer
from tiering.models import Proposal, Tier, TierScheme
from tiering.selectors.evidence import reasons_of
from tiering.selectors.queue import DOWN, UP
from tiering.services.proposals import approve, decide_many, reject

MOST_DECISIONS = 300
DECISIONS = (("approve", "approve"), ("reject", "reject"))


class ReasonSerializer(serializers.Serializer):
    """What moved the tier most: a dimension by so many points, or a gate (`points` is null)."""

    name = LabelField()
    points = serializers.FloatField(allow_null=True)


class ProposalSerializer(serializers.ModelSerializer):
    client = ClientRefSerializer()
    scheme = serializers.SlugRelatedField(slug_field="key", read_only=True)
    project = ProjectRefSerializer(allow_null=True, help_text="Null for the client as a whole.")
    from_tier = TierRefSerializer()
    to_tier = TierRefSerializer()
    reason = serializers.SerializerMethodField()
    decided_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Proposal
        fields = (
            "id",
            "client",
            "scheme",
            "project",
            "from_tier",
            "to_tier",
            "reason",
            "exposure",
            "status",
            "run",
            "created_at",
            "waiting_since",
            "decided_by",
            "decided_at",
            "comment",
        )
        extra_kwargs = {
            "waiting_since": {
                "help_text": "Earlier than `created_at` where newer facts led to the same move again."
            }
        }

    @extend_schema_field(ReasonSerializer(allow_null=True))
    def get_reason(self, proposal: Proposal) -> dict[str, Any] | None:
        reason = self.context["reasons"].get(proposal.pk)
        return ReasonSerializer(reason).data if reason else None


class DecisionInput(Input):
    """A rejection says why in its comment."""

    decision = serializers.ChoiceField(choices=DECISIONS)
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class DecisionsInput(DecisionInput):
    """The same decision on several changes, by their ids."""

    proposals = serializers.ListField(child=IdField(), min_length=1, max_length=MOST_DECISIONS)


class OutcomeSerializer(serializers.Serializer):
    """How the decision on one of several proposals ended."""

    proposal = serializers.IntegerField()
    ok = serializers.BooleanField()
    status = serializers.ChoiceField(
        Proposal.Status.choices,
        allow_null=True,
        help_text="Of the proposal after the vote; still pending where a committee has yet to decide.",
    )
    error = Problem(allow_null=True)


class OutcomesSerializer(serializers.Serializer):
    decided = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = OutcomeSerializer(many=True)


class ProposalFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=Proposal.Status.choices)
    direction = filters.ChoiceFilter(
        choices=[("up", "up"), ("down", "down")], method="towards", help_text="Of the change."
    )
    scheme = KeyFilter("scheme__key", TierScheme.objects, help_text="Key of a tier scheme.")
    tier = KeyFilter("to_tier__key", Tier.objects, help_text="Key of the proposed tier.")
    client = IdFilter("client", help_text="Id of a client.")
    team = KeyFilter("client__team__code", Team.objects, key="code", help_text="Code of a team.")
    rm = IdFilter("client__rm", help_text="Id of a relationship manager.")

    class Meta:
        model = Proposal
        fields: tuple[str, ...] = ()

    def towards(self, proposals: QuerySet, name: str, value: str) -> QuerySet:
        return proposals.filter({"up": UP, "down": DOWN}.get(value, Q()))


class ProposalRows(VisibleRows):
    queryset = Proposal.objects.select_related(
        "client", "scheme", "project", "from_tier", "to_tier", "decided_by"
    )
    serializer_class = ProposalSerializer


class ProposalList(ProposalRows):
    policy = {"*": "tiering.view_proposals"}
    filterset_class = ProposalFilter

    @extend_schema(
        operation_id="proposals_list",
        tags=["proposals"],
        responses=answers(ProposalSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Changes of tier, decided or not, of the clients that the user may see, newest first."""
        page = self.page()
        return self.get_paginated_response(told(page))


class ProposalDecide(ProposalRows):
    policy = {"*": "tiering.decide_proposals"}

    @changing("proposals_decide", "proposals", DecisionInput, ProposalSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Vote for or against a change that waits; it is decided at once unless a committee has to agree. Its maker, the
        client's RM and who has an interest in the client may not, and a stale one cannot be."""
        proposal = self.find(pk)
        given = DecisionInput.given(request)
        carry_out = approve if given["decision"] == "approve" else reject
        carry_out(proposal=proposal, decided_by=request.user, comment=given["comment"])
        return Response(told([self.get_queryset().get(pk=pk)])[0])


class ProposalDecideMany(ProposalRows):
    policy = {"*": "tiering.decide_proposals"}
    pagination_class = None

    @extend_schema(
        operation_id="proposals_decide_many",
        tags=["proposals"],
        request=DecisionsInput,
        responses=answers(OutcomesSerializer, *WRITING),
    )
    def post(self, request: Request) -> Response:
        """Decide on up to 300 changes, each for itself: one that is refused does not hold up the others."""
        asked = DecisionsInput.given(request)
        decisions = decide_many(
            ids=asked["proposals"],
            verdict=asked["decision"],
            decided_by=request.user,
            comment=asked["comment"],
        )
        results = [
            {
                "proposal": decision.proposal_id,
                "ok": decision.ok,
                "status": decision.status,
                "error": problem_of(decision.error) if decision.error else None,
            }
            for decision in decisions
        ]
        done = sum(decision.ok for decision in decisions)
        return Response({"decided": done, "refused": len(results) - done, "results": results})


def told(proposals: Sequence[Proposal]) -> Any:
    """Proposals with what moved each, in a constant number of queries."""
    context = {"reasons": reasons_of(proposals)}
    return ProposalSerializer(proposals, many=True, context=context).data

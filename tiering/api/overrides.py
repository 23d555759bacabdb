"""Overrides: the register, asking for one, deciding on it, ending it, and how often criteria are overridden."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.base import check_query
from crm.api.filters import IdFilter, KeyFilter, YesNoFilter
from crm.api.inputs import IdField, Input, NumberField
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.repeats import do_once
from crm.api.rows import Request, VisibleRows, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.errors import Invalid
from crm.models import Attachment, Client, Project
from tiering.api.committees import CommitteeInput, CommitteeSerializer
from tiering.api.overrides_rates import RatesSerializer
from tiering.api.records import FactField, ProjectRefSerializer, TierRefSerializer
from tiering.api.schemes import SCHEME, SchemeField, chosen_scheme
from tiering.errors import NoCriteria
from tiering.models import Override, OverrideVote, TierScheme
from tiering.selectors.criteria import primary_scheme
from tiering.selectors.override_rates import rates_of
from tiering.selectors.overrides import SHOWN, ending_soon
from tiering.services.override_committees import request_override_committee
from tiering.services.override_decisions import decide_override
from tiering.services.overrides import Wanted, ask_override, end_override, withdraw_override
from tiering.validation.outcomes import OUTCOMES


class EvidenceSerializer(serializers.Serializer):
    """A file that was handed in; it is fetched from its page."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    sha256 = serializers.CharField()


class OverrideVoteSerializer(serializers.ModelSerializer):
    voter = PersonSerializer()
    acting_for = PersonSerializer(allow_null=True)

    class Meta:
        model = OverrideVote
        fields = ("voter", "acting_for", "verdict", "comment", "at")


class OverrideSerializer(serializers.ModelSerializer):
    """A deviation from the criteria: of a tier (`tier`), or of a value (`metric`, `value`).

    `criteria_say` is the tier that it deviates from, by the assessment that it pins.
    """

    client = ClientRefSerializer()
    scheme = serializers.SlugRelatedField(slug_field="key", read_only=True)
    project = ProjectRefSerializer(allow_null=True, help_text="Null for the client as a whole.")
    tier = TierRefSerializer(allow_null=True)
    value = serializers.SerializerMethodField(help_text="A number, or the key of a category.")
    criteria_say = TierRefSerializer(source="assessment.overlay_tier")
    segment = serializers.CharField(source="assessment.scorecard", help_text="Key of a scorecard.")
    evidence = EvidenceSerializer(allow_null=True)
    requested_by = PersonSerializer()
    decided_by = PersonSerializer(allow_null=True)
    ended_by = PersonSerializer(allow_null=True)
    last_day = serializers.DateField(help_text="After it the override lapses.")
    committee = CommitteeSerializer(default=None, allow_null=True, help_text="Asked for by an officer.")
    votes = OverrideVoteSerializer(many=True)

    class Meta:
        model = Override
        fields = (
            "id", "client", "scheme", "project", "kind", "tier", "metric", "value", "criteria_say", "assessment",
            "segment", "direction", "notches", "above_hard_gate", "reason", "grounds", "evidence", "status",
            "requested_by", "requested_at", "members", "needs", "grade", "committee", "votes", "decided_by",
            "decided_at", "comment", "starts", "last_day", "renews", "ended_by", "ended_at", "end_reason",
        )  # fmt: skip
        extra_kwargs = {
            "notches": {"help_text": "Tiers between what the criteria say and what the override leads to."},
            "needs": {"help_text": "Approvals needed, of so many `members`, each of a `grade` at least."},
        }

    @extend_schema_field(FactField())
    def get_value(self, override: Override) -> float | str | None:
        return override.given


class OverrideInput(Input):
    """A `tier` of the scheme, or a `metric` with a `value` (a number) or a `category` (a key), until a last day."""

    client = IdField(help_text="Id of a client.")
    scheme = SchemeField()
    project = IdField(required=False, allow_null=True, help_text="Id of a project: the client within it.")
    tier = serializers.CharField(
        max_length=12, required=False, allow_blank=True, default="", help_text="Key of a tier."
    )
    metric = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default="", help_text="Key of a metric."
    )
    value = NumberField(required=False, allow_null=True, default=None)
    category = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    reason = serializers.ChoiceField(choices=Override.Reason.choices)
    grounds = serializers.CharField(max_length=4000)
    evidence = IdField(required=False, allow_null=True, help_text="Id of a file of the client.")
    last_day = serializers.DateField()


class OverrideDecisionInput(Input):
    """A rejection says why in its comment. `assessment`: the one that was looked at; another one in force refuses."""

    decision = serializers.ChoiceField(choices=(("approve", "approve"), ("reject", "reject")))
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    assessment = IdField(required=False, allow_null=True)


class OverrideEndInput(Input):
    reason = serializers.CharField(max_length=2000)


class OverrideFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=Override.Status.choices)
    direction = filters.ChoiceFilter(choices=Override.Direction.choices)
    kind = filters.ChoiceFilter(choices=Override.Kind.choices)
    scheme = KeyFilter("scheme__key", TierScheme.objects, help_text="Key of a tier scheme.")
    segment = filters.CharFilter("assessment__scorecard", max_length=60, help_text="Key of a scorecard.")
    client = IdFilter("client", help_text="Id of a client.")
    requested_by = IdFilter("requested_by", help_text="Id of a user.")
    decided_by = IdFilter("decided_by", help_text="Id of a user.")
    expiring = YesNoFilter(method="ends_soon", help_text="In force, and its last day is within 14 days.")

    class Meta:
        model = Override
        fields: tuple[str, ...] = ()

    def ends_soon(self, overrides: QuerySet, name: str, value: str) -> QuerySet:
        soon = ending_soon(timezone.now())
        return overrides.filter(soon) if value == "true" else overrides.exclude(soon)


class OverrideRows(VisibleRows):
    queryset = Override.objects.select_related(*SHOWN, "committee__asked_by").prefetch_related(
        "votes__voter", "votes__acting_for"
    )
    serializer_class = OverrideSerializer

    def told(self, pk: int) -> Any:
        return OverrideSerializer(self.find(pk)).data


class OverrideList(OverrideRows):
    policy = {"*": "tiering.view_proposals", "POST": "tiering.request_overrides"}
    filterset_class = OverrideFilter

    @extend_schema(
        operation_id="overrides_list",
        tags=["overrides"],
        responses=answers(OverrideSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Overrides of the clients that the user may see, in every state, newest first."""
        return self.get_paginated_response(OverrideSerializer(self.page(), many=True).data)

    @extend_schema(
        operation_id="overrides_request",
        tags=["overrides"],
        parameters=[idempotency_key(required=False)],
        request=OverrideInput,
        responses=answers(OverrideSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Ask for an override of a client whom the user holds; a risk officer, of any. Somebody else has to approve."""
        given = OverrideInput.given(request)
        wanted = wanted_of(request, given)
        asked = do_once(
            request, lambda: {"override": ask_override(wanted=wanted, by=request.user).pk}, required=False
        )
        return created(request, self.told(asked["override"]), "override-detail", asked["override"])


class OverrideDetail(OverrideRows):
    policy = {"*": "tiering.view_proposals"}

    @extend_schema(
        operation_id="overrides_retrieve", tags=["overrides"], responses=answers(OverrideSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """One override with its votes."""
        return Response(self.told(pk))


class OverrideDecide(OverrideRows):
    policy = {"*": "tiering.decide_proposals"}

    @changing("overrides_decide", "overrides", OverrideDecisionInput, OverrideSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Vote on an override. Who asked for it, the client's RM and whoever has an interest in the client may not; with
        the vote that decides it is in force, or rejected."""
        found, said = self.find(pk), OverrideDecisionInput.given(request)
        decide_override(
            override=found,
            verdict=said["decision"],
            by=request.user,
            comment=said["comment"],
            assessment=said.get("assessment"),
        )
        return Response(self.told(pk))


class OverrideCommittee(OverrideRows):
    policy = {"*": "tiering.decide_proposals"}

    @changing("overrides_committee", "overrides", CommitteeInput, OverrideSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let several officers decide on an override that one might, before anybody votes."""
        found, given = self.find(pk), CommitteeInput.given(request)
        request_override_committee(override=found, by=request.user, **given)
        return Response(self.told(pk))


class OverrideEnd(OverrideRows):
    policy = {"*": "tiering.decide_proposals"}

    @changing("overrides_end", "overrides", OverrideEndInput, OverrideSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """End an override before its last day; the criteria tier the client again."""
        found, given = self.find(pk), OverrideEndInput.given(request)
        end_override(override=found, by=request.user, reason=given["reason"])
        return Response(self.told(pk))


class OverrideWithdraw(OverrideRows):
    policy = {"*": "tiering.request_overrides"}

    @changing("overrides_withdraw", "overrides", Input, OverrideSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take back what one asked for, before anybody decides."""
        found = self.find(pk)
        Input.given(request)
        withdraw_override(override=found, by=request.user)
        return Response(self.told(pk))


class OverrideRates(APIView):
    policy = {"*": "tiering.validate_criteria"}

    @extend_schema(
        operation_id="overrides_rates",
        tags=["overrides"],
        parameters=[
            SCHEME,
            OpenApiParameter(
                "outcome", enum=list(OUTCOMES), description="What became of clients; default if left out."
            ),
        ],
        responses=answers(RatesSerializer, 400, 409),
    )
    def get(self, request: Request) -> Response:
        """How often a scheme's criteria are overridden: by officer, segment and month, and what became of it."""
        check_query(request, {"scheme", "outcome"})
        scheme, outcome = chosen_scheme(request), request.query_params.get("outcome", "default")
        if scheme is None:
            raise NoCriteria
        if outcome not in OUTCOMES:
            raise Invalid({"outcome": [", ".join(OUTCOMES)]})
        return Response(RatesSerializer(rates_of(scheme, timezone.now(), outcome)).data)


def wanted_of(request: Request, given: dict[str, Any]) -> Wanted:
    """The request with its records; those that the user may not see are not there."""
    refusals: dict[str, list[str]] = {}
    scheme = given.get("scheme") or primary_scheme()
    if scheme is None:
        raise NoCriteria
    client = Client.objects.visible_to(request.user).filter(pk=given["client"]).first()
    if client is None:
        raise Invalid({"client": [_("There is no such client.")]})
    project = evidence = tier = None
    if given.get("project"):
        own = Project.objects.visible_to(request.user).filter(participations__client=client)
        project = own.filter(pk=given["project"]).first()
        refusals |= {} if project else {"project": [_("There is no such project of the client.")]}
    if given.get("evidence"):
        evidence = Attachment.objects.visible_to(request.user).filter(pk=given["evidence"]).first()
        refusals |= {} if evidence else {"evidence": [_("There is no such file.")]}
    if given["tier"]:
        tier = scheme.tiers.filter(key=given["tier"]).first()
        refusals |= {} if tier else {"tier": [_("The scheme has no such tier.")]}
    if refusals:
        raise Invalid(refusals)
    plain = ("metric", "value", "category", "reason", "grounds", "last_day")
    return Wanted(
        client=client,
        scheme=scheme,
        project=project,
        tier=tier,
        evidence=evidence,
        **{name: given[name] for name in plain},
    )

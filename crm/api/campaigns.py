"""Campaigns to segments, and what came of their invitations."""

from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.answers import named
from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input, VersionField
from crm.api.records import ClientRefSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.models import Campaign, CampaignText, Invitation, Questionnaire, Segment
from crm.selectors.campaigns import FIGURES, results_of
from crm.services import campaigns as services

POLICY = {"*": "crm.write_campaigns", "GET": "crm.view_client"}


class CampaignTextSerializer(serializers.ModelSerializer):
    class Meta:
        model = CampaignText
        fields = ("id", "language", "tier", "demand_level", "subject", "body")


class CampaignSerializer(serializers.ModelSerializer):
    owner = serializers.SlugRelatedField(slug_field="username", read_only=True)
    texts = CampaignTextSerializer(many=True)

    class Meta:
        model = Campaign
        fields = ("id", *services.FIELDS, "owner", "status", "launched_at", "version", "texts", "created_at")


class InvitationSerializer(serializers.ModelSerializer):
    """`left_out` is why the client was not invited, empty where it was."""

    client = ClientRefSerializer()

    class Meta:
        model = Invitation
        fields = (
            "id", "campaign", "client", "person", "text", "link", "tier", "left_out", "delivery", "sent_at",
            "answer", "attended", "case",
        )  # fmt: skip


class CampaignInput(Input, serializers.ModelSerializer):
    segment = IdField(help_text="Id of a segment.")
    questionnaire = IdField(
        required=False, allow_null=True, help_text="Id of a questionnaire; a survey needs one."
    )

    class Meta:
        model = Campaign
        fields: tuple[str, ...] = services.FIELDS


class CampaignChangeInput(CampaignInput):
    version = VersionField()

    class Meta(CampaignInput.Meta):
        fields = ("version", *services.FIELDS)
        extra_kwargs = {name: {"required": False} for name in ("name", "goal", "starts_on", "ends_on")}

    segment = IdField(required=False, help_text="Id of a segment.")


class CampaignTextInput(Input, serializers.ModelSerializer):
    version = VersionField(
        required=False, help_text="That of the campaign as it was read; left out, it is not checked."
    )

    class Meta:
        model = CampaignText
        fields = ("language", "tier", "demand_level", "subject", "body", "version")


class LaunchInput(Input):
    version = VersionField()


class AnswerInput(Input):
    answer = serializers.ChoiceField(choices=Invitation.Answer.choices, required=False, allow_blank=True)
    attended = serializers.BooleanField(required=False)
    case = IdField(required=False, help_text="Id of a case of the client.")


class CampaignRowSerializer(serializers.Serializer):
    tier = serializers.CharField(help_text="Empty: all of them.")
    figures = serializers.DictField(
        child=serializers.IntegerField(), help_text=f"Of {', '.join(FIGURES)}, how many."
    )
    amounts = serializers.DictField(
        child=serializers.DecimalField(max_digits=20, decimal_places=2),
        help_text="Of the cases that came of it, by currency.",
    )


class CampaignFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=Campaign.Status.choices)

    class Meta:
        model = Campaign
        fields: tuple[str, ...] = ()


class InvitationFilter(filters.FilterSet):
    campaign = IdFilter("campaign", help_text="Id of a campaign.")
    client = IdFilter("client", help_text="Id of a client.")
    answer = filters.ChoiceFilter(choices=[one for one in Invitation.Answer.choices if one[0]])

    class Meta:
        model = Invitation
        fields: tuple[str, ...] = ()


class CampaignRows(VisibleRows):
    policy = POLICY
    queryset = Campaign.objects.select_related("owner").prefetch_related("texts")
    serializer_class = CampaignSerializer

    def told(self, pk: int) -> Any:
        return CampaignSerializer(self.find(pk)).data

    def with_rows(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What is asked, with the segment and the questionnaire that it names. Raises Invalid."""
        rows = {
            "segment": Segment.objects.visible_to(self.request.user),
            "questionnaire": Questionnaire.objects.all(),
        }
        found = {name: named(some, name, asked[name]) for name, some in rows.items() if asked.get(name)}
        return {**asked, **found}


class CampaignList(ListModelMixin, CampaignRows):
    filterset_class = CampaignFilter

    @extend_schema(
        operation_id="campaigns_list",
        tags=["campaigns"],
        responses=answers(CampaignSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Campaigns that the user may see, the newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="campaigns_start",
        tags=["campaigns"],
        parameters=[idempotency_key(required=False)],
        request=CampaignInput,
        responses=answers(CampaignSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Begin a draft."""
        asked = self.with_rows(CampaignInput.given(request))
        pk = make_once(request, lambda: services.start_campaign(by=request.user, **asked))
        return created(request, self.told(pk), "campaign-detail", pk)


class CampaignDetail(CampaignRows):
    @extend_schema(
        operation_id="campaigns_get", tags=["campaigns"], responses=answers(CampaignSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """A campaign with its words."""
        return Response(self.told(pk))

    @changing("campaigns_change", "campaigns", CampaignChangeInput, CampaignSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change the given fields of a draft that is still at the given version."""
        found, asked = self.find(pk), self.with_rows(CampaignChangeInput.given(request))
        services.change_campaign(by=request.user, campaign=found, **asked)
        return Response(self.told(pk))


class CampaignTexts(CampaignRows):
    @extend_schema(
        operation_id="campaigns_add_text",
        tags=["campaigns"],
        request=CampaignTextInput,
        responses=answers(CampaignSerializer, *WRITING, 404, 409, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Add words to a draft: for a tier and a demand level, or for whoever has no nearer ones."""
        found = self.find(pk)
        services.put_text(by=request.user, campaign=found, **CampaignTextInput.given(request))
        return Response(self.told(pk), status=201)


class CampaignLaunch(CampaignRows):
    @changing("campaigns_launch", "campaigns", LaunchInput, CampaignSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Fix the audience and begin to invite."""
        found = self.find(pk)
        services.launch_campaign(by=request.user, campaign=found, **LaunchInput.given(request))
        return Response(self.told(pk))


class CampaignClose(CampaignRows):
    @changing("campaigns_close", "campaigns", Input, CampaignSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """End a running campaign; mails that wait are not sent any more."""
        found = self.find(pk)
        Input.given(request)
        services.close_campaign(by=request.user, campaign=found)
        return Response(self.told(pk))


class CampaignResults(CampaignRows):
    @extend_schema(
        operation_id="campaigns_results",
        tags=["campaigns"],
        responses=answers(CampaignRowSerializer(many=True), 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What came of it by the tier at launch, and in all."""
        rows = results_of(self.find(pk), request.user)
        return Response(CampaignRowSerializer(rows, many=True).data)


class InvitationRows(VisibleRows):
    policy = POLICY
    queryset = Invitation.objects.select_related("client")
    serializer_class = InvitationSerializer


class InvitationList(ListModelMixin, InvitationRows):
    filterset_class = InvitationFilter

    @extend_schema(
        operation_id="invitations_list",
        tags=["campaigns"],
        responses=answers(InvitationSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Who was invited or left out, of the clients that the user may see."""
        return self.list(request)


class InvitationDetail(InvitationRows):
    @changing("invitations_answer", "campaigns", AnswerInput, InvitationSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Note what came of an invitation."""
        found = self.find(pk)
        services.note_answer(by=request.user, invitation=found, **AnswerInput.given(request))
        return Response(InvitationSerializer(self.find(pk)).data)

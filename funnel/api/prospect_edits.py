"""Acts on many prospects at once, and the sources and the screening that prospects come by."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.inputs import IdField, Input, VersionField
from crm.api.records import PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, Rows, VisibleRows, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.errors import Invalid
from crm.models import User
from funnel.api.prospects import POLICY, ProspectActParams, with_pipeline
from funnel.models import LeadSource, Prospect, ProspectEdit, ProspectEditItem, Screening
from funnel.selectors.screening import schemes_to_choose, screening
from funnel.services import lead_sources, prospect_edits
from funnel.services.screening import choose_screening


class ProspectEditSerializer(serializers.ModelSerializer):
    """`counts` is {outcome: prospects}, and after it was taken back `kept` the records that stay."""

    class Meta:
        model = ProspectEdit
        fields = ("id", "act", "params", "status", "counts", "created_at", "finished_at")


class ProspectEditItemSerializer(serializers.ModelSerializer):
    """`code` says why a prospect is refused."""

    class Meta:
        model = ProspectEditItem
        fields = ("id", "prospect", "outcome", "code")


class ProspectsInput(Input):
    prospects = serializers.ListField(child=IdField(), min_length=1, max_length=prospect_edits.MOST)


class ProspectPlanInput(ProspectActParams):
    act = serializers.ChoiceField(choices=ProspectEdit.Act.choices)


class OwnProspectEdits(Rows):
    policy = {"*": "funnel.write_prospects"}
    queryset = ProspectEdit.objects.all()
    serializer_class = ProspectEditSerializer

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(by=self.request.user)

    def told(self, pk: int) -> Response:
        return Response(ProspectEditSerializer(self.find(pk)).data)


class ProspectEditList(ListModelMixin, OwnProspectEdits):
    @extend_schema(
        operation_id="prospect_edits_list",
        tags=["prospects"],
        responses=answers(ProspectEditSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """One's own acts on prospects, the last first."""
        return self.list(request)

    @extend_schema(
        operation_id="prospect_edits_choose",
        tags=["prospects"],
        request=ProspectsInput,
        responses=answers(ProspectEditSerializer, *WRITING, status=201),
    )
    def post(self, request: Request) -> Response:
        """Choose prospects by id. Nothing changes yet."""
        ids = ProspectsInput.given(request)["prospects"]
        edit = prospect_edits.choose(by=request.user, prospects=Prospect.objects.filter(pk__in=ids))
        return created(request, ProspectEditSerializer(edit).data, "prospect-edit-detail", edit.pk)


class ProspectEditDetail(OwnProspectEdits):
    @extend_schema(
        operation_id="prospect_edits_get", tags=["prospects"], responses=answers(ProspectEditSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """An act as it stands."""
        return self.told(pk)


class ProspectEditPlan(OwnProspectEdits):
    @changing("prospect_edits_plan", "prospects", ProspectPlanInput, ProspectEditSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Say what is to be done, and see what it would do to each prospect."""
        edit, said = self.find(pk), ProspectPlanInput.given(request)
        act = said.pop("act")
        prospect_edits.plan(by=request.user, edit=edit, act=act, params=with_pipeline(said))
        return self.told(pk)


class ProspectEditApply(OwnProspectEdits):
    @changing("prospect_edits_apply", "prospects", None, ProspectEditSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Do what was planned; many in the background."""
        prospect_edits.apply(by=request.user, edit=self.find(pk))
        return self.told(pk)


class ProspectEditUndo(OwnProspectEdits):
    @changing("prospect_edits_undo", "prospects", None, ProspectEditSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take it back; prospects with which somebody went on stay as they are."""
        prospect_edits.undo(by=request.user, edit=self.find(pk))
        return self.told(pk)


class ProspectEditItems(OwnProspectEdits):
    serializer_class = ProspectEditItemSerializer

    @extend_schema(
        operation_id="prospect_edits_items",
        tags=["prospects"],
        responses=answers(ProspectEditItemSerializer(many=True), 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What becomes of each prospect."""
        rows = self.paginate_queryset(self.find(pk).items.all()) or []
        return self.get_paginated_response(ProspectEditItemSerializer(rows, many=True).data)


class LeadSourceSerializer(serializers.ModelSerializer):
    owner = PersonSerializer(allow_null=True)
    team = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = LeadSource
        fields = ("id", *lead_sources.FIELDS, "team", "version")


class LeadSourceInput(Input, serializers.ModelSerializer):
    owner = IdField(required=False, allow_null=True, help_text="Id of a colleague of the team.")

    class Meta:
        model = LeadSource
        fields: tuple[str, ...] = lead_sources.FIELDS


class LeadSourceChangeInput(LeadSourceInput):
    version = VersionField()

    class Meta(LeadSourceInput.Meta):
        fields = ("version", *lead_sources.FIELDS)
        extra_kwargs = {"name": {"required": False}}


class SourceRows(VisibleRows):
    policy = {"*": "funnel.write_lead_sources", "GET": POLICY["GET"]}
    queryset = LeadSource.objects.select_related("owner", "team")
    serializer_class = LeadSourceSerializer

    def with_owner(self, said: dict[str, Any]) -> dict[str, Any]:
        """What is asked, with the owner that it names. Raises Invalid."""
        if said.get("owner") is None:
            return said
        owner = User.objects.filter(pk=said["owner"], team=self.request.user.team).first()
        if owner is None:
            raise Invalid({"owner": [_("Choose somebody of the team who works with clients.")]})
        return {**said, "owner": owner}


class LeadSourceList(ListModelMixin, SourceRows):
    @extend_schema(
        operation_id="lead_sources_list",
        tags=["prospects"],
        responses=answers(LeadSourceSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Where leads come from."""
        return self.list(request)

    @extend_schema(
        operation_id="lead_sources_add",
        tags=["prospects"],
        request=LeadSourceInput,
        parameters=[idempotency_key(required=False)],
        responses=answers(LeadSourceSerializer, *WRITING, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Add a source of one's own team."""
        said = self.with_owner(LeadSourceInput.given(request))
        pk = make_once(request, lambda: lead_sources.add_source(by=request.user, **said))
        return created(request, LeadSourceSerializer(self.find(pk)).data, "lead-source-detail", pk)


class LeadSourceDetail(SourceRows):
    @extend_schema(
        operation_id="lead_sources_get", tags=["prospects"], responses=answers(LeadSourceSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """A source as it stands."""
        return Response(LeadSourceSerializer(self.find(pk)).data)

    @changing("lead_sources_change", "prospects", LeadSourceChangeInput, LeadSourceSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change a source, as at the version that was seen."""
        source, said = self.find(pk), self.with_owner(LeadSourceChangeInput.given(request))
        lead_sources.change_source(by=request.user, source=source, **said)
        return Response(LeadSourceSerializer(self.find(pk)).data)


class ScreeningSerializer(serializers.ModelSerializer):
    """By whose criteria prospects are scored, and how many of each tier one person has in hand at most. Version 0 is
    what holds until somebody chooses."""

    scheme = serializers.SlugRelatedField(slug_field="key", read_only=True)
    capacity = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = Screening
        fields = ("scheme", "capacity", "version")


class ScreeningInput(Input):
    scheme = serializers.CharField(max_length=40, help_text="Key of a scheme of clients.")
    capacity = serializers.DictField(
        child=serializers.IntegerField(min_value=1), required=False, default=dict
    )
    version = serializers.IntegerField(min_value=0)


class ScreeningDetail(Rows):
    policy = {"*": "funnel.write_screening", "GET": POLICY["GET"]}
    queryset = Screening.objects.all()
    serializer_class = ScreeningSerializer

    @extend_schema(operation_id="screening_get", tags=["prospects"], responses=answers(ScreeningSerializer))
    def get(self, request: Request) -> Response:
        """By whose criteria prospects are scored."""
        return Response(ScreeningSerializer(screening() or Screening(version=0)).data)

    @extend_schema(
        operation_id="screening_choose",
        tags=["prospects"],
        request=ScreeningInput,
        responses=answers(ScreeningSerializer, *WRITING, 409),
    )
    def put(self, request: Request) -> Response:
        """Score prospects by other criteria from now on, as at the version that was seen."""
        said = ScreeningInput.given(request)
        scheme = next((one for one in schemes_to_choose() if one.key == said["scheme"]), None)
        if scheme is None:
            raise Invalid({"scheme": [_("Choose a scheme of clients whose criteria are in effect.")]})
        made = choose_screening(
            by=request.user, scheme=scheme, capacity=said["capacity"], version=said["version"]
        )
        return Response(ScreeningSerializer(made).data)

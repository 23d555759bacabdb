"""Prospects: leads that other systems send, and what is done about them one by one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle

from crm.api.duplicates import LaterInput
from crm.api.filters import IdFilter, KeyFilter
from crm.api.inputs import IdField, Input, VersionField
from crm.api.people import PhoneSerializer
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, created
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.errors import Invalid
from crm.models import Facility, Industry, Interaction, Region, User
from funnel.models import LeadSource, Pipeline, Prospect, ProspectEdit, ProspectTwin
from funnel.selectors.next_best import candidates, ranked, reasons_of
from funnel.selectors.prospects import twins_of
from funnel.services import prospect_edits, prospects
from tiering import display
from tiering.api.records import TierRefSerializer

POLICY = {"*": "funnel.write_prospects", "GET": "funnel.view_prospects"}
MOST_NEXT = 100


class LeadThrottle(UserRateThrottle):
    scope = "leads"
    rate = settings.LEAD_API_RATE


class ProspectSerializer(serializers.ModelSerializer):
    """A prospect; `tier` and `score` (points) are provisional and null until it is scored. Telephone numbers are shown
    by `reveal` alone."""

    source = serializers.SlugRelatedField(slug_field="name", read_only=True)
    reference = serializers.CharField(source="external_reference")
    industry = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    region = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    owner = PersonSerializer(allow_null=True)
    phone = serializers.CharField(source="phone_masked", help_text="Its last digits.")
    tier = TierRefSerializer(source="score.tier", default=None, allow_null=True)
    score = serializers.SerializerMethodField()
    client = ClientRefSerializer(allow_null=True)
    case = serializers.CharField(source="case.code", default=None, allow_null=True)

    class Meta:
        model = Prospect
        fields = (
            "id", "source", "reference", "kind", "name_en", "name_zh", "registration_number", "industry", "region",
            "facts", "product", "amount", "currency", "message", "person_name", "person_position", "email", "phone",
            "language", "consent", "consent_on", "owner", "status", "reason", "remark", "later_until", "touched_at",
            "tier", "score", "client", "case", "same_as", "arrived_at", "version",
        )  # fmt: skip

    def get_score(self, row: Prospect) -> str | None:
        score = getattr(row, "score", None)
        return display.score(score.score) if score else None


class NextSerializer(ProspectSerializer):
    """A prospect of those to be contacted next, with the `reasons` in words."""

    reasons = serializers.SerializerMethodField()
    priority = serializers.FloatField()

    class Meta(ProspectSerializer.Meta):
        fields = (*ProspectSerializer.Meta.fields, "priority", "reasons")

    def get_reasons(self, row: Any) -> list[str]:
        return reasons_of(row)


class LeadTakenSerializer(serializers.Serializer):
    """What a sender is told of a lead: no more than it knew."""

    id = serializers.IntegerField()
    reference = serializers.CharField()
    status = serializers.CharField()


class ProspectFieldsInput(Input, serializers.ModelSerializer):
    industry = serializers.SlugRelatedField(
        slug_field="code", queryset=Industry.objects.all(), required=False, allow_null=True
    )
    region = serializers.SlugRelatedField(
        slug_field="code", queryset=Region.objects.all(), required=False, allow_null=True
    )
    facts = serializers.DictField(
        required=False, help_text="Values by the key of metrics: numbers, or the key of a category."
    )
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)

    class Meta:
        model = Prospect
        fields: tuple[str, ...] = (*prospects.FIELDS, "phone")


class LeadInput(ProspectFieldsInput):
    source = serializers.CharField(max_length=120, help_text="Name or id of a source.")
    reference = serializers.CharField(
        max_length=80,
        required=False,
        allow_blank=True,
        help_text="The sender's own id of the lead. Sent again, nothing is changed and the same lead is told (200).",
    )
    consent_words = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, help_text="The words that consent was given to."
    )

    class Meta(ProspectFieldsInput.Meta):
        fields = ("source", "reference", "consent_words", *ProspectFieldsInput.Meta.fields)


class ProspectChangeInput(ProspectFieldsInput):
    version = VersionField()

    class Meta(ProspectFieldsInput.Meta):
        fields = ("version", *ProspectFieldsInput.Meta.fields)


class ProspectContactInput(Input):
    kind = serializers.ChoiceField(choices=Interaction.Kind.choices)
    outcome = serializers.ChoiceField(choices=Interaction.Outcome.choices)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class WhyInput(Input):
    reason = serializers.CharField(max_length=300)


class ProspectActParams(Input):
    """How: `pipeline` (key), `product` and `amount` for qualify; `owner` (id) for assign; `reason` and `remark` for
    reject; `client` or `other` (id of a prospect) for merge."""

    pipeline = serializers.CharField(max_length=40, required=False)
    product = serializers.ChoiceField(choices=Facility.Product.choices, required=False)
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, required=False)
    owner = IdField(required=False)
    reason = serializers.ChoiceField(choices=Prospect.Reason.choices, required=False)
    remark = serializers.CharField(max_length=300, required=False, allow_blank=True)
    client = IdField(required=False)
    other = IdField(required=False)


class ProspectActInput(ProspectActParams):
    act = serializers.ChoiceField(choices=ProspectEdit.Act.choices)
    version = VersionField()


class TwinSerializer(serializers.Serializer):
    """Whom a prospect looks like: a client or another prospect. Clients that the reader may not see are not told of."""

    id = serializers.IntegerField(source="twin.pk")
    score = serializers.IntegerField(source="twin.score", help_text="0–100.")
    evidence = serializers.DictField(
        child=serializers.CharField(), source="twin.evidence", help_text="What agrees, is near, differs."
    )
    client = ClientRefSerializer(allow_null=True)
    other = serializers.IntegerField(source="other.pk", default=None, allow_null=True)
    name = serializers.CharField()
    is_apart = serializers.BooleanField(source="twin.is_apart")
    reason = serializers.CharField(source="twin.reason")


class ProspectFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=Prospect.Status.choices)
    source = IdFilter("source", help_text="Id of a source.")
    owner = IdFilter("owner", help_text="Id of a user.")
    region = KeyFilter("region__code", Region.objects, key="code", help_text="Code of a region.")
    industry = KeyFilter("industry__code", Industry.objects, key="code", help_text="Code of an industry.")
    tier = filters.CharFilter("score__tier__key")
    reference = filters.CharFilter("external_reference")

    class Meta:
        model = Prospect
        fields: tuple[str, ...] = ()


class ProspectRows(VisibleRows):
    policy = POLICY
    queryset = Prospect.objects.select_related(
        "source", "owner", "region", "industry", "client", "case", "score__tier__scheme"
    )
    serializer_class = ProspectSerializer

    def told(self, pk: int) -> Response:
        return Response(ProspectSerializer(self.find(pk)).data)


class ProspectRowsList(ListModelMixin, ProspectRows):
    policy = {"*": "funnel.add_leads", "GET": "funnel.view_prospects"}
    filterset_class = ProspectFilter

    def get_throttles(self) -> list[Any]:
        return [LeadThrottle()] if self.request.method == "POST" else super().get_throttles()

    @extend_schema(
        operation_id="prospects_list",
        tags=["prospects"],
        responses=answers(ProspectSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Prospects, the last first."""
        return self.list(request)

    @extend_schema(
        operation_id="prospects_take",
        tags=["prospects"],
        request=LeadInput,
        responses={**answers(LeadTakenSerializer, *WRITING, status=201), 200: LeadTakenSerializer},
    )
    def post(self, request: Request) -> Response:
        """Send a lead of a source. With a `reference` it is taken once, however often it is sent."""
        said = LeadInput.given(request)
        source = _source(request.user, said.pop("source"))
        taken, is_new = prospects.take_lead(source=source, by=request.user, **said)
        told = {"id": taken.pk, "reference": taken.external_reference, "status": taken.status}
        return created(request, told, "prospect-detail", taken.pk) if is_new else Response(told)


def _source(user: User, named: str) -> LeadSource:
    """A source that the user may send leads of. Raises Invalid."""
    rows = LeadSource.objects.select_related("team", "owner")
    found = rows.filter(pk=int(named)) if named.isdecimal() and len(named) < 10 else rows.filter(name=named)
    usable = [one for one in found if prospects.may_take(user, one)]
    if len(usable) != 1:
        raise Invalid({"source": [_("Name a source of your team by its name or id.")]})
    return usable[0]


class ProspectDetail(ProspectRows):
    @extend_schema(
        operation_id="prospects_get", tags=["prospects"], responses=answers(ProspectSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """A prospect as it stands."""
        return self.told(pk)

    @changing("prospects_change", "prospects", ProspectChangeInput, ProspectSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Say more of an open prospect, as at the version that was seen."""
        prospect = self.find(pk)
        prospects.change_prospect(by=request.user, prospect=prospect, **ProspectChangeInput.given(request))
        return self.told(pk)


class ProspectContacts(ProspectRows):
    @extend_schema(
        operation_id="prospects_log_contact",
        tags=["prospects"],
        request=ProspectContactInput,
        parameters=[idempotency_key(required=False)],
        responses=answers(ProspectSerializer, *WRITING, 404, 409, 422),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Note a contact, or that somebody was not reached."""
        prospect, said = self.find(pk), ProspectContactInput.given(request)
        make_once(request, lambda: prospects.log_contact(by=request.user, prospect=prospect, **said))
        return self.told(pk)


class ProspectLater(ProspectRows):
    @changing("prospects_put_off", "prospects", LaterInput, ProspectSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Leave a prospect alone until a day."""
        prospect, until = self.find(pk), LaterInput.given(request)["until"]
        prospects.put_off(by=request.user, prospect=prospect, until=until, today=timezone.localdate())
        return self.told(pk)


class ProspectReveal(ProspectRows):
    @changing("prospects_reveal_phone", "prospects", WhyInput, PhoneSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """The telephone number, for a reason that is kept."""
        prospect, reason = self.find(pk), WhyInput.given(request)["reason"]
        return Response({"phone": prospects.reveal_phone(by=request.user, prospect=prospect, reason=reason)})


class ProspectAct(ProspectRows):
    @changing("prospects_act", "prospects", ProspectActInput, ProspectSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Qualify a prospect (client and case), give it to somebody, reject it, or say whose duplicate it is."""
        prospect, said = self.find(pk), ProspectActInput.given(request)
        act, version = said.pop("act"), said.pop("version")
        params = with_pipeline(said)
        prospect_edits.act_on(by=request.user, prospect=prospect, version=version, act=act, params=params)
        return self.told(pk)


def with_pipeline(said: dict[str, Any]) -> dict[str, Any]:
    """The parameters of an act, with the id of the pipeline that is named by its key. Raises ValidationError."""
    if "pipeline" not in said:
        return said
    found = Pipeline.objects.filter(key=said["pipeline"]).values_list("pk", flat=True).first()
    if found is None:
        raise ValidationError({"pipeline": [_("There is no such funnel.")]})
    return {**said, "pipeline": found}


class ProspectTwins(ProspectRows):
    @extend_schema(
        operation_id="prospects_twins",
        tags=["prospects"],
        responses=answers(TwinSerializer(many=True), 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Whom a prospect looks like, the likest first."""
        return Response(TwinSerializer(twins_of(self.find(pk), request.user), many=True).data)


class TwinApart(VisibleRows):
    policy = POLICY
    queryset = ProspectTwin.objects.select_related("prospect")
    serializer_class = WhyInput

    @changing("prospects_keep_apart", "prospects", WhyInput, TwinSerializer(many=True))
    def post(self, request: Request, pk: int) -> Response:
        """Note that a prospect is not whom it looks like."""
        twin = get_object_or_404(self.get_queryset(), pk=pk)
        prospects.keep_apart(by=request.user, twin=twin, reason=WhyInput.given(request)["reason"])
        return Response(TwinSerializer(twins_of(twin.prospect, request.user), many=True).data)


class ProspectsNext(ProspectRows):
    @extend_schema(
        operation_id="prospects_next", tags=["prospects"], responses=answers(NextSerializer(many=True))
    )
    def get(self, request: Request) -> Response:
        """Whom to contact next, with the reasons; the first hundred."""
        day, rows = timezone.localdate(), Prospect.objects.visible_to(request.user)
        may_write = request.user.has_perm("funnel.write_prospects")
        some = rows.workable_by(request.user) if may_write else candidates(rows, day)
        found = ranked(some, day).select_related("client", "case", "score__tier__scheme")
        return Response(NextSerializer(found[:MOST_NEXT], many=True).data)

"""Financing cases: listed, and moved down the funnel."""

from __future__ import annotations

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.filters import IdFilter, KeyFilter
from crm.api.inputs import IdField, Input, VersionField
from crm.api.problems import problem_of
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, check_hold, created
from crm.api.schema import WRITING, Problem, answers, changing, idempotency_key
from crm.errors import Invalid
from crm.models import Client, Facility
from funnel.forms import projects_of
from funnel.models import Case, CaseParty, GateLapse, Pipeline, Stage
from funnel.querysets import CaseQuerySet
from funnel.selectors.board import cards
from funnel.selectors.parties import of_clients_named
from funnel.services.cases import open_case
from funnel.services.moves import move_case, move_cases
from tiering.api.records import TierRefSerializer
from tiering.models import Tier


class StageSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Stage
        fields = ("key", "name", "outcome")


class CaseSerializer(serializers.Serializer):
    """A financing case; `amount` is in `currency`, `tier` the client's (null before the first)."""

    id = serializers.IntegerField(source="case.pk")
    code = serializers.CharField(source="case.code")
    client = ClientRefSerializer(source="case.client")
    tier = TierRefSerializer(allow_null=True)
    pipeline = serializers.CharField(source="case.stage.pipeline.key")
    stage = StageSerializer(source="case.stage")
    entered_stage_at = serializers.DateTimeField(source="case.entered_stage_at")
    is_late = serializers.BooleanField(
        source="case.is_late", help_text="Longer in its stage than that allows."
    )
    project = serializers.CharField(source="case.project.code", default=None, allow_null=True)
    product = serializers.ChoiceField(Facility.Product.choices, source="case.product")
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, source="case.amount")
    currency = serializers.CharField(source="case.currency")
    purpose = serializers.CharField(source="case.purpose")
    expected_close = serializers.DateField(source="case.expected_close", allow_null=True)
    source = serializers.CharField(source="case.source")
    competition = serializers.CharField(source="case.competition")
    next_step = serializers.CharField(source="case.next_step")
    next_step_on = serializers.DateField(source="case.next_step_on", allow_null=True)
    reason = serializers.CharField(
        source="case.reason", help_text="Key of the reason that it was closed for."
    )
    version = serializers.IntegerField(source="case.version")
    revision = serializers.IntegerField(source="case.revision")
    created_at = serializers.DateTimeField(source="case.created_at")
    can_move = serializers.BooleanField(help_text="Whether the user holds the client.")
    is_lapsed = serializers.BooleanField(help_text="It passed a gate that its client no longer meets.")


class CaseStep(serializers.Serializer):
    """A step of a case; `amount` is what it then asked for, null where history does not know."""

    from_stage = serializers.CharField(source="from_stage.key", default=None, allow_null=True)
    to_stage = serializers.CharField(source="to_stage.key")
    tier = TierRefSerializer(allow_null=True)
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    reason = serializers.CharField()
    comment = serializers.CharField()
    moved_by = PersonSerializer()
    moved_at = serializers.DateTimeField()


class NewCaseInput(Input):
    client = IdField(help_text="Id of a client of one's own.")
    product = serializers.ChoiceField(Facility.Product.choices)
    amount = serializers.DecimalField(max_digits=20, decimal_places=2)
    currency = serializers.CharField(
        max_length=3, required=False, help_text="A currency with a rate; the book's if left out."
    )
    project = serializers.CharField(max_length=40, required=False, help_text="Code of one of its projects.")
    pipeline = serializers.CharField(max_length=40, required=False, help_text="Key of a pipeline.")
    purpose = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    source = serializers.ChoiceField(Case.Source.choices, required=False, allow_blank=True)
    expected_close = serializers.DateField(required=False, allow_null=True)


class CaseAt(Input):
    """A case at the version that the mover saw."""

    case = IdField()
    version = VersionField()


class ManyMovesInput(Input):
    """Each case from the version that was seen, to the stage of that key in its own pipeline."""

    cases = serializers.ListField(child=CaseAt(), min_length=1, max_length=100)
    stage = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class MovedSerializer(serializers.Serializer):
    case = serializers.IntegerField()
    ok = serializers.BooleanField()
    error = Problem(allow_null=True)


class MoveInput(Input):
    """To a stage of the case's own pipeline; declining takes one of its reasons, reopening a comment."""

    reason = serializers.CharField(
        max_length=40, required=False, allow_blank=True, default="", help_text="Key of a reason of the stage."
    )

    stage = serializers.CharField(max_length=40, help_text="Key of the stage.")
    version = VersionField(help_text="The version of the case that the mover saw.")
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class CaseFilter(filters.FilterSet):
    q = filters.CharFilter(
        method="named", help_text="Name, code or number of the client, or of a further party."
    )
    product = filters.ChoiceFilter(choices=Facility.Product.choices)
    source = filters.ChoiceFilter(choices=Case.Source.choices)
    tier = KeyFilter("tier", Tier.objects, method="of_tier", help_text="Key of a tier of the primary scheme.")
    expected_close = filters.DateFromToRangeFilter(help_text="First and last day.")
    is_late = filters.BooleanFilter(method="late", help_text="Longer in its stage than that allows.")
    is_lapsed = filters.BooleanFilter(
        method="behind", help_text="It passed a gate that its client no longer meets."
    )
    pipeline = KeyFilter("stage__pipeline__key", Pipeline.objects, help_text="Key of a pipeline.")
    stage = KeyFilter("stage__key", Stage.objects, help_text="Key of a stage.")
    outcome = filters.ChoiceFilter("stage__outcome", choices=Stage.Outcome.choices)
    client = IdFilter("client", help_text="Id of the leading client.")
    party = IdFilter("parties", method="joined", help_text="Id of a client that takes part beside it.")
    rm = IdFilter("client__rm", help_text="Id of a relationship manager.")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def named(self, cases: CaseQuerySet, name: str, value: str) -> QuerySet[Case]:
        return of_clients_named(cases, value, self.request.user)

    def joined(self, cases: CaseQuerySet, name: str, value: int) -> QuerySet[Case]:
        clients = Client.objects.visible_to(self.request.user).filter(pk=value)
        return cases.filter(pk__in=CaseParty.objects.standing().filter(client__in=clients).values("case"))

    def of_tier(self, cases: CaseQuerySet, name: str, value: str) -> QuerySet[Case]:
        tier = Tier.objects.filter(scheme__is_primary=True, key=value).first()
        return cases.in_tier(tier) if tier else cases.none()

    def late(self, cases: CaseQuerySet, name: str, value: bool) -> QuerySet[Case]:
        late = Case.objects.late(timezone.localdate()).values("pk")
        return cases.filter(pk__in=late) if value else cases.exclude(pk__in=late)

    def behind(self, cases: CaseQuerySet, name: str, value: bool) -> QuerySet[Case]:
        lapsed = Exists(GateLapse.objects.filter(case=OuterRef("pk")))
        return cases.filter(lapsed if value else ~lapsed)


class CaseRows(VisibleRows):
    queryset = Case.objects.for_cards().select_related("project", "stage__pipeline")
    serializer_class = CaseSerializer


class CaseList(CaseRows):
    queryset = CaseRows.queryset.standing()
    policy = {"*": "funnel.view_cases", "POST": "funnel.add_case"}
    filterset_class = CaseFilter

    @extend_schema(
        operation_id="cases_list", tags=["cases"], responses=answers(CaseSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """The cases of the clients that the user may see, newest first; without those that were split or merged."""
        page = self.page()
        return self.get_paginated_response(CaseSerializer(cards(page, request.user), many=True).data)

    @extend_schema(
        operation_id="cases_open",
        tags=["cases"],
        parameters=[idempotency_key(required=False)],
        request=NewCaseInput,
        responses=answers(CaseSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Open a case for a client of one's own."""
        asked = NewCaseInput.given(request)
        client = Client.objects.visible_to(request.user).filter(pk=asked.pop("client")).first()
        if client is None:
            raise Invalid({"client": [_("There is no such client among those you may see.")]})
        named = {
            "project": (projects_of(client, request.user), "code"),
            "pipeline": (Pipeline.objects.all(), "key"),
        }
        for name, (rows, key) in named.items():
            if name in asked:
                asked[name] = known(rows, key, asked[name], name)
        made = make_once(request, lambda: open_case(client=client, opened_by=request.user, **asked))
        (card,) = cards([self.find(made)], request.user)
        return created(request, CaseSerializer(card).data, "case-detail", made)


class CaseMoveMany(CaseRows):
    policy = {"*": "funnel.work_on_cases"}

    @extend_schema(
        operation_id="cases_move_many",
        tags=["cases"],
        request=ManyMovesInput,
        responses=answers(MovedSerializer(many=True), *WRITING),
    )
    def post(self, request: Request) -> Response:
        """Move several cases, each for itself; a refusal says all that is missing, as it does for one."""
        asked = ManyMovesInput.given(request)
        versions = {one["case"]: one["version"] for one in asked["cases"]}
        found = self.get_queryset().filter(pk__in=versions)
        outcomes = move_cases(
            cases=[(case, versions[case.pk]) for case in found],
            to_stage=asked["stage"],
            moved_by=request.user,
            comment=asked["comment"],
            reason=asked["reason"],
        )
        return Response(
            [
                {
                    "case": one.case.pk,
                    "ok": one.error is None,
                    "error": problem_of(one.error) if one.error else None,
                }
                for one in outcomes
            ]
        )


class CaseMove(CaseRows):
    policy = {"*": "funnel.move_case"}

    @changing("cases_move", "cases", MoveInput, CaseSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Move a case that is still at the given version; the gates of every stage on the way must be met."""
        case = self.find(pk)
        check_hold(self, case.client)
        asked = MoveInput.given(request)
        moved = move_case(
            case=case,
            to_stage=stage_of(case, asked["stage"]),
            version=asked["version"],
            moved_by=request.user,
            comment=asked["comment"],
            reason=asked["reason"],
        )
        (card,) = cards([self.get_queryset().get(pk=moved.pk)], request.user)
        return Response(CaseSerializer(card).data)


def stage_of(case: Case, key: str) -> Stage:
    """The stage of that key in the case's pipeline. Raises Invalid, naming those that there are."""
    stages = {stage.key: stage for stage in case.stage.pipeline.stages.all()}
    if key not in stages:
        message = _("Unknown value. Known values: %(known)s.") % {"known": ", ".join(stages)}
        raise Invalid({"stage": [message]})
    return stages[key]


def known(rows: QuerySet, key: str, value: str, field: str) -> Model:
    """The row with that key. Raises Invalid, naming those that there are."""
    found: Model | None = rows.filter(**{key: value}).first()
    if found is None:
        names = ", ".join(rows.values_list(key, flat=True)[:20])
        raise Invalid({field: [_("Unknown value. Known values: %(known)s.") % {"known": names}]})
    return found

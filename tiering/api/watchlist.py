"""The watch list, covenants and asset classes."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.base import check_query
from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input, NumberField
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.repeats import do_once
from crm.api.rows import Request, VisibleRows, check_hold
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.models import Client, Facility
from tiering.models import Alert, AssetClass, Covenant, WatchlistEntry
from tiering.selectors.asset_classes import classes_of_the_book
from tiering.services import watchlist as services
from tiering.services.asset_classes import classify
from tiering.services.covenants import agree_covenant, end_covenant


class WatchlistSerializer(serializers.ModelSerializer):
    """A stretch of time on the watch list; `exited_at` null: the client is on it."""

    client = ClientRefSerializer()
    owner = PersonSerializer()
    entered_by = PersonSerializer()
    exit_asked_by = PersonSerializer(allow_null=True)
    exited_by = PersonSerializer(allow_null=True)
    exit_holds_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when `exit_when` holds; null where it does not."
    )

    class Meta:
        model = WatchlistEntry
        fields = (
            "id", "client", "reason", "strategy", "owner", "next_review_on", "exit_criteria", "exit_when",
            "exit_holds_since", "entered_by", "entered_at", "exit_reason", "exit_asked_by", "exit_asked_at", "exited_by",
            "exited_at",
        )  # fmt: skip


class WatchInput(Input):
    """Why a client goes to the list, by what strategy, and how it leaves. `alert` is what led to it."""

    reason = serializers.CharField(max_length=2000)
    strategy = serializers.ChoiceField(choices=WatchlistEntry.Strategy.choices)
    next_review_on = serializers.DateField()
    exit_criteria = serializers.CharField(max_length=2000)
    exit_when = serializers.JSONField(
        required=False, allow_null=True, help_text="A condition, as early warnings have it."
    )
    alert = IdField(required=False, allow_null=True)


class ExitCriteriaInput(Input):
    """What has to hold before the client may leave; `exit_when` null: no condition."""

    exit_criteria = serializers.CharField(max_length=2000)
    exit_when = serializers.JSONField(
        allow_null=True, help_text="A condition, as early warnings have it, but not of partners."
    )


class WatchReviewInput(Input):
    found = serializers.CharField(max_length=2000)
    strategy = serializers.ChoiceField(choices=WatchlistEntry.Strategy.choices)
    next_review_on = serializers.DateField()


class ExitInput(Input):
    reason = serializers.CharField(max_length=2000)


class DecideInput(Input):
    leaves = serializers.BooleanField(help_text="True lets the client leave, false keeps it.")


class WatchlistFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    owner = IdFilter("owner", help_text="Id of a user.")

    class Meta:
        model = WatchlistEntry
        fields: tuple[str, ...] = ()


class WatchlistRows(VisibleRows):
    queryset = WatchlistEntry.objects.with_exit().select_related(
        "client", "owner", "entered_by", "exit_asked_by", "exited_by"
    )
    serializer_class = WatchlistSerializer

    def answer(self, pk: int, status: int = 200) -> Response:
        return Response(WatchlistSerializer(self.get_queryset().get(pk=pk)).data, status=status)


class WatchlistList(WatchlistRows):
    policy = {"*": "tiering.view_alerts"}
    filterset_class = WatchlistFilter

    @extend_schema(
        operation_id="watchlist_list",
        tags=["watch list"],
        responses=answers(WatchlistSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Entries of the watch list, those that are over too, newest first."""
        return self.get_paginated_response(WatchlistSerializer(self.page(), many=True).data)


class WatchlistEnter(WatchlistRows):
    policy = {"*": "tiering.handle_alerts"}
    pagination_class = None

    @extend_schema(
        operation_id="watchlist_enter",
        tags=["watch list"],
        parameters=[idempotency_key(required=False)],
        request=WatchInput,
        responses=answers(WatchlistSerializer, *WRITING, 404, 409, 422, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Put a client on the watch list."""
        client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
        check_hold(self, client)
        terms = WatchInput.given(request)
        led = terms.pop("alert", None)
        visible = Alert.objects.visible_to(request.user).filter(client=client)
        terms["alert"] = get_object_or_404(visible, pk=led) if led else None

        def enter() -> dict[str, int]:
            return {"entry": services.enter(client=client, by=request.user, **terms).pk}

        return self.answer(do_once(request, enter, required=False)["entry"], 201)


class WatchlistReview(WatchlistRows):
    policy = {"*": "tiering.handle_alerts"}

    @changing("watchlist_review", "watch list", WatchReviewInput, WatchlistSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Note what a review found, and when the next is due."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        check_hold(self, found.client)
        services.review(entry=found, by=request.user, **WatchReviewInput.given(request))
        return self.answer(pk)


class WatchlistCriteria(WatchlistRows):
    policy = {"*": "tiering.handle_alerts"}

    @extend_schema(
        operation_id="watchlist_criteria",
        tags=["watch list"],
        request=ExitCriteriaInput,
        responses=answers(WatchlistSerializer, *WRITING, 404, 409, 422),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say anew what has to hold before the client may leave the watch list."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        check_hold(self, found.client)
        given = ExitCriteriaInput(data=request.data)
        given.is_valid(raise_exception=True)
        services.set_exit(entry=found, by=request.user, **given.validated_data)
        return self.answer(pk)


class WatchlistExit(WatchlistRows):
    policy = {"*": "tiering.handle_alerts"}

    @changing("watchlist_exit", "watch list", ExitInput, WatchlistSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Ask that a client leave the watch list."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        check_hold(self, found.client)
        services.ask_for_exit(entry=found, by=request.user, **ExitInput.given(request))
        return self.answer(pk)


class WatchlistDecide(WatchlistRows):
    policy = {"*": "tiering.decide_watchlist"}

    @changing("watchlist_decide", "watch list", DecideInput, WatchlistSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let a client leave the watch list, or keep it there; not for whoever asked for it."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        services.decide_exit(entry=found, by=request.user, **DecideInput.given(request))
        return self.answer(pk)


class CovenantSerializer(serializers.ModelSerializer):
    """A bound that a client agreed to keep: its metric `op` the value."""

    client = ClientRefSerializer()
    entered_by = PersonSerializer()

    class Meta:
        model = Covenant
        fields = (
            "id", "client", "facility", "metric", "op", "value", "starts_on", "ends_on", "note", "entered_by",
            "entered_at",
        )  # fmt: skip


class CovenantInput(Input):
    metric = serializers.CharField(max_length=60, help_text="Key of a metric that is a number.")
    op = serializers.ChoiceField(choices=Covenant.Op.choices)
    value = NumberField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    facility = IdField(required=False, allow_null=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class CovenantEndInput(Input):
    ends_on = serializers.DateField()


class CovenantList(VisibleRows):
    policy = {"*": "tiering.view_alerts", "POST": "tiering.handle_alerts"}
    queryset = Covenant.objects.select_related("client", "entered_by")
    serializer_class = CovenantSerializer

    @extend_schema(
        operation_id="covenants_list",
        tags=["covenants"],
        responses=answers(CovenantSerializer(many=True), 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """The covenants of a client, newest first."""
        client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset().filter(client=client))) or []
        return self.get_paginated_response(CovenantSerializer(page, many=True).data)

    @extend_schema(
        operation_id="covenants_agree",
        tags=["covenants"],
        parameters=[idempotency_key(required=False)],
        request=CovenantInput,
        responses=answers(CovenantSerializer, *WRITING, 404, 422, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Note a bound that a client agreed to keep; whether it does is seen at once."""
        client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
        check_hold(self, client)
        terms = CovenantInput.given(request)
        named = terms.pop("facility", None)
        terms["facility"] = get_object_or_404(Facility, pk=named, client=client) if named else None

        def agree() -> dict[str, int]:
            return {"covenant": agree_covenant(client=client, by=request.user, **terms).pk}

        made = do_once(request, agree, required=False)["covenant"]
        return Response(CovenantSerializer(self.get_queryset().get(pk=made)).data, status=201)


class CovenantEnd(VisibleRows):
    policy = {"*": "tiering.handle_alerts"}
    queryset = Covenant.objects.select_related("client", "entered_by")

    @changing("covenants_end", "covenants", CovenantEndInput, CovenantSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let a covenant end on a day."""
        found = get_object_or_404(self.get_queryset(), pk=pk)
        check_hold(self, found.client)
        end_covenant(covenant=found, by=request.user, **CovenantEndInput.given(request))
        return Response(CovenantSerializer(self.get_queryset().get(pk=pk)).data)


class AssetClassSerializer(serializers.ModelSerializer):
    """A class of what a client owes, as a whole or by one facility; `valid_to` null: in force. `floor` is the best class
    that payments allowed."""

    client = ClientRefSerializer()
    classed_by = PersonSerializer()

    class Meta:
        model = AssetClass
        fields = (
            "id", "client", "facility", "grade", "floor", "reason", "classed_on", "classed_by", "valid_from", "valid_to",
        )  # fmt: skip


class AssetClassInput(Input):
    grade = serializers.ChoiceField(choices=AssetClass.Grade.choices)
    reason = serializers.CharField(max_length=2000)
    day = serializers.DateField(required=False, help_text="Today if left out.")
    facility = IdField(required=False, allow_null=True)


class ClassLineSerializer(serializers.Serializer):
    """What stands in a class; an empty `grade`: nobody gave one."""

    grade = serializers.CharField()
    clients = serializers.IntegerField()
    exposure = serializers.FloatField()


class AssetClassList(VisibleRows):
    policy = {"*": "tiering.view_alerts", "POST": "tiering.classify_assets"}
    queryset = AssetClass.objects.select_related("client", "classed_by")
    serializer_class = AssetClassSerializer

    @extend_schema(
        operation_id="asset_classes_list",
        tags=["asset classes"],
        responses=answers(AssetClassSerializer(many=True), 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """The classes that a client was given, newest first."""
        client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset().filter(client=client))) or []
        return self.get_paginated_response(AssetClassSerializer(page, many=True).data)

    @extend_schema(
        operation_id="asset_classes_give",
        tags=["asset classes"],
        request=AssetClassInput,
        responses=answers(AssetClassSerializer, *WRITING, 404, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give a client, or one of its facilities, a class; none that is better than payments allow."""
        client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
        terms: dict[str, Any] = {"day": timezone.localdate(), **AssetClassInput.given(request)}
        named = terms.pop("facility", None)
        terms["facility"] = get_object_or_404(Facility, pk=named, client=client) if named else None
        made = classify(client=client, by=request.user, **terms)
        return Response(AssetClassSerializer(self.get_queryset().get(pk=made.pk)).data, status=201)


class AssetClassSummary(APIView):
    policy = {"*": "tiering.view_alerts"}
    request: Request

    @extend_schema(
        operation_id="asset_classes_summary",
        tags=["asset classes"],
        responses=answers(ClassLineSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Clients and exposure in each of the five classes, as far as the user may see them."""
        check_query(request, set())
        lines = classes_of_the_book(request.user, timezone.localdate())
        return Response(ClassLineSerializer(lines, many=True).data)

"""Clients that may be one, what is decided about them, and merges."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input, VersionField
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.rows import Request, VisibleRows, check_hold, created
from crm.api.schema import WRITING, answers, changing
from crm.errors import Invalid
from crm.models import Client, DuplicatePair, Merge
from crm.services import duplicates as services
from crm.services import merging


class DuplicatePairSerializer(serializers.ModelSerializer):
    """Two clients that look like one: `score` 0–100, `evidence` by what: agrees, near or differs."""

    one = ClientRefSerializer()
    other = ClientRefSerializer()
    decided_by = PersonSerializer(allow_null=True)

    class Meta:
        model = DuplicatePair
        fields = (
            "id",
            "one",
            "other",
            "score",
            "evidence",
            "status",
            "reason",
            "until",
            "decided_by",
            "decided_at",
            "found_at",
        )


class DuplicatePairFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=DuplicatePair.Status.choices)
    client = IdFilter("one", method="with_client", help_text="Id of either client.")
    least = filters.NumberFilter("score", "gte", help_text="The least score.", min_value=0, max_value=100)

    class Meta:
        model = DuplicatePair
        fields: tuple[str, ...] = ()

    def with_client(self, rows: Any, name: str, pk: Any) -> Any:
        return rows.filter(one=pk) | rows.filter(other=pk)


class DuplicateRows(VisibleRows):
    policy = {"*": "crm.merge_clients", "GET": "crm.view_client"}
    queryset = DuplicatePair.objects.select_related("one", "other", "decided_by")
    serializer_class = DuplicatePairSerializer

    def own(self, pk: int) -> DuplicatePair:
        """The pair, where the user may decide about both; looked at before what is sent. Raises NotPermitted."""
        found: DuplicatePair = self.find(pk)
        check_hold(self, found.one)
        check_hold(self, found.other)
        return found


class DuplicateList(ListModelMixin, DuplicateRows):
    filterset_class = DuplicatePairFilter

    @extend_schema(
        operation_id="duplicates_list",
        tags=["duplicates"],
        responses=answers(DuplicatePairSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Pairs of clients that may be one, of which the user sees both, the last found first."""
        return self.list(request)


class NotSameInput(Input):
    reason = serializers.CharField(
        max_length=300, help_text="How one knows that they are not the same; kept."
    )


class LaterInput(Input):
    until = serializers.DateField(help_text="The day on which to ask again.")


class DuplicateNotSame(DuplicateRows):
    @changing("duplicates_not_same", "duplicates", NotSameInput, DuplicatePairSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Say that two clients are not the same; it is remembered."""
        pair = self.own(pk)
        done = services.decide_not_same(by=request.user, pair=pair, **NotSameInput.given(request))
        return Response(DuplicatePairSerializer(done).data)


class DuplicateLater(DuplicateRows):
    @changing("duplicates_later", "duplicates", LaterInput, DuplicatePairSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Put a pair away until a day."""
        pair, today = self.own(pk), timezone.localdate()
        done = services.decide_later(by=request.user, pair=pair, today=today, **LaterInput.given(request))
        return Response(DuplicatePairSerializer(done).data)


class DuplicateReopen(DuplicateRows):
    @changing("duplicates_reopen", "duplicates", Input, DuplicatePairSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take back what was decided about two clients that were not merged."""
        pair = self.own(pk)
        Input.given(request)
        return Response(DuplicatePairSerializer(services.reopen_pair(by=request.user, pair=pair)).data)


class MergeSerializer(serializers.ModelSerializer):
    """That `gone` became part of `client`; `chosen` are the fields that it took over."""

    client = ClientRefSerializer()
    gone = ClientRefSerializer()
    by = PersonSerializer()
    undone_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Merge
        fields = ("id", "client", "gone", "reason", "chosen", "by", "at", "undone_by", "undone_at")


class UndoneSerializer(serializers.Serializer):
    back = serializers.DictField(
        child=serializers.IntegerField(), help_text="Records that came back, by kind."
    )
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What is not as it was, for people."
    )


class MergeInput(Input):
    client = IdField(help_text="Id of the client that stays.")
    gone = IdField(help_text="Id of the client that becomes part of it.")
    client_version = VersionField()
    gone_version = VersionField()
    reason = serializers.CharField(max_length=300, help_text="How one knows that they are the same; kept.")
    chosen = serializers.ListField(
        child=serializers.ChoiceField(choices=merging.CHOOSABLE),
        required=False,
        help_text="Fields that the client takes over from the other one.",
    )


class MergeFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of the client that stayed.")
    gone = IdFilter("gone", help_text="Id of the client that became part of it.")

    class Meta:
        model = Merge
        fields: tuple[str, ...] = ()


class MergeRows(VisibleRows):
    policy = {"*": "crm.merge_clients", "GET": "crm.view_client"}
    queryset = Merge.objects.select_related("client", "gone", "by", "undone_by")
    serializer_class = MergeSerializer


class MergeList(ListModelMixin, MergeRows):
    filterset_class = MergeFilter

    @extend_schema(
        operation_id="merges_list", tags=["duplicates"], responses=answers(MergeSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Merges into clients that the user may see, the last first."""
        return self.list(request)

    @extend_schema(
        operation_id="merges_make",
        tags=["duplicates"],
        request=MergeInput,
        responses=answers(MergeSerializer, *WRITING, 409, status=201),
    )
    def post(self, request: Request) -> Response:
        """Make two clients one. Everything of `gone` moves; what its tables' rules do not allow twice stays with it."""
        asked = MergeInput.given(request)
        made = merging.merge_clients(
            by=request.user,
            client=seen(request, "client", asked["client"]),
            gone=seen(request, "gone", asked["gone"]),
            versions=(asked["client_version"], asked["gone_version"]),
            reason=asked["reason"],
            chosen=asked.get("chosen", ()),
        )
        return created(request, MergeSerializer(self.find(made.pk)).data, "merge-detail", made.pk)


class MergeDetail(MergeRows):
    @extend_schema(operation_id="merges_get", tags=["duplicates"], responses=answers(MergeSerializer, 404))
    def get(self, request: Request, pk: int) -> Response:
        """One merge."""
        return Response(MergeSerializer(self.find(pk)).data)


class MergeUndo(MergeRows):
    @changing("merges_undo", "duplicates", Input, UndoneSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take a merge back: both clients get what they had; what was entered since stays where it is."""
        found: Merge = self.find(pk)
        Input.given(request)
        came = merging.undo_merge(by=request.user, merge=found)
        return Response({"back": came.back, "notes": came.notes})


def seen(request: Request, field: str, pk: int) -> Client:
    """The client of that id, where the user may see it. Raises Invalid."""
    found = Client.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Invalid({field: [_("There is no such client among those that you can see.")]})
    return found

"""What clients are to one another, and the group of a client."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.base import check_query
from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input, NumberField, VersionField
from crm.api.records import ClientRefSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows, created
from crm.api.schema import WRITING, answers, idempotency_key
from crm.api.tasks import client_of
from crm.errors import NotPermitted
from crm.models import Client, Relation
from crm.querysets import RelationQuerySet
from crm.selectors.groups import Group, Member, group_of
from crm.services.relations import change_relation, end_relation, relate


class RelationSerializer(serializers.ModelSerializer):
    """`party` is the parent, shareholder, guarantor or related party of `client`. It holds from `since` to the day
    before `until`; `share` is a fraction, an empty `amount` of a guarantor means everything."""

    client = ClientRefSerializer()
    party = ClientRefSerializer()

    class Meta:
        model = Relation
        fields = (
            "id",
            "client",
            "party",
            "kind",
            "share",
            "amount",
            "since",
            "until",
            "note",
            "version",
            "created_at",
        )


class RelationTermsInput(Input):
    share = NumberField(
        required=False, allow_null=True, help_text="Of a parent or shareholder: above 0, up to 1."
    )
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, required=False, allow_null=True)
    since = serializers.DateField(required=False, allow_null=True)
    until = serializers.DateField(required=False, allow_null=True, help_text="The first day without it.")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class NewRelationInput(RelationTermsInput):
    client = IdField(help_text="Id of a client.")
    party = IdField(help_text="Id of another client; one of the two is in the user's hands.")
    kind = serializers.ChoiceField(choices=Relation.Kind.choices)


class RelationChangeInput(RelationTermsInput):
    version = VersionField()


class RelationEndInput(Input):
    until = serializers.DateField(help_text="The first day without it.")


class RelationFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of the client that something is said of.")
    party = IdFilter("party", help_text="Id of its parent, shareholder, guarantor or related party.")
    kind = filters.ChoiceFilter(choices=Relation.Kind.choices)
    on = filters.DateFilter(method="lasting", help_text="A day on which they hold.")

    class Meta:
        model = Relation
        fields: tuple[str, ...] = ()

    def lasting(self, rows: RelationQuerySet, name: str, day: Any) -> RelationQuerySet:
        return rows.on(day)


class RelationRows(VisibleRows):
    policy = {"*": "crm.change_client", "GET": "crm.view_client"}
    queryset = Relation.objects.select_related("client", "party")
    serializer_class = RelationSerializer

    def told(self, pk: int) -> Any:
        return RelationSerializer(self.find(pk)).data

    def own(self, pk: int) -> Relation:
        """The relation, where the user holds either end; looked at before what is sent. Raises NotPermitted."""
        found: Relation = self.find(pk)
        if not Relation.objects.changeable_by(self.request.user).filter(pk=pk).exists():
            raise NotPermitted
        return found


class RelationList(ListModelMixin, RelationRows):
    filterset_class = RelationFilter

    @extend_schema(
        operation_id="relations_list",
        tags=["relations"],
        responses=answers(RelationSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Relations of which the user may see both ends, the last entered first."""
        return self.list(request)

    @extend_schema(
        operation_id="relations_enter",
        tags=["relations"],
        parameters=[idempotency_key(required=False)],
        request=NewRelationInput,
        responses=answers(RelationSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Enter what one client is to another."""
        asked = NewRelationInput.given(request)
        client = client_of(request.user, asked.pop("client"))
        party = client_of(request.user, asked.pop("party"), field="party")
        assert client is not None, "the input asks for one"
        assert party is not None, "the input asks for one"
        pk = make_once(request, lambda: relate(by=request.user, client=client, party=party, **asked))
        return created(request, self.told(pk), "relation-detail", pk)


class RelationDetail(RelationRows):
    @extend_schema(
        operation_id="relations_get", tags=["relations"], responses=answers(RelationSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """One relation."""
        return Response(self.told(pk))

    @extend_schema(
        operation_id="relations_change",
        tags=["relations"],
        request=RelationChangeInput,
        responses=answers(RelationSerializer, *WRITING, 404, 409),
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Correct a relation that is still at the given version."""
        relation = self.own(pk)
        change_relation(by=request.user, relation=relation, **RelationChangeInput.given(request))
        return Response(self.told(pk))


class RelationEnd(RelationRows):
    @extend_schema(
        operation_id="relations_end",
        tags=["relations"],
        request=RelationEndInput,
        responses=answers(RelationSerializer, *WRITING, 404, 409),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say from which day on it no longer holds."""
        relation = self.own(pk)
        end_relation(by=request.user, relation=relation, **RelationEndInput.given(request))
        return Response(self.told(pk))


class MemberSerializer(serializers.Serializer):
    client = ClientRefSerializer()
    depth = serializers.IntegerField(help_text="0 at the top.")
    parent = serializers.SerializerMethodField(help_text="Id of the client that controls it.")
    share = serializers.FloatField(allow_null=True, help_text="The part that the parent owns.")
    exposure = serializers.SerializerMethodField()

    def get_parent(self, member: Member) -> int | None:
        return member.relation.party_id if member.relation else None

    def get_exposure(self, member: Member) -> str:
        return str(member.exposure.drawn)


class GroupSerializer(serializers.Serializer):
    """Everybody whom the one at the top controls, as far as the user may see them; money in units of the book
    currency."""

    members = MemberSerializer(many=True)
    exposure = serializers.SerializerMethodField(help_text="What the members owe together.")
    limit = serializers.SerializerMethodField(help_text="The limits of the members together.")

    def get_exposure(self, group: Group) -> str:
        return str(group.exposure.drawn)

    def get_limit(self, group: Group) -> str:
        return str(group.exposure.limit)


class GroupQuery(serializers.Serializer):
    on = serializers.DateField(required=False)


class ClientGroup(VisibleRows):
    policy = {"*": "crm.view_client"}
    queryset = Client.objects.all()
    serializer_class = GroupSerializer
    pagination_class = None

    @extend_schema(
        operation_id="clients_group",
        tags=["relations"],
        parameters=[OpenApiParameter("on", str, description="A day; today if left out.")],
        responses=answers(GroupSerializer, 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """The group of a client on a day."""
        client = self.find(pk)
        check_query(request, {"on"})
        query = GroupQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        day = query.validated_data.get("on") or timezone.localdate()
        return Response(GroupSerializer(group_of(client, request.user, day)).data)

"""Absences and their deputies; interests in clients; evidence as a download."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.access import SIGNED_IN
from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.api.tasks import client_of
from crm.errors import Invalid
from crm.models import Absence, Interest, User
from crm.services.absences import declare_interest, end_absence, end_interest, enter_absence


class AbsenceSerializer(serializers.ModelSerializer):
    """Days, both of them included. `is_away` false: the person is in the house and has handed decisions over."""

    user = PersonSerializer()
    deputy = PersonSerializer(allow_null=True)
    entered_by = PersonSerializer()

    class Meta:
        model = Absence
        fields = (
            "id",
            "user",
            "deputy",
            "starts_on",
            "ends_on",
            "is_away",
            "reason",
            "entered_by",
            "created_at",
        )


class AbsenceInput(Input):
    user = IdField(required=False, help_text="Id of a person; oneself if left out.")
    deputy = IdField(required=False, allow_null=True, help_text="Id of somebody with the same role.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The last day.")
    is_away = serializers.BooleanField(default=True)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class AbsenceFilter(filters.FilterSet):
    user = IdFilter("user", help_text="Id of a person.")
    on = filters.DateFilter(method="lasting", help_text="A day on which they last.")

    class Meta:
        model = Absence
        fields: tuple[str, ...] = ()

    def lasting(self, absences: Any, name: str, day: Any) -> Any:
        return absences.on(day)


class AbsenceRows(VisibleRows):
    policy = {"*": SIGNED_IN}
    queryset = Absence.objects.select_related("user", "deputy", "entered_by")
    serializer_class = AbsenceSerializer


class AbsenceList(ListModelMixin, AbsenceRows):
    filterset_class = AbsenceFilter

    @extend_schema(
        operation_id="absences_list", tags=["absences"], responses=answers(AbsenceSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Absences that the user may know of, the last entered first."""
        return self.list(request)

    @extend_schema(
        operation_id="absences_enter",
        tags=["absences"],
        parameters=[idempotency_key(required=False)],
        request=AbsenceInput,
        responses=answers(AbsenceSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Enter days on which somebody is away, or lets a deputy decide as well."""
        asked = AbsenceInput.given(request)
        asked["user"] = person("user", asked["user"]) if "user" in asked else request.user
        asked["deputy"] = person("deputy", asked["deputy"]) if asked.get("deputy") else None
        pk = make_once(request, lambda: enter_absence(by=request.user, **asked))
        return Response(AbsenceSerializer(self.find(pk)).data, status=201)


class AbsenceDetail(AbsenceRows):
    @extend_schema(
        operation_id="absences_end",
        tags=["absences"],
        responses=answers(OpenApiResponse(description="It is ended."), *WRITING, 404, 409, status=204),
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Let an absence end with yesterday; one that has not begun is gone."""
        end_absence(by=request.user, absence=self.find(pk))
        return Response(status=204)


class InterestSerializer(serializers.ModelSerializer):
    """While it has not ended, the person decides nothing about the client."""

    user = PersonSerializer()
    client = ClientRefSerializer()

    class Meta:
        model = Interest
        fields = ("id", "user", "client", "reason", "declared_at", "ended_at")


class InterestInput(Input):
    client = IdField(help_text="Id of a client.")
    reason = serializers.CharField(max_length=2000, help_text="What the interest is.")


class InterestRows(VisibleRows):
    policy = {"*": "crm.declare_interest", "GET": "crm.view_interests"}
    queryset = Interest.objects.select_related("user", "client")
    serializer_class = InterestSerializer


class InterestList(ListModelMixin, InterestRows):
    @extend_schema(
        operation_id="interests_list",
        tags=["interests"],
        responses=answers(InterestSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """One's own interests in clients; for auditors everybody's."""
        return self.list(request)

    @extend_schema(
        operation_id="interests_declare",
        tags=["interests"],
        parameters=[idempotency_key(required=False)],
        request=InterestInput,
        responses=answers(InterestSerializer, *WRITING, 409, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Declare an interest in a client."""
        given = InterestInput.given(request)
        client, reason = client_of(request.user, given["client"]), given["reason"]
        assert client is not None, "the input asks for one"
        pk = make_once(request, lambda: declare_interest(by=request.user, client=client, reason=reason))
        return Response(InterestSerializer(self.find(pk)).data, status=201)


class InterestEnd(InterestRows):
    @changing("interests_end", "interests", Input, InterestSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Declare that the interest has ended."""
        found = self.find(pk)
        Input.given(request)
        end_interest(by=request.user, interest=found)
        return Response(InterestSerializer(self.find(pk)).data)


def person(field: str, pk: int) -> User:
    """Whoever has that id. Raises Invalid."""
    found = User.objects.filter(pk=pk, is_active=True).first()
    if found is None:
        raise Invalid({field: [_("There is nobody with this id.")]})
    return found

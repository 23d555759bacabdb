"""What clients bring in: read, and recorded."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input
from crm.api.repeats import make_once
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, answers, idempotency_key
from crm.errors import Invalid
from crm.models import Client, Project, Revenue
from crm.services.revenue import record_revenue


class RevenueSerializer(serializers.ModelSerializer):
    """An amount of a month. Of several with the same client, project, month and source the one received last counts."""

    class Meta:
        model = Revenue
        fields = ("id", "client", "project", "month", "amount", "received_on", "source", "created_at")


class RevenueInput(Input):
    client = IdField(help_text="Id of a client whom the user holds.")
    project = IdField(
        required=False, allow_null=True, help_text="Id of a project that the client takes part in."
    )
    month = serializers.DateField(help_text="Any day of the month.")
    amount = serializers.DecimalField(max_digits=20, decimal_places=2)
    source = serializers.CharField(max_length=80, help_text="Amounts of several sources add up.")


class RevenueFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    project = IdFilter("project", help_text="Id of a project.")
    month_from = filters.DateFilter("month", "gte", help_text="The first day of the first month.")
    month_to = filters.DateFilter("month", "lte", help_text="The first day of the last month.")

    class Meta:
        model = Revenue
        fields: tuple[str, ...] = ()


class RevenueList(ListModelMixin, VisibleRows):
    policy = {"*": "crm.view_client", "POST": "crm.change_client"}
    queryset = Revenue.objects.all()
    serializer_class = RevenueSerializer
    filterset_class = RevenueFilter

    @extend_schema(
        operation_id="revenue_list", tags=["revenue"], responses=answers(RevenueSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """Revenue of the clients that the user may see, the last recorded first."""
        return self.list(request)

    @extend_schema(
        operation_id="revenue_record",
        tags=["revenue"],
        parameters=[idempotency_key(required=False)],
        request=RevenueInput,
        responses=answers(RevenueSerializer, *WRITING, 422, status=201),
    )
    def post(self, request: Request) -> Response:
        """Record what a client brought in during a month; the same month, project and source again restates it."""
        given = RevenueInput.given(request)
        pk = make_once(request, lambda: self.record(request, given))
        return Response(RevenueSerializer(Revenue.objects.get(pk=pk)).data, status=201)

    def record(self, request: Request, given: dict) -> Revenue:
        project, client = given.pop("project", None), given.pop("client")
        held = Client.objects.editable_by(request.user).filter(pk=client).first()
        if held is None:
            raise Invalid({"client": [_("There is no such client among those you hold.")]})
        known = Project.objects.visible_to(request.user).filter(pk=project).first() if project else None
        if project and known is None:
            raise Invalid({"project": [_("The client takes no part in such a project.")]})
        return record_revenue(by=request.user, client=held, project=known, **given)

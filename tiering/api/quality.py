"""How well clients are known, what is missing of them, and what every thing means."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.base import check_query
from crm.api.filters import IdFilter
from crm.api.inputs import IdField, Input
from crm.api.records import ClientRefSerializer
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, answers
from tiering.models import DataGap
from tiering.pages.quality import definitions
from tiering.selectors.catalogue import catalogue
from tiering.services.quality import MOST_TASKS, ask_for


class DataGapSerializer(serializers.ModelSerializer):
    """A thing that is missing or too old: a metric by its key, or `record.` and a field of the record."""

    client = ClientRefSerializer()

    class Meta:
        model = DataGap
        fields = ("id", "client", "thing", "state", "distance", "exposure", "since")


class DataGapFilter(filters.FilterSet):
    client = IdFilter("client", help_text="Id of a client.")
    thing = filters.CharFilter(max_length=60, help_text="Key of a metric, or `record.` and a field.")
    state = filters.ChoiceFilter(choices=DataGap.State.choices)

    class Meta:
        model = DataGap
        fields: tuple[str, ...] = ()


class DataGapList(ListModelMixin, VisibleRows):
    policy = {"*": "tiering.view_tiers"}
    queryset = DataGap.objects.filter(client__merged_into__isnull=True).select_related("client")
    serializer_class = DataGapSerializer
    filterset_class = DataGapFilter

    @extend_schema(
        operation_id="data_gaps_list", tags=["data"], responses=answers(DataGapSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """What is missing of the clients that the user may see, or too old, the last found first."""
        return self.list(request)


class AskInput(Input):
    gaps = serializers.ListField(child=IdField(), allow_empty=False, max_length=MOST_TASKS)
    due_on = serializers.DateField(help_text="By when; not before today.")


class AskedSerializer(serializers.Serializer):
    tasks = serializers.IntegerField(help_text="How many tasks are new.")


class DataGapAsk(APIView):
    policy = {"*": "crm.add_client"}

    @extend_schema(
        operation_id="data_gaps_ask",
        tags=["data"],
        request=AskInput,
        responses=answers(AskedSerializer, *WRITING, 409),
    )
    def post(self, request: Any) -> Response:
        """Give the managers of clients that the user may change a task for each of these gaps."""
        asked, today = AskInput.given(request), timezone.localdate()
        return Response({"tasks": ask_for(by=request.user, today=today, **asked)})


class DefinitionSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    meaning = serializers.CharField()
    unit = serializers.CharField()
    source = serializers.CharField()
    max_age = serializers.CharField()
    scope = serializers.CharField()


class Dictionary(APIView):
    policy = {"*": "tiering.view_tiers"}

    @extend_schema(
        operation_id="data_dictionary", tags=["data"], responses=answers(DefinitionSerializer(many=True), 400)
    )
    def get(self, request: Any) -> Response:
        """What every field and metric means, in the language of `Accept-Language`."""
        check_query(request, set())
        return Response(DefinitionSerializer(definitions(catalogue()), many=True).data)

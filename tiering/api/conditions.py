"""What conditions on clients may ask."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.base import check_query
from crm.api.rows import Request
from crm.api.schema import answers
from tiering.finding.catalogue import Fields


class ConditionFieldSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    group = serializers.CharField()
    type = serializers.CharField(help_text="number or category")
    unit = serializers.CharField(help_text="Of a number: fraction, money, days and the like.")
    categories = serializers.DictField(
        child=serializers.CharField(), help_text="Of a category: key and name."
    )
    of_any = serializers.BooleanField(
        help_text="Whether it is asked of any of several rows: a comparison holds where it holds of one."
    )


class ConditionFields(APIView):
    policy = {"*": "crm.view_client"}

    @extend_schema(
        operation_id="client_condition_fields",
        tags=["clients"],
        responses=answers(ConditionFieldSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """The fields that `where` of the clients, and live segments, may ask; in the language of `Accept-Language`."""
        check_query(request, set())
        asked = Fields.of(request.user)
        rows: list[dict[str, Any]] = [
            {
                "key": key,
                "label": metric.label,
                "group": metric.source,
                "type": metric.type,
                "unit": metric.unit,
                "categories": metric.categories,
                "of_any": bool(asked.fields[key].rows),
            }
            for key, metric in asked.metrics.items()
        ]
        return Response(ConditionFieldSerializer(rows, many=True).data)

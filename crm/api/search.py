"""The search over everything that has a name."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.access import SIGNED_IN
from crm.api.base import check_query
from crm.api.rows import Request
from crm.api.schema import answers
from crm.selectors.search import ON_PAGE, search


class HitSerializer(serializers.Serializer):
    """A record, or a page of ours; `path` leads to its page."""

    label = serializers.CharField()
    detail = serializers.CharField()
    path = serializers.CharField(source="url")


class FoundSerializer(serializers.Serializer):
    """What was found of one kind, the best answer first."""

    kind = serializers.CharField(source="key")
    label = serializers.CharField(help_text="The kind, in words.")
    hits = HitSerializer(many=True)


class Search(APIView):
    policy = {"*": SIGNED_IN}

    @extend_schema(
        operation_id="search",
        tags=["search"],
        parameters=[
            OpenApiParameter("q", str, required=True, description="Characters, pinyin, initials or a number.")
        ],
        responses=answers(FoundSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Clients, projects, cases and pages by name, up to 30 of each kind, those with the better answers first."""
        check_query(request, {"q"})
        groups = search(request.user, request.query_params.get("q", ""), ON_PAGE)
        return Response(FoundSerializer(groups, many=True).data)

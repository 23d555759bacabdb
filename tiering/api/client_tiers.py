"""A client's tiers in every scheme, and within each of its projects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.base import check_query
from crm.api.records import ClientRefSerializer
from crm.api.rows import Request, VisibleRows
from crm.api.schema import answers
from crm.models import Client, Participation, User
from tiering.api.client_tier import AS_OF, moment_of
from tiering.api.records import FactsField, PointsField, ProjectRefSerializer, TierRefSerializer
from tiering.api.tiers import PendingSerializer
from tiering.core.document import RollUp
from tiering.models import TierScheme
from tiering.selectors.criteria import document_of
from tiering.selectors.projects import Within, deciding_projects, projects_of
from tiering.selectors.schemes import InScheme, standings_of
from tiering.selectors.standing import Standing


class SchemeRefSerializer(serializers.ModelSerializer):
    """A tier scheme; the tier in the primary one is the tier of a client."""

    label = serializers.CharField(read_only=True)

    class Meta:
        model = TierScheme
        fields = ("key", "label", "subject", "is_primary")


class HeldSerializer(serializers.Serializer):
    """A tier that is held, and the score of the assessment in force."""

    tier = TierRefSerializer()
    since = serializers.DateTimeField()
    score = PointsField(allow_null=True)
    provisional = serializers.BooleanField()
    pending = PendingSerializer(allow_null=True)


class RollUpSerializer(serializers.Serializer):
    """Which project decides the client's tier as a whole: by the best or the worst tier, or the largest value of the
    metric `by`."""

    rule = serializers.ChoiceField(("best", "worst", "largest"))
    by = serializers.CharField(allow_null=True, help_text="Key of a metric.")


class InSchemeSerializer(serializers.Serializer):
    """The client as a whole in one scheme."""

    scheme = SchemeRefSerializer()
    standing = HeldSerializer(allow_null=True, help_text="Null where the client has no tier.")
    roll_up = RollUpSerializer(allow_null=True, help_text="Of a scheme of projects.")
    decided_by = serializers.IntegerField(allow_null=True, help_text="Id of the project that decides.")


class InProjectSerializer(HeldSerializer):
    """The client within a project in one scheme."""

    scheme = serializers.CharField(help_text="Key of the scheme.")


class WithinSerializer(serializers.Serializer):
    """The client within one of its projects."""

    project = ProjectRefSerializer()
    parts = serializers.ListField(child=serializers.ChoiceField(Participation.Part.choices))
    facts = FactsField(help_text="What is known of the client within the project, by metric.")
    tiers = InProjectSerializer(many=True)


class ClientTiersSerializer(serializers.Serializer):
    client = ClientRefSerializer()
    as_of = serializers.DateTimeField(help_text="The moment looked at.")
    schemes = InSchemeSerializer(many=True, help_text="The primary scheme first.")
    projects = WithinSerializer(many=True, help_text="The largest share of revenue first.")


class ClientTiers(VisibleRows):
    policy = {"*": "tiering.view_tiers"}
    queryset = Client.objects.all()
    serializer_class = ClientTiersSerializer

    @extend_schema(
        operation_id="clients_tiers",
        tags=["tiers"],
        parameters=[AS_OF],
        responses=answers(ClientTiersSerializer, 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """A client's tiers in every scheme and within each of its projects, now or on a past date."""
        client = self.find(pk)
        check_query(request, {"as_of"})
        return Response(ClientTiersSerializer(told(client, request.user, moment_of(request))).data)


def told(client: Client, user: User, past: datetime | None) -> dict[str, Any]:
    at = past or timezone.now()
    standings = standings_of(client, at)
    deciding = deciding_projects(client, at)
    keys = {found.scheme.pk: found.scheme.key for found in standings}
    return {
        "client": client,
        "as_of": at,
        "schemes": [
            {
                "scheme": found.scheme,
                "standing": found.standing,
                "roll_up": roll_up_of(found),
                "decided_by": deciding.get(found.scheme.pk),
            }
            for found in standings
        ],
        "projects": [within(row, keys) for row in projects_of(client, user, at)],
    }


def roll_up_of(found: InScheme) -> RollUp | None:
    assessment = found.standing.assessment if found.standing else None
    return document_of(assessment.version).roll_up if assessment else None


def within(row: Within, keys: dict[int, str]) -> dict[str, Any]:
    return {
        "project": row.project,
        "parts": [part.part for part in row.parts],
        "facts": row.facts,
        "tiers": [
            held(keys[scheme], standing) for scheme, standing in row.standings.items() if scheme in keys
        ],
    }


def held(scheme: str, standing: Standing) -> dict[str, Any]:
    fields = ("tier", "since", "score", "provisional", "pending")
    return {"scheme": scheme, **{field: getattr(standing, field) for field in fields}}

"""One client's tier: which, why, and how it came about."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from crm.api.base import check_query
from crm.api.rows import Request, VisibleRows
from crm.api.schema import answers
from crm.errors import Invalid
from crm.forms.as_of import AsOfForm
from crm.ids import id_of
from crm.models import Client, Project
from tiering.api.accounts import ClientTierSerializer
from tiering.api.schemes import SCHEME, chosen_scheme
from tiering.selectors.criteria import tiers_by_rank
from tiering.selectors.evidence import evidence_at
from tiering.selectors.history import tier_history
from tiering.selectors.overrides import holding_at
from tiering.selectors.standing import pending_of, tier_at

AS_OF = OpenApiParameter(
    "as_of",
    {"type": "string", "format": "date"},
    description="A past date: the tier and its account as of the end of that day, replayed from stored facts.",
)


PROJECT = OpenApiParameter(
    "project", int, description="Id of a project: the tier within it, in a scheme of projects."
)


class ClientTier(VisibleRows):
    policy = {"*": "tiering.view_tiers"}
    queryset = Client.objects.all()
    serializer_class = ClientTierSerializer

    @extend_schema(
        operation_id="clients_tier",
        tags=["tiers"],
        parameters=[AS_OF, SCHEME, PROJECT],
        responses=answers(ClientTierSerializer, 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """A client's tier now or on a past date, with the account of its score and the history of its tiers."""
        client = self.find(pk)
        check_query(request, {"as_of", "scheme", "project"})
        past, scheme, project = moment_of(request), chosen_scheme(request), self.project()
        if scheme is None:
            raise Http404
        at = past or timezone.now()
        evidence = evidence_at(client, scheme, at, project=project)
        found = {
            "client": client,
            "scheme": scheme.key,
            "as_of": at,
            "project": project,
            "tier": tier_at(client, scheme, at, project),
            "assessment": evidence,
            "pending": None if past else pending_of(client, scheme, project),
            "override": holding_at(client, scheme, at, project),
            "history": tier_history(client, scheme, project),
        }
        context = {
            "tiers": tiers_by_rank(scheme),
            "says": evidence.assessment.overlay_tier if evidence else None,
        }
        return Response(ClientTierSerializer(found, context=context).data)

    def project(self) -> Project | None:
        """The project that the query names; None for the client as a whole."""
        given = self.request.query_params.get("project")
        visible = Project.objects.visible_to(self.request.user)
        return get_object_or_404(visible, pk=id_of(given)) if given else None


def moment_of(request: Request) -> datetime | None:
    """The last moment of the day that `?as_of=` names; None for now."""
    form = AsOfForm(request.query_params)
    if not form.is_valid():
        raise Invalid({name: [str(error) for error in errors] for name, errors in form.errors.items()})
    return form.moment

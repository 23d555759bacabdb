"""Clients: found, read, added and changed."""

from __future__ import annotations

from datetime import date

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.base import check_query
from crm.api.filters import IdFilter, KeyFilter
from crm.api.records import ClientChangeInput, ClientSerializer, NewClientInput
from crm.api.rows import Request, VisibleRows, check_hold, created
from crm.api.schema import WRITING, answers, changing
from crm.errors import DomainError, Invalid
from crm.forms.as_of import AsOfForm
from crm.models import Client, Industry, Region, Team
from crm.querysets import ClientQuerySet
from crm.selectors.client_list import conditions_for
from crm.selectors.merging import merged_into
from crm.selectors.past import client_at
from crm.services.clients import create_client, update_client
from crm.slots import Sentence


class ClientFilter(filters.FilterSet):
    q = filters.CharFilter(
        method="find", max_length=100, help_text="Part of a name, code or registration number."
    )
    code = filters.CharFilter(max_length=40, help_text="Exactly this code.")
    kind = filters.ChoiceFilter(choices=Client.Kind.choices)
    status = filters.ChoiceFilter(choices=Client.Status.choices)
    industry = KeyFilter("industry__code", Industry.objects, key="code", help_text="Code of an industry.")
    region = KeyFilter("region__code", Region.objects, key="code", help_text="Code of a region.")
    team = KeyFilter("team__code", Team.objects, key="code", help_text="Code of a team.")
    rm = IdFilter("rm", help_text="Id of a relationship manager.")

    where = filters.CharFilter(
        method="narrow",
        help_text="A condition as JSON, in the language of criteria over the fields of the list.",
    )

    class Meta:
        model = Client
        fields: tuple[str, ...] = ()

    def find(self, clients: ClientQuerySet, name: str, term: str) -> ClientQuerySet:
        return clients.matching(term)

    def narrow(self, clients: ClientQuerySet, name: str, text: str) -> ClientQuerySet:
        """Raises Invalid for a condition that is not understood."""
        user = self.request.user
        language = conditions_for(user)
        sentence = language.read(text, user) if language else Sentence(text)
        if language is None or sentence.refusal:
            raise Invalid({name: [sentence.refusal or _("There are no conditions here.")]})
        return sentence.narrow(clients)


class Merged(DomainError):
    code = "merged"
    message = gettext_lazy("This client is part of %(name)s now: ask for the client with id %(id)s.")
    status = 410


class ClientRows(VisibleRows):
    queryset = Client.objects.select_related("industry", "region", "rm", "team")
    serializer_class = ClientSerializer


class ClientList(ListModelMixin, ClientRows):
    policy = {"*": "crm.view_client", "POST": "crm.add_client"}
    filterset_class = ClientFilter

    @extend_schema(
        operation_id="clients_list", tags=["clients"], responses=answers(ClientSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """The clients that the user may see, newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="clients_create",
        tags=["clients"],
        request=NewClientInput,
        responses=answers(ClientSerializer, *WRITING, 409, status=201),
    )
    def post(self, request: Request) -> Response:
        """Add a client to the user's team, and an RM's to their own book."""
        client = create_client(by=request.user, **NewClientInput.given(request))
        return created(request, ClientSerializer(client).data, "client-detail", client.pk)


def _as_asked(request: Request, client: Client) -> Client:
    """The client now, or as it was on the day that the address asks for. Raises Invalid for what is no past day, and
    Http404."""
    check_query(request, {"as_of"})
    form = AsOfForm(request.query_params)
    if not form.is_valid():
        raise Invalid({name: [str(text) for text in texts] for name, texts in form.errors.items()})
    past = client_at(client, form.moment) if form.moment else client
    if past is None:
        raise Http404
    return past


class ClientDetail(ClientRows):
    policy = {"*": "crm.view_client", "PATCH": "crm.change_client"}

    @extend_schema(
        operation_id="clients_read",
        tags=["clients"],
        parameters=[OpenApiParameter("as_of", date, description="The end of that day.")],
        responses=answers(ClientSerializer, 400, 404, 410),
    )
    def get(self, request: Request, pk: int) -> Response:
        """One client, with `as_of` as it was at the end of a past day: 404 where that was not kept. 410 `merged` for one
        that is part of another now, and of which."""
        survivor = merged_into(request.user, pk)
        if survivor:
            raise Merged(name=survivor.name, id=survivor.pk)
        return Response(ClientSerializer(_as_asked(request, self.find(pk))).data)

    @changing("clients_change", "clients", ClientChangeInput, ClientSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change the given fields of a client; only its holder may. What others changed since the given version in other
        fields is kept; where they changed the same ones nothing is, and the answer names them."""
        client = self.find(pk)
        check_hold(self, client)
        given = ClientChangeInput.given(request)
        changed = update_client(by=request.user, client=client, **given)
        return Response(ClientSerializer(changed).data)

"""What follows from a client's tier, and what to offer next."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from crm.api.base import PAGING, check_query
from crm.api.records import ClientRefSerializer
from crm.api.rows import Request, VisibleRows
from crm.api.schema import answers
from crm.models import Client
from tiering.api.records import TierRefSerializer
from tiering.api.schemes import SCHEME, chosen_scheme
from tiering.core.products import Product
from tiering.core.tier_policy import Follows, Terms
from tiering.pages.offers import offer_lines
from tiering.selectors.consequences import consequences_of
from tiering.selectors.due import contact_days_due, reviews_to_do
from tiering.selectors.offers import eligible_for, offered_products, offers_of
from tiering.selectors.tier_policies import tier_policy


class LabelSerializer(serializers.Serializer):
    """A text in both languages."""

    en = serializers.CharField()
    zh = serializers.CharField()


class CeilingSerializer(serializers.Serializer):
    """How much may be lent in all; `amount` is null where nothing limits it, or nothing is known of what would."""

    amount = serializers.FloatField(allow_null=True)
    bound_by = serializers.CharField(allow_null=True, help_text="A metric, or `cap`.")
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Metrics that are not known.")


class ServiceEventSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = LabelSerializer()
    months = serializers.IntegerField()


class TicketSerializer(serializers.Serializer):
    """Bounds of an amount in the book's currency; null: not bounded on that side."""

    least = serializers.FloatField(allow_null=True)
    most = serializers.FloatField(allow_null=True)


class ClientFollowsSerializer(serializers.Serializer):
    """What follows from the tier in force. Rate, add-on and cover are in basis points."""

    tier = TierRefSerializer()
    policy = serializers.IntegerField(help_text="Id of the version of the tier policy.")
    facilities_by = serializers.CharField(
        source="facilities_by.key",
        default=None,
        allow_null=True,
        help_text="The other scheme by whose tiers limits and rates of facilities go; null: they go by this one's.",
    )
    ceiling = CeilingSerializer()
    add_on = serializers.IntegerField()
    cover = serializers.IntegerField()
    to_cover = serializers.FloatField(allow_null=True)
    collateral = LabelSerializer(allow_null=True)
    review_months = serializers.IntegerField()
    contact_days = serializers.IntegerField()
    monitoring_days = serializers.IntegerField()
    team = LabelSerializer(allow_null=True)
    services = LabelSerializer(many=True)
    events = ServiceEventSerializer(many=True)
    products = serializers.ListField(child=serializers.CharField(), allow_null=True, help_text="Null: all.")
    base_rate = serializers.IntegerField(
        allow_null=True, help_text="The house's rate, in basis points a year."
    )
    ticket = TicketSerializer(allow_null=True, help_text="How much a case may ask for; null: any amount.")
    documents = serializers.ListField(
        child=serializers.CharField(), help_text="Kinds of document that each case has to have."
    )
    contact_due_on = serializers.DateField(allow_null=True)
    review_due_on = serializers.DateField(allow_null=True)


class OfferSerializer(serializers.Serializer):
    """A product to offer next, and why."""

    product = serializers.CharField(source="product.key")
    label = serializers.CharField()
    why = serializers.CharField()
    condition = serializers.CharField(help_text="By which the client is eligible; empty: everybody is.")


class ClientFollows(VisibleRows):
    policy = {"*": "tiering.view_tiers"}
    queryset = Client.objects.all()
    serializer_class = ClientFollowsSerializer

    @extend_schema(
        operation_id="clients_follows",
        tags=["consequences"],
        parameters=[SCHEME],
        responses=answers(ClientFollowsSerializer, 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What follows from a client's tier, in money, and what is due by it. 404 without a tier or a tier policy."""
        check_query(request, {"scheme"})
        client, scheme = get_object_or_404(self.get_queryset(), pk=pk), chosen_scheme(request)
        found = consequences_of(client, scheme) if scheme else None
        policy = tier_policy(scheme) if scheme else None
        if scheme is None or found is None or policy is None:
            raise Http404
        review = reviews_to_do(request.user, scheme).filter(client=client).first()
        told = {
            "tier": found.tier,
            "policy": found.version.pk,
            "facilities_by": found.facilities_by,
            "base_rate": found.base_rate,
            **_told(found.after),
            "contact_due_on": contact_days_due([pk], scheme, policy).get(pk),
            "review_due_on": review.due_on if review else None,
        }
        return Response(ClientFollowsSerializer(told).data)


def _told(follows: Follows) -> dict[str, Any]:
    terms: Terms = follows.terms
    named = (
        "add_on", "cover", "collateral", "review_months", "contact_days", "monitoring_days", "products", "ticket",
        "documents",
    )  # fmt: skip
    return {
        **{name: getattr(terms, name) for name in named},
        "ceiling": follows.ceiling,
        "to_cover": follows.to_cover,
        "team": terms.service.team,
        "services": terms.service.products,
        "events": terms.service.events,
    }


class ClientOffers(VisibleRows):
    policy = {"*": "tiering.view_tiers"}
    queryset = Client.objects.select_related("industry")
    serializer_class = OfferSerializer
    pagination_class = None

    @extend_schema(
        operation_id="clients_offers",
        tags=["consequences"],
        responses=answers(OfferSerializer(many=True), 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What to offer a client next, the best first: eligible by condition, sector and tier, and not held yet."""
        check_query(request, ())
        client = get_object_or_404(self.get_queryset(), pk=pk)
        found = offers_of(client, timezone.localdate())
        return Response(OfferSerializer(offer_lines(found) if found else [], many=True).data)


PRODUCT = OpenApiParameter("product", str, required=True, description="Key of a product in effect.")


class EligibleList(VisibleRows):
    policy = {"*": "tiering.view_tiers"}
    queryset = Client.objects.all()
    serializer_class = ClientRefSerializer
    filter_backends = ()

    @extend_schema(
        operation_id="offers_eligible",
        tags=["consequences"],
        parameters=[PRODUCT],
        responses=answers(ClientRefSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """The clients to whom a product may be offered, newest first."""
        check_query(request, PAGING | {"product"})
        rows = eligible_for(self.get_queryset(), [self.product()], timezone.localdate())
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(ClientRefSerializer(page, many=True).data)

    def product(self) -> Product:
        known = offered_products().by_key
        key = self.request.query_params.get("product", "")
        if key not in known:
            message = _("Unknown value. Known values: %(known)s.") % {"known": ", ".join(known)}
            raise ValidationError({"product": [message]})
        return known[key]

"""Periodic reviews: what is due, preparing and signing one, and its evidence pack."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.base import check_query
from crm.api.files import file_answers
from crm.api.filters import IdFilter
from crm.api.inputs import Input
from crm.api.records import ClientRefSerializer, PersonSerializer
from crm.api.rows import Request, VisibleRows
from crm.api.schema import answers, changing
from crm.http import download
from tiering.models import PeriodicReview
from tiering.pages.review_pack import paper_of
from tiering.services.periodic_reviews import prepare_review, return_review, sign_review


class PeriodicReviewSerializer(serializers.ModelSerializer):
    """A review that falls due by the cycle of a client's tier."""

    client = ClientRefSerializer()
    scheme = serializers.SlugRelatedField(slug_field="key", read_only=True)
    prepared_by = PersonSerializer(allow_null=True)
    signed_by = PersonSerializer(allow_null=True)

    class Meta:
        model = PeriodicReview
        fields = (
            "id",
            "client",
            "scheme",
            "due_on",
            "last_on",
            "status",
            "conclusion",
            "findings",
            "prepared_by",
            "prepared_at",
            "remark",
            "signed_by",
            "signed_at",
            "evidence",
        )


class FindingsInput(Input):
    conclusion = serializers.ChoiceField(choices=PeriodicReview.Conclusion.choices)
    findings = serializers.CharField(max_length=10_000)


class RemarkInput(Input):
    remark = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class PeriodicReviewFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=PeriodicReview.Status.choices)
    client = IdFilter("client", help_text="Id of a client.")
    due_from = filters.DateFilter("due_on", "gte", help_text="Due on this day or later.")
    due_until = filters.DateFilter("due_on", "lte", help_text="Due on this day or earlier.")

    class Meta:
        model = PeriodicReview
        fields: tuple[str, ...] = ()


class PeriodicReviewRows(VisibleRows):
    queryset = PeriodicReview.objects.select_related("client", "scheme", "prepared_by", "signed_by")
    serializer_class = PeriodicReviewSerializer

    def found(self, pk: int) -> PeriodicReview:
        """The review, where the user may see its client."""
        review: PeriodicReview = get_object_or_404(self.get_queryset(), pk=pk)
        return review

    def told(self, pk: int) -> Response:
        return Response(PeriodicReviewSerializer(self.get_queryset().get(pk=pk)).data)


class PeriodicReviewList(PeriodicReviewRows):
    policy = {"*": "tiering.view_tiers"}
    filterset_class = PeriodicReviewFilter

    @extend_schema(
        operation_id="periodic_reviews_list",
        tags=["consequences"],
        responses=answers(PeriodicReviewSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """Reviews, done or not, newest first."""
        return self.get_paginated_response(PeriodicReviewSerializer(self.page(), many=True).data)


class PeriodicReviewPrepare(PeriodicReviewRows):
    policy = {"*": "tiering.prepare_reviews"}

    @changing("periodic_reviews_prepare", "consequences", FindingsInput, PeriodicReviewSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Write down what was found and is concluded, and ask for the signature. For whoever holds the client."""
        review = self.found(pk)
        prepare_review(review=review, by=request.user, **FindingsInput.given(request))
        return self.told(pk)


class PeriodicReviewSign(PeriodicReviewRows):
    policy = {"*": "tiering.sign_reviews"}

    @changing("periodic_reviews_sign", "consequences", RemarkInput, PeriodicReviewSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Sign a prepared review. Not for who prepared it, nor for the client's relationship manager."""
        review = self.found(pk)
        sign_review(review=review, by=request.user, **RemarkInput.given(request))
        return self.told(pk)


class PeriodicReviewReturn(PeriodicReviewRows):
    policy = {"*": "tiering.sign_reviews"}

    @changing("periodic_reviews_return", "consequences", RemarkInput, PeriodicReviewSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Send a prepared review back, with a remark that says what is missing."""
        review = self.found(pk)
        return_review(review=review, by=request.user, **RemarkInput.given(request))
        return self.told(pk)


class PeriodicReviewPaper(PeriodicReviewRows):
    policy = {"*": "tiering.view_tiers"}

    @extend_schema(
        operation_id="periodic_reviews_paper",
        tags=["consequences"],
        responses=file_answers("application/pdf"),
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The evidence pack as PDF."""
        check_query(request, ())
        return download(*paper_of(self.found(pk)), "application/pdf")

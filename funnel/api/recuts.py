"""Splitting and merging of cases."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.inputs import IdField, Input, VersionField
from crm.api.records import PersonSerializer
from crm.api.repeats import make_once
from crm.api.rows import Request, check_hold
from crm.api.schema import WRITING, answers, changing, idempotency_key
from crm.errors import Invalid
from crm.models import Facility
from funnel.api.cases import CaseRows, CaseSerializer
from funnel.models import Case, Recut
from funnel.selectors.board import cards
from funnel.selectors.lineage import carried_by_merge, carried_by_split, mergeable, together
from funnel.services import recuts
from funnel.services.recuts import MOST_PARTS, Part


class RecutSerializer(serializers.ModelSerializer):
    """A split of `case` into `parts`, or a merge into it; `dissolved` count no more. `amount`: what it asked for."""

    case = serializers.CharField(source="case.code")
    parts = serializers.SlugRelatedField("code", many=True, read_only=True)
    dissolved = serializers.SlugRelatedField("code", many=True, read_only=True)
    by = PersonSerializer()
    undone_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Recut
        fields = (
            "id", "kind", "case", "amount", "parts", "dissolved", "reason", "by", "at", "undone_by", "undone_at",
            "undone_because",
        )  # fmt: skip


class CarriedSerializer(serializers.Serializer):
    """How much goes over, and (approvals, waivers, term sheets) how much stays where it was said."""

    steps = serializers.IntegerField()
    checks = serializers.IntegerField()
    team = serializers.IntegerField()
    co_lenders = serializers.IntegerField()
    parties = serializers.IntegerField()
    documents = serializers.IntegerField()
    approvals = serializers.IntegerField()
    waivers = serializers.IntegerField()
    term_sheets = serializers.IntegerField()


class MergeChoiceSerializer(serializers.Serializer):
    """A case to merge into; `together` is what both ask for in its currency, null where there is no rate."""

    case = CaseSerializer()
    together = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    carried = CarriedSerializer()


class PartInput(Input):
    amount = serializers.DecimalField(max_digits=20, decimal_places=2)
    product = serializers.ChoiceField(Facility.Product.choices, required=False, allow_blank=True, default="")
    purpose = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class CaseSplitInput(Input):
    """Parts that come to the amount of the case."""

    version = VersionField()
    revision = VersionField()
    parts = serializers.ListField(child=PartInput(), min_length=2, max_length=MOST_PARTS)
    reason = serializers.CharField(max_length=2000)


class CaseMergeInput(Input):
    """`amount` is what the case that stays asks for from now on; left out, what both ask for together."""

    version = VersionField()
    revision = VersionField()
    into = IdField(help_text="Id of the case that stays.")
    into_version = VersionField()
    into_revision = VersionField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, required=False)
    reason = serializers.CharField(max_length=2000)


class UndoRecutInput(Input):
    reason = serializers.CharField(max_length=2000)


class RecutRows(CaseRows):
    policy = {"*": "funnel.move_case"}

    def told(self, pk: int, status: int = 200) -> Response:
        found = Recut.objects.select_related("case", "by", "undone_by").get(pk=pk)
        return Response(RecutSerializer(found).data, status=status)

    def held(self, pk: int) -> Case:
        """The case, where the user holds its client."""
        case: Case = self.find(pk)
        check_hold(self, case.client)
        return case


class CaseSplit(RecutRows):
    @extend_schema(
        operation_id="cases_split_preview", tags=["cases"], responses=answers(CarriedSerializer, 404)
    )
    def get(self, request: Request, pk: int) -> Response:
        """How much would go over to each part, and what would stay."""
        return Response(CarriedSerializer(carried_by_split(self.held(pk))).data)

    @extend_schema(
        operation_id="cases_split",
        tags=["cases"],
        parameters=[idempotency_key(required=False)],
        request=CaseSplitInput,
        responses=answers(RecutSerializer, *WRITING, 404, 409, 422, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make parts in the place of an open case; each has come the same way at the same times."""
        case = self.held(pk)
        asked = CaseSplitInput.given(request)
        parts = [Part(**one) for one in asked.pop("parts")]
        made = make_once(request, lambda: recuts.split_case(case=case, parts=parts, by=request.user, **asked))
        return self.told(made, 201)


class CaseMerge(RecutRows):
    @extend_schema(
        operation_id="cases_merge_choices",
        tags=["cases"],
        responses=answers(MergeChoiceSerializer(many=True), 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """The cases that it may be merged into, with what would come of it."""
        case = self.held(pk)
        choices = [
            {
                "case": card,
                "together": together(case, card.case),
                "carried": carried_by_merge(case, card.case),
            }
            for card in cards(mergeable(case).select_related("project", "stage__pipeline")[:20], request.user)
        ]
        return Response(MergeChoiceSerializer(choices, many=True).data)

    @extend_schema(
        operation_id="cases_merge",
        tags=["cases"],
        parameters=[idempotency_key(required=False)],
        request=CaseMergeInput,
        responses=answers(RecutSerializer, *WRITING, 404, 409, 422, status=201),
    )
    def post(self, request: Request, pk: int) -> Response:
        """Merge an open case into another one of the same client and pipeline."""
        case = self.held(pk)
        asked = CaseMergeInput.given(request)
        into = self.get_queryset().filter(pk=asked["into"]).first()
        if into is None:
            raise Invalid({"into": [_("There is no such case among those you may see.")]})
        amount = asked.get("amount") or together(case, into)
        if amount is None:
            raise Invalid(
                {"amount": [_("There is no rate to add the amounts by. Say what it then asks for.")]}
            )
        made = make_once(
            request,
            lambda: recuts.merge_case(
                case=case,
                seen=(asked["version"], asked["revision"]),
                into=into,
                seen_into=(asked["into_version"], asked["into_revision"]),
                amount=amount,
                reason=asked["reason"],
                by=request.user,
            ),
        )
        return self.told(made, 201)


class RecutUndo(RecutRows):
    @changing("recuts_undo", "cases", UndoRecutInput, RecutSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take a split or a merge back, as long as nobody went on with what came of it."""
        recut = get_object_or_404(Recut.objects.visible_to(request.user), pk=pk)
        self.held(recut.case_id)
        recuts.undo_recut(recut=recut, reason=UndoRecutInput.given(request)["reason"], by=request.user)
        return self.told(recut.pk)

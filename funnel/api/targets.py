"""Targets of a year: read, and set many at once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from crm.api.filters import YearFilter
from crm.api.inputs import Input
from crm.api.rows import Request, VisibleRows
from crm.api.schema import WRITING, answers
from crm.errors import Invalid
from crm.ids import id_of
from crm.models import Facility, Team, User
from funnel.models import Pipeline, Target
from funnel.models.rates import CURRENCY_CODE
from funnel.models.targets import name_of
from funnel.services.targets import Wanted, set_targets

MOST = 1_000
"""Targets that one request may set."""


class TargetSerializer(serializers.Serializer):
    """What is to be won in a month; `whose` is the id of a team or of a manager, or the key of a product."""

    pipeline = serializers.CharField(source="pipeline.key")
    of = serializers.ChoiceField(Target.Of.choices)
    whose = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    month = serializers.DateField(help_text="Its first day.")
    currency = serializers.CharField()
    amount = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    count = serializers.IntegerField(allow_null=True, help_text="Number of cases.")
    version = serializers.IntegerField()

    def get_whose(self, target: Target) -> str:
        return str(getattr(target.whose, "pk", target.whose))

    def get_name(self, target: Target) -> str:
        return name_of(target.of, target.whose)


class WantedInput(Input):
    of = serializers.ChoiceField(Target.Of.choices)
    whose = serializers.CharField(
        max_length=40, help_text="Id of a team or of a manager, or key of a product."
    )
    month = serializers.DateField(help_text="Any day of it.")
    currency = serializers.RegexField(CURRENCY_CODE)
    amount = serializers.DecimalField(
        max_digits=20, decimal_places=2, min_value=0, allow_null=True, default=None
    )
    count = serializers.IntegerField(min_value=0, max_value=1_000_000, allow_null=True, default=None)
    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, default=0, help_text="The one that was seen; 0: there was none."
    )


class TargetsInput(Input):
    """Neither amount nor count: there is to be none."""

    pipeline = serializers.SlugRelatedField("key", queryset=Pipeline.objects.all())
    targets = serializers.ListField(child=WantedInput(), max_length=MOST)


class TargetFilter(filters.FilterSet):
    pipeline = filters.CharFilter("pipeline__key")
    year = YearFilter("month__year")
    month = filters.DateFilter()
    currency = filters.CharFilter()
    of = filters.ChoiceFilter(choices=Target.Of.choices, method="of_kind")

    def of_kind(self, rows: Any, _name: str, of: str) -> QuerySet[Target]:
        return rows.of_kind(of)


class TargetList(ListModelMixin, VisibleRows):
    policy = {"*": "funnel.view_targets", "PUT": "funnel.set_targets"}
    queryset = Target.objects.select_related("pipeline", "team", "rm").order_by("pk")
    serializer_class = TargetSerializer
    filterset_class = TargetFilter

    @extend_schema(
        operation_id="targets_list", tags=["funnel"], responses=answers(TargetSerializer(many=True), 400)
    )
    def get(self, request: Request) -> Response:
        """The targets that the user may see."""
        return self.list(request)

    @extend_schema(
        operation_id="targets_set",
        tags=["funnel"],
        request=TargetsInput,
        responses=answers(TargetSerializer(many=True), *WRITING, 409),
    )
    def put(self, request: Request) -> Response:
        """Set targets, all of them or none; gives those that changed and stand."""
        given = TargetsInput.given(request)
        wanted = [
            Wanted(**{**one, "whose": _found(at, one, request.user), "month": one["month"].replace(day=1)})
            for at, one in enumerate(given["targets"])
        ]
        made = set_targets(pipeline=given["pipeline"], wanted=wanted, by=request.user)
        return Response(TargetSerializer(made, many=True).data)


def _found(at: int, one: dict[str, Any], user: User) -> Any:
    """The team, manager or product that is named. Raises Invalid by place."""
    of, said = one["of"], one["whose"]
    found: Any = said if said in Facility.Product.values else None
    if of != Target.Of.PRODUCT:
        people: Any = User.objects if of == Target.Of.RM else Team.objects
        found = people.filter(pk=id_of(said) or 0).first()
        found = found if found and user.has_perm("funnel.set_targets", found) else None
    if found is None:
        raise Invalid({f"targets.{at}.whose": [_("There is none that you set targets for.")]})
    return found

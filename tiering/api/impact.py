"""What a version would do to the book as it is now, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.base import check_query
from crm.api.records import ClientRefSerializer
from crm.api.rows import Request
from crm.api.schema import answers
from tiering.api.criteria import VersionRows
from tiering.api.records import MetricLabelField, PointsField, ProjectRefSerializer
from tiering.errors import CriteriaRefused
from tiering.models import CriteriaVersion
from tiering.pages.impact import AGAINST, Asked, preview_asked
from tiering.pages.impact_clients import read_chosen
from tiering.pages.impact_lines import MoverLine, group_names, mover_lines
from tiering.preview.amounts import GROUPINGS, WAYS, Amount, Impact
from tiering.preview.evaluable import obstacles, refusals_of
from tiering.selectors.criteria import document_of
from tiering.selectors.versions import tiers_named_by

PAGE: Final = 50
_SWITCH = OpenApiParameter("switch", str, description="Show what switching this overlay would do instead.")
_AGAINST = OpenApiParameter(
    "against",
    str,
    enum=list(AGAINST),
    description="Compare with the tiers in force, or with the criteria in effect.",
)
_BEHIND = ("way", "old", "new", "by", "group", "only", "metric")


class AmountSerializer(serializers.Serializer):
    """How many subjects, what they owe, and what they brought in within twelve months; in the book's currency."""

    subjects = serializers.IntegerField()
    exposure = serializers.FloatField()
    revenue = serializers.FloatField()


class MoveSerializer(AmountSerializer):
    old = serializers.CharField(allow_null=True, help_text="Key of the tier; null where none was in force.")
    new = serializers.CharField()


class ImpactGroupSerializer(serializers.Serializer):
    """`group` is an id, the key of a scorecard, or null for none; `ways` say how much goes up, down, stays, or gets its
    first tier."""

    group = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    ways = serializers.DictField(child=AmountSerializer())


class LimitsSerializer(serializers.Serializer):
    """Open facilities of the subjects who move."""

    subjects = serializers.IntegerField()
    facilities = serializers.IntegerField()
    amount = serializers.FloatField()


class ImpactMissingSerializer(serializers.Serializer):
    """A metric that an indicator needs: for how many subjects it is not known, and of how many it newly has to be."""

    metric = serializers.CharField()
    label = MetricLabelField(source="metric")
    subjects = serializers.IntegerField()
    newly = serializers.IntegerField()


class MoverSerializer(serializers.Serializer):
    """A subject with the tiers it leaves and reaches, and why it moves."""

    client = ClientRefSerializer()
    project = ProjectRefSerializer(allow_null=True)
    old = serializers.CharField(source="before.key", default=None, allow_null=True)
    new = serializers.CharField(source="after.key")
    says = serializers.CharField(
        source="says.key",
        help_text="The tier by the criteria; another one than `new` where an override holds it.",
    )
    score = PointsField()
    exposure = serializers.FloatField(source="mover.exposure")
    reasons = serializers.ListField(child=serializers.CharField())


class ImpactSerializer(serializers.Serializer):
    as_of = serializers.DateTimeField(help_text="The moment that the book is of.")
    whole = AmountSerializer()
    ways = serializers.DictField(child=AmountSerializer())
    moves = MoveSerializer(many=True)
    groups = serializers.DictField(child=ImpactGroupSerializer(many=True))
    reviews = AmountSerializer(help_text="Moves that a person would have to decide.")
    provisional = AmountSerializer(help_text="Tiers that become provisional.")
    limits = LimitsSerializer()
    held = AmountSerializer(help_text="Subjects who would move but for an override; they count as unchanged.")
    missing = ImpactMissingSerializer(many=True)
    movers = MoverSerializer(many=True, help_text="The largest by exposure.")


class ImpactSubjectsSerializer(serializers.Serializer):
    """A page of the subjects behind a figure, the largest exposure first; `next` is what `after` asks for."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    results = MoverSerializer(many=True)


class CriteriaImpact(VersionRows):
    policy = {"*": "tiering.view_drafts"}

    @extend_schema(
        operation_id="criteria_impact",
        tags=["criteria"],
        parameters=[_AGAINST, _SWITCH],
        responses=answers(ImpactSerializer, 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What a version would do to the clients whom the user may see. Nothing is changed."""
        from tiering.preview.figures import impact_of

        check_query(request, {"against", "switch"})
        version = self.find(pk)
        preview = _preview(version, request)
        impact = impact_of(preview)
        told = {
            "as_of": preview.book.snapshot.taken,
            "whole": impact.whole,
            "ways": {way: impact.way(way) for way in WAYS},
            "moves": _moves(impact, version),
            "groups": _groups(impact, version),
            "reviews": impact.reviews,
            "provisional": impact.provisional,
            "limits": impact.limits,
            "held": impact.held,
            "missing": impact.missing,
            "movers": _lines(version, preview, impact.movers),
        }
        return Response(ImpactSerializer(told).data)


class CriteriaImpactSubjects(VersionRows):
    policy = {"*": "tiering.view_drafts"}

    @extend_schema(
        operation_id="criteria_impact_subjects",
        tags=["criteria"],
        parameters=[
            _AGAINST,
            _SWITCH,
            OpenApiParameter("way", str, enum=list(WAYS)),
            OpenApiParameter(
                "old", str, description="Key of the tier that is left, or `none`; together with `new`."
            ),
            OpenApiParameter("new", str),
            OpenApiParameter("by", str, enum=list(GROUPINGS), description="Together with `group`."),
            OpenApiParameter("group", str, description="An id or key of `groups`, or `none`."),
            OpenApiParameter(
                "only", str, enum=["reviews", "provisional", "limits", "held", "missing", "newly"]
            ),
            OpenApiParameter("metric", str, description="For `missing` and `newly`: which metric."),
            OpenApiParameter("after", str, description="The `next` of the page before."),
        ],
        responses=answers(ImpactSubjectsSerializer, 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """The subjects behind a figure, the largest exposure first."""
        from tiering.preview.subjects import page_of

        check_query(request, {"against", "switch", "after", *_BEHIND})
        version = self.find(pk)
        preview = _preview(version, request)
        chosen = read_chosen(request.query_params, document_of(version))
        page = page_of(preview, chosen, PAGE, after=request.query_params.get("after", ""))
        told = {
            "count": page.count,
            "next": page.next or None,
            "results": _lines(version, preview, page.rows),
        }
        return Response(ImpactSubjectsSerializer(told).data)


def _preview(version: CriteriaVersion, request: Request) -> Any:
    """The preview that a query asks for. Raises CriteriaRefused for a version that gives no tiers."""
    refused = obstacles(refusals_of(document_of(version)))
    if refused:
        raise CriteriaRefused(refused)
    return preview_asked(version, request.user, Asked.read(request.query_params), wait=True)


def _moves(impact: Impact, version: CriteriaVersion) -> list[dict[str, Any]]:
    keys = [tier.key for tier in document_of(version).tiers]
    return [
        {"old": None if before is None else keys[before], "new": keys[after], **_amount(amount)}
        for (before, after), amount in sorted(
            impact.moves.items(), key=lambda item: (item[0][0] or 0, item[0][1])
        )
    ]


def _amount(amount: Amount) -> Mapping[str, Any]:
    return {"subjects": amount.subjects, "exposure": amount.exposure, "revenue": amount.revenue}


def _groups(impact: Impact, version: CriteriaVersion) -> dict[str, list[dict[str, Any]]]:
    document = document_of(version)
    found: dict[str, list[dict[str, Any]]] = {}
    for by, groups in impact.groups.items():
        names = group_names(by, list(groups), document)
        found[by] = [{"group": group, "name": names[group], "ways": ways} for group, ways in groups.items()]
    return found


def _lines(version: CriteriaVersion, preview: Any, movers: Any) -> list[MoverLine]:
    from tiering.preview.live import judge_of

    return mover_lines(movers, tiers_named_by(version), judge_of(preview), document_of(version))

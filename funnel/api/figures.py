"""The figures of the funnel, each as a table with its definition, and the cases behind one."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.rows import Request, Rows
from crm.api.schema import answers
from crm.errors import Invalid
from funnel.api.cases import CaseSerializer
from funnel.forms_figures import DrillForm, FiguresForm
from funnel.pages.figure import Figure, plain
from funnel.pages.figures import FIGURES
from funnel.pages.figures_ends import screening
from funnel.selectors.board import cards
from funnel.selectors.figures.drill import KINDS, cases_behind
from funnel.selectors.figures.selection import DIMENSIONS, UNITS, Selection

KEYS = (*FIGURES, "criteria")


class ColumnSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField(help_text="In the language of `Accept-Language`.")
    kind = serializers.ChoiceField(("text", "count", "share", "days", "money", "score"))


class FigureSerializer(serializers.Serializer):
    """A figure as a table. Shares are fractions, money is text to the hundredth in `unit`, null is not known."""

    key = serializers.ChoiceField(KEYS)
    title = serializers.CharField()
    definition = serializers.CharField(help_text="What is counted.")
    unit = serializers.CharField(help_text="The currency of its money, if it has any.")
    notes = serializers.ListField(child=serializers.CharField())
    columns = ColumnSerializer(many=True)
    rows = serializers.ListField(
        child=serializers.DictField(child=serializers.JSONField(allow_null=True)),
        help_text="A value for the key of each column; `behind` says by column what to ask figure-cases for.",
    )


def _parameter(name: str, description: str, kind: Any = OpenApiTypes.STR, **options: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, **options)


SELECTION = [
    _parameter("pipeline", "Key of a funnel; by default the first."),
    _parameter("since", "First day on which cases began.", OpenApiTypes.DATE),
    _parameter("until", "Last day on which cases began.", OpenApiTypes.DATE),
    _parameter("as_of", "As things stood at the end of the day; by default now.", OpenApiTypes.DATE),
    _parameter("unit", "How long a cohort is.", enum=UNITS),
    _parameter("team", "Id of a team.", OpenApiTypes.INT),
    *(_parameter(name, "Id or key, or `none`: nothing is known of it.") for name in DIMENSIONS),
    _parameter("currency", "Amounts are of cases in this currency."),
    _parameter("cut", "Of figures that compare: by what.", enum=DIMENSIONS),
]
CRITERIA = [
    _parameter("version", "Of `criteria`: id of a version; by default the latest.", OpenApiTypes.INT),
    _parameter("days", "Of `criteria`: days before and after, and of following a case.", OpenApiTypes.INT),
]


def selection_of(request: Request) -> tuple[Selection, FiguresForm]:
    """What the query selects. Raises Invalid, naming what cannot be read."""
    form = FiguresForm(request.query_params, user=request.user)
    selection = form.selection()
    if form.errors:
        raise Invalid({name: [str(error) for error in errors] for name, errors in form.errors.items()})
    if selection is None:
        raise Invalid({"pipeline": [_("No funnel has been set up")]})
    return selection, form


class FigureDetail(APIView):
    policy = {"*": "funnel.view_cases"}
    request: Request

    @extend_schema(
        operation_id="funnel_figure",
        tags=["funnel"],
        parameters=[
            OpenApiParameter("key", OpenApiTypes.STR, OpenApiParameter.PATH, enum=KEYS),
            *SELECTION,
            *CRITERIA,
        ],
        responses=answers(FigureSerializer, 400, 404),
    )
    def get(self, request: Request, key: str) -> Response:
        """One figure of the cases that the user may see."""
        selection, form = selection_of(request)
        if key not in KEYS:
            raise Http404
        if key == "criteria":
            return Response(told(screening(selection, form.criteria_version, form.stretch)))
        return Response(told(FIGURES[key](selection)))


def told(figure: Figure) -> dict[str, Any]:
    rows = []
    for row in figure.rows:
        pairs = list(zip(figure.columns, row, strict=True))
        behind = {column.key: dict(cell.link) for column, cell in pairs if cell.link and cell.value}
        rows.append({**{column.key: plain(cell.value) for column, cell in pairs}, "behind": behind})
    return {
        "key": figure.key,
        "title": str(figure.title),
        "definition": str(figure.definition),
        "unit": figure.unit,
        "notes": list(figure.notes),
        "columns": [
            {"key": column.key, "label": str(column.label), "kind": column.kind} for column in figure.columns
        ],
        "rows": rows,
    }


class FigureCases(Rows):
    policy = {"*": "funnel.view_cases"}
    serializer_class = CaseSerializer
    filter_backends = ()  # the query is read by the forms

    def get_queryset(self) -> Any:
        selection, form = selection_of(self.request)
        drill = DrillForm(self.request.query_params).drill(form)
        if drill is None:
            raise Invalid({"kind": [", ".join(KINDS)]})
        return cases_behind(selection, drill).select_related("project", "stage__pipeline")

    @extend_schema(
        operation_id="funnel_figure_cases",
        tags=["funnel"],
        parameters=[
            *SELECTION,
            _parameter("kind", "What became of the cases.", enum=KINDS),
            _parameter("stage", "Id of the stage that the figure is of.", OpenApiTypes.INT),
            _parameter("target", "Id of the stage that a flow leads to.", OpenApiTypes.INT),
            _parameter("low", "Least days in the stage.", OpenApiTypes.INT),
            _parameter("high", "Most days in the stage.", OpenApiTypes.INT),
            _parameter("month", "First day of the month of a forecast.", OpenApiTypes.DATE),
            _parameter("in_currency", "Only cases in `currency`.", OpenApiTypes.BOOL),
            *CRITERIA,
            _parameter("reason", "Key of a closing reason; empty: none was given."),
        ],
        responses=answers(CaseSerializer(many=True), 400),
    )
    def get(self, request: Request) -> Response:
        """The cases behind a figure, newest first."""
        page = self.page()
        return self.get_paginated_response(CaseSerializer(cards(page, request.user), many=True).data)

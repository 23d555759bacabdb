"""Rows of an import that look like a record that is known: who looks like whom, and what becomes of each."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from crm.api.imports import ImportRows
from crm.api.inputs import Input
from crm.api.rows import Request
from crm.api.schema import answers, changing
from crm.models import Client, ImportTwin
from crm.selectors.import_twins import undecided
from crm.services import imports


class ImportTwinSerializer(serializers.ModelSerializer):
    """`client` is the one that row `line` looks like, null where the reader may not see it or `like_line` is an earlier
    row; `evidence` is {what: agrees, near or differs}, `score` 0 to 100, `choice` empty while nobody chose."""

    client = serializers.SerializerMethodField()

    class Meta:
        model = ImportTwin
        fields = ("line", "client", "person", "like_line", "score", "evidence", "may_update", "choice")

    def get_client(self, twin: ImportTwin) -> int | None:
        return twin.client_id if twin.client_id in self.context["seen"] else None


class TwinChoiceInput(Input):
    choice = serializers.ChoiceField(choices=ImportTwin.Choice.choices)
    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        required=False,
        max_length=10_000,
        help_text="Left out: all rows that nobody has chosen for.",
    )


CHOSEN = inline_serializer(
    "TwinsChosen", {"chosen": serializers.IntegerField(), "undecided": serializers.IntegerField()}
)


class ImportTwins(ImportRows):
    @extend_schema(
        operation_id="imports_twins",
        tags=["imports"],
        responses=answers(ImportTwinSerializer(many=True), 400, 404),
    )
    def get(self, request: Request, pk: int) -> Response:
        """The rows that would make new records and look like one that is there, or like an earlier row."""
        rows: list[Any] = self.paginate_queryset(self.find(pk).twins.all()) or []
        seen = Client.objects.visible_to(request.user).in_bulk(
            [row.client_id for row in rows if row.client_id]
        )
        return self.get_paginated_response(ImportTwinSerializer(rows, many=True, context={"seen": seen}).data)

    @changing("imports_choose_twins", "imports", TwinChoiceInput, CHOSEN)
    def post(self, request: Request, pk: int) -> Response:
        """Say what becomes of such rows: update the client, make a new one, or leave the row out.

        What looks like an earlier row, or like a client of somebody else, updates nothing and is not among the `chosen`.
        """
        job, given = self.find(pk), TwinChoiceInput.given(request)
        chosen = imports.choose_twins(by=request.user, job=job, **given)
        return Response({"chosen": chosen, "undecided": undecided(job)})

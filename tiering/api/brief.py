"""The one-page brief of a client, as a file."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema

from crm.api.clients import ClientRows
from crm.api.files import file_answers
from crm.api.rows import Request
from crm.api.schema import WRITING
from crm.http import download
from crm.services.briefs import note_brief
from tiering.pages.brief import brief_of


class ClientBrief(ClientRows):
    policy = {"*": "tiering.view_tiers"}

    @extend_schema(
        operation_id="client_brief",
        tags=["clients"],
        request=None,
        responses=file_answers("application/pdf", *WRITING),
    )
    def post(self, request: Request, pk: int) -> HttpResponse:
        """One page about a client as PDF, in the language of `Accept-Language`; who took it is noted."""
        client = self.find(pk)
        noted = note_brief(by=request.user, client=client)
        return download(*brief_of(client, request.user, noted.at), "application/pdf")

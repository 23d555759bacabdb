"""Answers that are files."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from rest_framework.negotiation import BaseContentNegotiation

from crm.api.schema import answers


class Negotiation(BaseContentNegotiation):
    """Whatever a client accepts: the file is the only answer there is, and refusals are JSON."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


def file_answers(media_type: str, *refusals: int) -> dict[Any, Any]:
    """For the description of an operation: the file, or that it is not there."""
    refused = {status: told for status, told in answers(None, 404, *refusals).items() if status >= 400}
    return {(200, media_type): OpenApiTypes.BINARY, **refused}

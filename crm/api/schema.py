"""What the OpenAPI document says alike of every endpoint: the shape of an error, and which ones may come."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

DESCRIPTIONS = {
    400: "The input breaks a rule; `fields` names each field and what to change.",
    401: "No session and no valid token.",
    403: "The user's role, or not holding the client, does not allow this; or the CSRF token is missing.",
    404: "There is no such record among those that the user may see.",
    406: "Answers are JSON only.",
    409: "The record is in another state than the request assumes. Nothing was changed.",
    410: "The record became part of another one; `message` says of which.",
    413: "The body is larger than 2 MB.",
    415: "The body is not sent as `application/json`.",
    422: "The idempotency key was used for another request.",
    429: "Too many requests; `Retry-After` says when to go on.",
    503: "The database is busy; `Retry-After` says when to try again. Nothing was changed.",
}
ALWAYS = (401, 403, 406, 429, 503)
WRITING = (400, 413, 415)
IDEMPOTENCY_KEY = "Idempotency-Key"


class MissingSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Stable; programs may rely on it.")
    text = serializers.CharField(help_text="What is missing and what to do, for people.")
    url = serializers.CharField(help_text="Address of the page where it is put right.")


class AlikeSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    score = serializers.IntegerField(help_text="0–100.")
    evidence = serializers.DictField(
        child=serializers.CharField(), help_text="What agrees, is near, differs."
    )


class Problem(serializers.Serializer):
    """Every error: a stable `code`, a `message` for people, and by field what to change."""

    code = serializers.CharField(help_text="Stable; programs may rely on it.")
    message = serializers.CharField(help_text="For people, in the language of `Accept-Language`.")
    fields = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="By field (`observations.3.value` for a value inside), what is wrong and what to do.",
    )
    version = serializers.IntegerField(
        required=False,
        help_text="Where somebody else set the same fields, the version that the record has by now.",
    )
    missing = MissingSerializer(
        many=True, required=False, help_text="Where an act asks for several things, those that are missing."
    )
    alike = AlikeSerializer(
        many=True, required=False, help_text="Where a new client looks like others, these."
    )


def answers(success: Any, *refusals: int, status: int = 200) -> dict[int, Any]:
    """The answers of an operation: the one that succeeds, the refusals named and those that may always come."""
    problems = {code: OpenApiResponse(Problem, DESCRIPTIONS[code]) for code in sorted({*ALWAYS, *refusals})}
    return {status: success, **problems}


def changing(operation: str, tag: str, takes: Any, gives: Any) -> Any:
    """Describes an operation that changes one record: what it takes, and the record that it gives back."""
    responses = answers(gives, *WRITING, 404, 409)
    return extend_schema(operation_id=operation, tags=[tag], request=takes, responses=responses)


def idempotency_key(*, required: bool) -> OpenApiParameter:
    return OpenApiParameter(
        IDEMPOTENCY_KEY,
        str,
        OpenApiParameter.HEADER,
        required=required,
        description="Up to 100 visible ASCII characters. The same key with the same body is done once and answered"
        " alike each time.",
    )

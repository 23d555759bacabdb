"""Request bodies: JSON, and nothing that only looks like it."""

from __future__ import annotations

import json
import math
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

MOST_BYTES = 2 * 1024 * 1024
MOST_DIGITS = 30


class BodyTooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"
    default_detail = gettext_lazy("The request is larger than 2 MB. Send it in parts.")


class StrictJSONParser(JSONParser):
    """UTF-8 JSON of at most 2 MB, with finite numbers and whole characters.

    Python's reader would take NaN, numbers beyond a float and halves of surrogate pairs, none of which the database or
    an answer can hold; and it would run out of stack on deep nesting.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise BodyTooLarge
        try:
            return _read(body.decode())
        except RecursionError as error:
            raise ParseError(gettext_lazy("The JSON is nested too deeply.")) from error
        except ValueError as error:
            raise ParseError(_why(error)) from error


def _read(text: str) -> Any:
    data = json.loads(text, parse_constant=_finite, parse_float=_finite, parse_int=_whole)
    if "\\u" in text:
        json.dumps(data, ensure_ascii=False).encode()  # raises for half a surrogate pair
    return data


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError
    return int(text)


def _why(error: ValueError) -> str:
    if isinstance(error, UnicodeError):
        return _("The request is not UTF-8 text.")
    if isinstance(error, json.JSONDecodeError):
        place = {"line": error.lineno, "column": error.colno}
        return _("This is not valid JSON. Look at line %(line)d, column %(column)d.") % place
    return _("The JSON holds a number that is not finite or has too many digits.")

"""What requests may carry: serializers that refuse unknown fields, and fields that refuse what is not a value."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from crm.ids import LARGEST_ID

LARGEST_VERSION = 2**31 - 1


class Input(serializers.Serializer):
    """Takes the fields it declares. Any other one is refused, so that nobody believes to have set it."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(set(data) - writable)
            if unknown:
                raise serializers.ValidationError({name: [_("This cannot be set here.")] for name in unknown})
        return super().to_internal_value(data)

    @classmethod
    def given(cls, request: Request) -> dict[str, Any]:
        """What a request says, field by field. Raises ValidationError."""
        read = cls(data=request.data)
        read.is_valid(raise_exception=True)
        said: dict[str, Any] = read.validated_data
        return said


class IdField(serializers.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class VersionField(serializers.IntegerField):
    """The version of a record that the writer saw."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_VERSION, **kwargs)


class NumberField(serializers.FloatField):
    """A finite number; true, false and texts like "nan" are none."""

    default_error_messages = {"invalid": gettext_lazy("Enter a number.")}

    def to_internal_value(self, data: Any) -> float:
        number = math.nan if isinstance(data, bool) else super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return number

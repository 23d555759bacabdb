"""Which scheme a request is about."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from tiering.models import TierScheme
from tiering.selectors.criteria import primary_scheme

SCHEME = OpenApiParameter("scheme", str, description="Key of a tier scheme; the primary one if left out.")


def chosen_scheme(request: Request) -> TierScheme | None:
    """The scheme that `?scheme=` names, by default the primary one; None where no criteria have been loaded."""
    key = request.query_params.get("scheme")
    if not key:
        return primary_scheme()
    known = {scheme.key: scheme for scheme in TierScheme.objects.order_by("key")}
    if key not in known:
        message = _("Unknown value. Known values: %(known)s.") % {"known": ", ".join(known)}
        raise ValidationError({"scheme": [message]})
    return known[key]


class SchemeField(serializers.SlugRelatedField):
    """The key of a tier scheme."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {"slug_field": "key", "queryset": TierScheme.objects.all(), "required": False}
        super().__init__(**{**defaults, "help_text": SCHEME.description, **kwargs})

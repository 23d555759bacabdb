"""Filters that refuse what they cannot mean, where Django's would ignore it or ask the database."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from typing import Any

from django import forms
from django.db.models import Manager, QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from crm.ids import LARGEST_ID

MOST_NAMED = 20


class WholeFilter(filters.NumberFilter):
    """Rows by a whole number within bounds, the bounds among them."""

    field_class = forms.IntegerField

    def __init__(self, field_name: str, *, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(field_name, min_value=least, max_value=most, **kwargs)

    def get_max_validator(self) -> None:
        """The field has its own bound."""


@extend_schema_field(OpenApiTypes.INT64)
class IdFilter(WholeFilter):
    """Rows that point to an id. A row that does not exist or may not be seen simply has none."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name, least=1, most=LARGEST_ID, **kwargs)


@extend_schema_field(OpenApiTypes.INT32)
class YearFilter(WholeFilter):
    """Rows of a calendar year that Postgres and Python know."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name, least=MINYEAR, most=MAXYEAR, **kwargs)


class KeyField(forms.CharField):
    """The key of a row of reference data; `queryset` holds the possible ones."""

    def __init__(self, *, queryset: QuerySet, key: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.queryset, self.key = queryset, key

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value:
            return
        known = list(self.queryset.order_by(self.key).values_list(self.key, flat=True).distinct())
        if value not in known:
            named = ", ".join(known[:MOST_NAMED])
            raise forms.ValidationError(_("Unknown value. Known values: %(known)s.") % {"known": named})


class KeyFilter(filters.CharFilter):
    """Rows whose `field_name` is the key of a row of reference data; an unknown key is refused."""

    field_class = KeyField

    def __init__(self, field_name: str, queryset: Manager, key: str = "key", **kwargs: Any) -> None:
        super().__init__(field_name, queryset=queryset.all(), key=key, **kwargs)


@extend_schema_field(OpenApiTypes.BOOL)
class YesNoFilter(filters.ChoiceFilter):
    """`true` or `false`; anything else is refused."""

    def __init__(self, field_name: str | None = None, **kwargs: Any) -> None:
        super().__init__(field_name, choices=[("true", "true"), ("false", "false")], **kwargs)

    def filter(self, queryset: Any, value: str) -> Any:
        return super().filter(queryset, value == "true" if value else value)

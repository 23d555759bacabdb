"""What stands in a field of a record, in the reader's words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Field, ForeignKey, Model
from django.utils.text import capfirst

from crm.formats import MISSING, day, localized, money

AMOUNTS = frozenset({"registered_capital"})
"""Fields whose decimals are money."""


def label_of(model: type[Model], name: str) -> str:
    """The name of a field, with a capital."""
    return capfirst(str(_field(model, name).verbose_name))


def told(model: type[Model], name: str, value: Any) -> str:
    """The value of a field; a foreign key may be given by its row or by its id."""
    if value in (None, ""):
        return MISSING
    field = _field(model, name)
    if isinstance(field, ForeignKey):
        row = (
            value if isinstance(value, Model) else field.related_model._base_manager.filter(pk=value).first()
        )
        return localized(row) or MISSING
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal) and name in AMOUNTS:
        return money(value)
    return str(value)


def _field(model: type[Model], name: str) -> Field[Any, Any]:
    found = model._meta.get_field(name)
    assert isinstance(found, Field)
    return found

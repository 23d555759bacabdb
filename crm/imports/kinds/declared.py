"""Declared fields of clients (`crm.models.ProfileField`) as fields of an import, as they are now."""

from __future__ import annotations

from django.utils.functional import lazy

from crm.imports.fields import FLAGS, Field
from crm.imports.values import word
from crm.models import ProfileField
from crm.models.profiles import LONGEST_TEXT
from crm.selectors.profiles import declared_fields

TYPES = {"number": "measure", "date": "date", "choice": "choice", "flag": "flag", "text": "text"}


def declared() -> tuple[Field, ...]:
    """The fields in use, each found by its key or its label in either language."""
    return tuple(_field(field) for field in declared_fields())


def _field(field: ProfileField) -> Field:
    words = {word(said): choice["key"] for choice in field.choices for said in choice.values() if said}
    is_flag = field.type == ProfileField.Type.FLAG
    return Field(
        name=field.name,
        label=lazy(lambda: field.label, str)(),
        aliases=field.key,
        type=TYPES[field.type],
        limit=LONGEST_TEXT,
        words=FLAGS if is_flag else words,
        choices=[*field.options.items()],
    )

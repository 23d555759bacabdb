"""Declaring fields of clients: added, changed, retired by administrators, in use at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from crm import metrics
from crm.core.house_fields import HOUSE_FIELDS
from crm.errors import Invalid, NotPermitted
from crm.models import Client, CustomMetric, ProfileField, User
from crm.services.custom_metrics import categories_fault, key_fault
from crm.services.saving import save

CHANGEABLE = (
    "label_en",
    "label_zh",
    "meaning_en",
    "meaning_zh",
    "unit",
    "choices",
    "kinds",
    "required",
    "place",
)
"""What of a field may change once it is there; its key and its type are named by values, files and conditions."""
METRIC_TYPES = {"number": "number", "choice": "category"}
"""What a metric of a field is, by the field's type."""


@transaction.atomic
def add_field(
    *, by: User, key: str, type: str = "text", is_metric: bool = False, **fields: Any
) -> ProfileField:
    """Declare a field: it can be filled in, asked for and imported from now on. `fields` are `CHANGEABLE`.

    One that `is_metric` makes a metric of its key, unless the catalogue has one that fits; its values are observations
    of it. Raises NotPermitted, and Invalid for a key that is taken or fields that do not fit together.
    """
    _require(by)
    field = ProfileField(key=key, type=type, **_known(fields))
    _check(field, before=[])
    if not is_metric:
        save(field)
        return field
    if fault := metric_fault(key, type):
        raise Invalid({"is_metric": [fault]})
    field.metric = key
    save(field)
    _make_metric(field)
    return field


@transaction.atomic
def change_field(*, by: User, field: ProfileField, **fields: Any) -> ProfileField:
    """Change some of the `CHANGEABLE`. Choices may be added and named anew, not taken away.

    Raises NotPermitted, and Invalid for fields that do not fit together.
    """
    _require(by)
    current = ProfileField.objects.select_for_update().get(pk=field.pk)
    before = current.choices
    for name, value in _known(fields).items():
        setattr(current, name, value)
    _check(current, before)
    save(current)
    CustomMetric.objects.filter(key=current.metric).update(**_said_of_metric(current))
    return current


@transaction.atomic
def retire_field(*, by: User, field: ProfileField) -> None:
    """Ask for a field no more; what was said in it stays. Raises NotPermitted."""
    _require(by)
    ProfileField.objects.filter(pk=field.pk, retired_at=None).update(retired_at=Now())


@transaction.atomic
def restore_field(*, by: User, field: ProfileField) -> None:
    """Take a field back into use. Raises NotPermitted."""
    _require(by)
    ProfileField.objects.filter(pk=field.pk).update(retired_at=None)


def ensure_house_fields() -> None:
    """The fields that Strata ships, where they are not there yet; what an administrator changed of them stays."""
    rows = [
        ProfileField(**{**field, "kinds": list(field["kinds"])}, place=place, of_the_house=True)
        for place, field in enumerate(HOUSE_FIELDS, start=1)
    ]
    ProfileField.objects.bulk_create(rows, ignore_conflicts=True)


def _require(by: User) -> None:
    if not by.has_perm("crm.administer"):
        raise NotPermitted


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"Not fields of a declared field: {', '.join(sorted(unknown))}")
    return dict(fields)


def _check(field: ProfileField, before: list[dict[str, str]]) -> None:
    if fault := categories_fault(before, field.choices):
        raise Invalid({"choices": [fault]})
    if not field.kinds or set(field.kinds) - set(Client.Kind.values):
        raise Invalid({"kinds": [_("Choose at least one kind of client.")]})


def metric_fault(key: str, type_: str) -> str:
    """Why a field of this key and type cannot be a metric; empty when it can."""
    if type_ not in METRIC_TYPES:
        return _("Only numbers and choices can be metrics.")
    known = metrics.observable().get(key)
    if known is None:
        return key_fault(key)
    if known.type != METRIC_TYPES[type_]:
        return _("The metric “%(key)s” is of another type.") % {"key": key}
    return ""


def _make_metric(field: ProfileField) -> None:
    """The metric whose observations the field's values are, unless the catalogue has it already."""
    if field.key not in metrics.observable():
        save(CustomMetric(key=field.key, type=METRIC_TYPES[field.type], **_said_of_metric(field)))


def _said_of_metric(field: ProfileField) -> dict[str, Any]:
    return {
        "label_en": field.label_en,
        "label_zh": field.label_zh,
        "unit": field.unit,
        "categories": [{"zh": "", **choice} for choice in field.choices],
    }

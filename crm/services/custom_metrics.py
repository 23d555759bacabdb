"""The institution's own metrics: added, changed, and retired, by whoever writes criteria."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from crm import metrics
from crm.errors import Invalid, NotPermitted
from crm.models import CustomMetric, User

CHANGEABLE = ("label_en", "label_zh", "unit", "direction", "categories", "max_age_days")
"""What of a metric may change once it is there; its key and its type are named by observations and criteria."""


@transaction.atomic
def add_metric(*, by: User, key: str, type: str = "number", **fields: Any) -> CustomMetric:
    """Add a metric: it can be observed, and read by criteria, from now on. `fields` are `CHANGEABLE`.

    Raises NotPermitted, and Invalid for a key that is taken or fields that do not fit together.
    """
    _require(by)
    metric = CustomMetric(key=key, type=type, **_known(fields))
    if fault := key_fault(key):
        raise Invalid({"key": [fault]})
    if fault := categories_fault([], metric.categories):
        raise Invalid({"categories": [fault]})
    return _save(metric)


@transaction.atomic
def change_metric(*, by: User, metric: CustomMetric, **fields: Any) -> CustomMetric:
    """Change some of the `CHANGEABLE` fields. Categories may be added and named anew, not taken away.

    Raises NotPermitted, and Invalid for fields that do not fit together.
    """
    _require(by)
    current = CustomMetric.objects.select_for_update().get(pk=metric.pk)
    if fault := categories_fault(current.categories, fields.get("categories", current.categories)):
        raise Invalid({"categories": [fault]})
    for name, value in _known(fields).items():
        setattr(current, name, value)
    return _save(current)


@transaction.atomic
def retire_metric(*, by: User, metric: CustomMetric) -> None:
    """Let nothing more be observed of a metric, and no further criteria read it. Raises NotPermitted."""
    _require(by)
    CustomMetric.objects.filter(pk=metric.pk, retired_at=None).update(retired_at=Now())


@transaction.atomic
def restore_metric(*, by: User, metric: CustomMetric) -> None:
    """Take a metric back into use. Raises NotPermitted."""
    _require(by)
    CustomMetric.objects.filter(pk=metric.pk).update(retired_at=None)


def key_fault(key: str) -> str:
    """Why a new metric cannot be called so, because the key names something else; empty when it can."""
    return _("“%(key)s” is taken. Choose another key.") % {"key": key} if metrics.reserved(key) else ""


def categories_fault(before: Sequence[dict[str, str]], given: Sequence[dict[str, str]]) -> str:
    """Why categories cannot take the place of others; empty when they can. Observations may hold any of those that were
    there."""
    known = [category["key"] for category in given]
    if len(set(known)) < len(known):
        return _("Two categories have the same key.")
    gone = [category["key"] for category in before if category["key"] not in known]
    return _("These categories must stay: %(keys)s.") % {"keys": ", ".join(gone)} if gone else ""


def _require(by: User) -> None:
    if not by.has_perm("crm.write_metrics"):
        raise NotPermitted


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"Not fields of a metric: {', '.join(sorted(unknown))}")
    return fields


def _save(metric: CustomMetric) -> CustomMetric:
    try:
        metric.full_clean()
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    metric.save()
    return metric

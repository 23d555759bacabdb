"""The fields that a user's conditions may name, as a catalogue of metrics with the SQL of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.utils import timezone

from crm import slots
from crm.models import User
from tiering.core.metric import Catalogue, Metric, Unit


@dataclass(frozen=True)
class Fields:
    """`metrics` and what of the database each is, by key."""

    metrics: Catalogue
    fields: dict[str, slots.Field]

    @classmethod
    def of(cls, user: User) -> Fields:
        """Those of every source that the user may see, as of today."""
        day = timezone.localdate()
        known = {field.key: field for field in _fields(user, day)}
        return cls(_Metrics(known), known)

    @property
    def columns(self) -> dict[str, str]:
        return {key: field.sql for key, field in self.fields.items()}

    def joins(self, keys: frozenset[str]) -> list[str]:
        """What the named fields need beside the client, each once."""
        return list(dict.fromkeys(join for key in sorted(keys) for join in self.fields[key].joins))


class _Metrics(Mapping[str, Metric]):
    """Each is made when it is asked for: a condition names three of the hundred and more."""

    def __init__(self, fields: Mapping[str, slots.Field]) -> None:
        self._fields = fields
        self._made: dict[str, Metric] = {}

    def __getitem__(self, key: str) -> Metric:
        if key not in self._made:
            self._made[key] = _metric(self._fields[key])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def _fields(user: User, day: date) -> Sequence[slots.Field]:
    return [field for source in slots.field_sources.for_user(user) for field in source.fields(user, day)]


def _metric(field: slots.Field) -> Metric:
    return Metric(
        key=field.key,
        label=str(field.label),
        type=field.type,
        unit=cast(Unit, field.unit),
        direction="neutral",
        source=str(field.group),
        max_age_days=None,
        help=str(field.label),
        categories={key: str(label) for key, label in field.categories.items()},
    )

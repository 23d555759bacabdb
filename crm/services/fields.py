"""Two people at one record: what each changed is kept, and only a field that both changed has to be decided.

A writer says which version of the record was read. History knows what stood in every field at that version, so each
field is compared by itself: one that nobody else touched is written, one that the writer left alone stays as it is now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.errors import Conflict
from crm.formats import listed
from crm.history import events_of
from crm.values import label_of, told

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Collision:
    """A field that was `was` when it was read, is `theirs` by now, and would have become `yours`; in words."""

    field: str
    label: str
    was: str
    theirs: str
    yours: str


@dataclass(frozen=True)
class Merge:
    """What of a change is to be written, what stays because only somebody else changed it, and what both changed."""

    write: Mapping[str, Any]
    keep: Mapping[str, Any] = field(default_factory=dict)
    collisions: Sequence[Collision] = ()


class FieldsChanged(Conflict):
    """Somebody else set the same fields since they were read. `version` is the record's by now."""

    message = gettext_lazy(
        "Somebody changed the same fields in the meantime: %(labels)s. Keep what stands there, or save yours again."
    )

    def __init__(self, merge: Merge, version: int) -> None:
        super().__init__(labels=listed(one.label for one in merge.collisions))
        self.merge, self.version = merge, version

    @property
    def collisions(self) -> Sequence[Collision]:
        return self.merge.collisions

    @property
    def fields(self) -> dict[str, list[str]]:
        """By field, what it was, is, and would have become."""
        text = _("It was “%(was)s”, is “%(theirs)s” by now, and you would have written “%(yours)s”.")
        return {
            one.field: [text % {"was": one.was, "theirs": one.theirs, "yours": one.yours}]
            for one in self.collisions
        }


def merge(row: Model, version: int, fields: Mapping[str, Any]) -> Merge:
    """How the fields that somebody wants to set fit onto a row that they read at `version`.

    Raises Conflict where history does not reach back to that version.
    """
    now: Any = row
    if now.version == version:
        return Merge(fields)
    seen = events_of(type(row)).filter(pgh_obj_id=row.pk, version=version).order_by("-pgh_id").first()
    if seen is None:
        raise Conflict
    write, keep, collisions = {}, {}, []
    for name, wanted in fields.items():
        was, theirs, yours = (_plain(value) for value in (_of(seen, name), _of(row, name), wanted))
        if yours == was:
            keep[name] = getattr(row, name)
        elif theirs in (was, yours):
            write[name] = wanted
        else:
            words = (told(type(row), name, value) for value in (was, theirs, yours))
            collisions.append(Collision(name, label_of(type(row), name), *words))
    return Merge(write, keep, collisions)


def settle(row: Model, version: int, fields: Mapping[str, Any]) -> bool:
    """Set what is to be written on a locked row; whether anything is different now.

    Raises FieldsChanged, and Conflict where history does not reach back to that version.
    """
    found, now = merge(row, version, fields), row
    if found.collisions:
        raise FieldsChanged(found, now.version)  # type: ignore[attr-defined]
    changed = {name: value for name, value in found.write.items() if _plain(value) != _plain(_of(row, name))}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _of(row: Any, name: str) -> Any:
    """What stands in a field; of a foreign key the id, without reading its row."""
    return getattr(row, f"{name}_id") if hasattr(row, f"{name}_id") else getattr(row, name)


def _plain(value: Any) -> Any:
    """Values to compare: rows by their id, no text as nothing."""
    if isinstance(value, Model):
        return value.pk
    return None if value == "" else value

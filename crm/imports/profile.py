"""A mapping kept as a JSON file, so that the same kind of file is imported the same way again.

{"kind": …, "map": {field: column}, "set": {field: value for every row}, "values": {field: {cell: what it stands for}}},
and a "comment" for people.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from crm.errors import DomainError


class BadProfile(DomainError):
    code = "bad_profile"
    message = _("%(path)s is not a mapping profile: a JSON object of kind, map, set and values.")
    status = 400


class OtherKind(DomainError):
    code = "profile_of_another_kind"
    message = _("%(path)s is a mapping profile for %(kind)s. Name that kind, or another profile.")
    status = 400


@dataclass
class Profile:
    map: dict[str, str] = field(default_factory=dict)
    set: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)


def load(path: Path, kind: str) -> Profile:
    """Raises BadProfile for a file that is not one, and OtherKind for one that says it is for another kind."""
    try:
        document = dict(json.loads(path.read_text(encoding="utf-8")))
        document.pop("comment", None)
        said = document.pop("kind", kind)
        profile = Profile(**document)
    except (OSError, ValueError, TypeError) as error:
        raise BadProfile(path=path) from error
    if not all(map(_is_of_texts, (profile.map, profile.set, *_parts(profile.values)))):
        raise BadProfile(path=path)
    if said != kind:
        raise OtherKind(path=path, kind=said)
    return profile


def _parts(values: object) -> list[object]:
    """The mappings of `values`, or itself where it is none and so fails the check."""
    return list(values.values()) if isinstance(values, dict) else [values]


def _is_of_texts(part: object) -> bool:
    return isinstance(part, dict) and all(isinstance(text, str) for text in part.values())

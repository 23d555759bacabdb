"""A mapping kept as a JSON file, so that the same kind of file is imported the same way again.

{"kind": …, "map": {field: column}, "set": {field: value for every row}, "values": {field: {cell: what it stands for}}}
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from crm.errors import DomainError

PARTS = {"kind", "comment", "map", "set", "values"}


class BadProfile(DomainError):
    code = "bad_profile"
    message = _("%(path)s is not a mapping profile: a JSON object of kind, map, set and values.")
    status = 400


@dataclass
class Profile:
    kind: str = ""
    map: dict[str, str] = field(default_factory=dict)
    set: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)


def load(path: Path) -> Profile:
    """Raises BadProfile for a file that is not one."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        parts = {name: part for name, part in document.items() if name != "comment"}
        if not set(parts) <= PARTS:
            raise ValueError
        return Profile(**parts)
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise BadProfile(path=path) from error

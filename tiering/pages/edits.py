"""The edits of a draft in words: who changed what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from crm.formats import reads_chinese
from tiering import display
from tiering.core.edit_words import place_words, value_words
from tiering.core.metric import Catalogue
from tiering.models import CriteriaEdit, CriteriaVersion
from tiering.selectors.catalogue import policy_catalogue
from tiering.selectors.lifecycle import edits_of

MOST: Final = 100


@dataclass(frozen=True)
class Changed:
    """One place that was edited, and what stood there before and after; empty where nothing did."""

    place: str
    old: str
    new: str


@dataclass(frozen=True)
class EditLine:
    """What one person changed at once."""

    edit: CriteriaEdit
    changed: list[Changed]


def edit_lines(version: CriteriaVersion) -> list[EditLine]:
    """The latest edits of a version, the last one first."""
    names, language = policy_catalogue(), "zh" if reads_chinese() else "en"
    return [
        EditLine(row, [_changed(edit, version.document, language, names) for edit in row.edits])
        for row in edits_of(version)[:MOST]
    ]


def _changed(
    edit: Mapping[str, Any], document: Mapping[str, Any], language: str, names: Catalogue
) -> Changed:
    path = edit["path"]
    place = place_words(document, path, _, language, names)
    if edit["op"] == "move":
        return Changed(place, "", _("moved"))
    is_weight = path.endswith("/weight")

    def shown(side: str) -> str:
        if side not in edit:
            return ""
        return display.weight(edit[side]) if is_weight else value_words(path, edit[side], _, language, names)

    return Changed(place, shown("was"), shown("value"))

"""Edits of a questionnaire's document, each of which gives another document. Pure Python.

Keys are given once and never again within a document, so that answers to several versions can be laid side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Literal

Json = dict[str, Any]
NUMBER = re.compile(r"[a-z]+([0-9]+)")


class NoSuchPlace(KeyError):
    """The document has no section or question of that key (any more)."""


def with_heading(document: Mapping[str, Any], heading: Mapping[str, Any]) -> Json:
    """Another title, introduction, and the like; the sections stay."""
    return {**deepcopy(dict(document)), **heading}


def with_section(document: Mapping[str, Any], key: str | None, title: Mapping[str, str]) -> Json:
    """A section with that title: the one of the key, or a new one at the end. Raises NoSuchPlace."""
    changed = deepcopy(dict(document))
    if key is None:
        new = {"key": _fresh("s", (section["key"] for section in changed["sections"])), "questions": []}
        changed["sections"].append({**new, "title": dict(title)})
    else:
        _section(changed, key)["title"] = dict(title)
    return changed


def with_question(
    document: Mapping[str, Any], section: str, key: str | None, question: Mapping[str, Any]
) -> Json:
    """What a question says: the one of the key, or a new one at the end of the section. Raises NoSuchPlace."""
    changed = deepcopy(dict(document))
    asked = _section(changed, section)["questions"]
    if key is None:
        known = (one["key"] for each in changed["sections"] for one in each["questions"])
        asked.append({**question, "key": _fresh("q", known)})
        return changed
    place = next((place for place, one in enumerate(asked) if one["key"] == key), None)
    if place is None:
        raise NoSuchPlace(key)
    asked[place] = {**question, "key": key}
    return changed


def without(document: Mapping[str, Any], key: str) -> Json:
    """A section with its questions, or a question, left out. Raises NoSuchPlace."""
    changed = deepcopy(dict(document))
    row, place = _place(changed, key)
    del row[place]
    return changed


def moved(document: Mapping[str, Any], key: str, way: Literal["up", "down"]) -> Json:
    """A section, or a question within its section, one place up or down; at the end it stays. Raises NoSuchPlace."""
    changed = deepcopy(dict(document))
    row, place = _place(changed, key)
    target = place + (1 if way == "down" else -1)
    if 0 <= target < len(row):
        row[place], row[target] = row[target], row[place]
    return changed


def _section(document: Json, key: str) -> Json:
    for section in document["sections"]:
        if section["key"] == key:
            found: Json = section
            return found
    raise NoSuchPlace(key)


def _place(document: Json, key: str) -> tuple[list[Json], int]:
    for row in (document["sections"], *(section["questions"] for section in document["sections"])):
        for place, one in enumerate(row):
            if one["key"] == key:
                return row, place
    raise NoSuchPlace(key)


def _fresh(letter: str, known: Iterator[str]) -> str:
    numbers = [int(found[1]) for key in known if (found := NUMBER.fullmatch(key))]
    return f"{letter}{max(numbers, default=0) + 1}"

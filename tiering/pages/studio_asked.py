"""What the page sends with an act, read with care: it raises Invalid for what the page never sends."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from crm.errors import Invalid
from tiering.core.addresses import identity_of, step_to, steps_of, value_at
from tiering.core.editing import Edit
from tiering.pages.studio import Draft

Asked = Mapping[str, Any]
Made = tuple[list[Edit], str | None]
"""The edits of an act, and the id of what has the focus then."""

LONGEST_KEY: Final = 32
LONGEST_NAME: Final = 200


def unusable(name: str) -> Invalid:
    """The refusal of what stands under a name."""
    return Invalid({name: []})


def text_in(asked: Asked, name: str, among: Collection[str] = ()) -> str:
    """A text, one of several where they are given."""
    found = asked.get(name)
    if not isinstance(found, str) or (among and found not in among):
        raise unusable(name)
    return found


def entry_at(draft: Draft, asked: Asked, having: str = "") -> tuple[str, dict[str, Any]]:
    """The path that is asked for, and the object that stands there, with the member that tells what kind it is of."""
    path = text_in(asked, "path")
    found = value_at(draft.data, path)
    if not isinstance(found, dict) or (having and having not in found):
        raise unusable("path")
    return path, found


def list_at(draft: Draft, asked: Asked) -> tuple[str, list[Any]]:
    """The path that is asked for, and the list that stands there."""
    path = text_in(asked, "path")
    found = value_at(draft.data, path)
    if not isinstance(found, list):
        raise unusable("path")
    return path, found


def number_in(asked: Asked, name: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    try:
        number = int(asked.get(name, ""))
    except (TypeError, ValueError, OverflowError):
        raise unusable(name) from None
    if not low <= number <= high:
        raise unusable(name)
    return number


def name_of(entries: Sequence[Any], position: int, listed: str) -> str:
    """What an entry of the list at the path `listed` is called in a path."""
    return step_to(entries, position, identity_of(entries, steps_of(listed)[-1]))


def names_in(asked: Asked) -> dict[str, str]:
    """The names of a new entry in both languages; where there is only one, it serves for both."""
    given = asked.get("label")
    if not isinstance(given, dict):
        raise unusable("label")
    texts = {language: str(given.get(language) or "").strip() for language in ("en", "zh")}
    either = next((text for text in texts.values() if text), "")
    if not either:
        raise unusable("label")
    return {language: (text or either)[:LONGEST_NAME] for language, text in texts.items()}


def key_from(name: str, otherwise: str, taken: Collection[str]) -> str:
    """A key that no other entry has, made of a name: “Late payer” is late_payer."""
    wanted = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or otherwise
    keys = [wanted[:LONGEST_KEY], *(f"{wanted[: LONGEST_KEY - 3]}_{number}" for number in range(2, 100))]
    return next(key for key in keys if key not in taken)

"""Places that are edited, and what stands there, in words."""

from collections.abc import Mapping
from typing import Any, Final

from tiering.core.addresses import ABSENT, Json, path_of, steps_of, value_at
from tiering.core.diff import GROUPS, IDENTITY
from tiering.core.diff_words import Name, member_text, place_text, value_text
from tiering.core.metric import Catalogue
from tiering.core.texts import N_
from tiering.core.words import Gettext

LONGEST: Final = 120
"""Characters of a value that are shown."""

_WITHIN: Final = N_("%(place)s › %(name)s")
_NOTHING: Final = N_("nothing")


def parted(document: Json, path: str) -> tuple[tuple[Name, ...], tuple[str, ...]]:
    """The names of a path that have words, and the members and positions that are left of it."""
    steps, place = steps_of(path), []
    at = 0
    while at < len(steps):
        if steps[at] in IDENTITY and at + 1 < len(steps):
            place.append(_entry(document, steps[: at + 2]))
            at += 2
        elif steps[at] in GROUPS and at + 1 < len(steps):
            place.append(Name(steps[at]))
            at += 1
        else:
            break
    return tuple(place), steps[at:]


def place_words(document: Json, path: str, gettext: Gettext, language: str, catalogue: Catalogue) -> str:
    """A place as people call it: Scorecard “Companies” › Financial strength › Leverage › bands › 3 › points.

    Positions are counted from 1, as people do.
    """
    place, rest = parted(document, path)
    words = [place_text(place, gettext, language, catalogue)] if place else []
    for number, step in enumerate(rest):
        within = place if number == 0 else ()
        words.append(
            str(int(step) + 1) if step.isdecimal() else member_text(within, step, catalogue, gettext)
        )
    *outer, told = words
    for name in reversed(outer):
        told = gettext(_WITHIN) % {"place": name, "name": told}
    return told


def value_words(path: str, value: Any, gettext: Gettext, language: str, catalogue: Catalogue) -> str:
    """What stands in a place, shortened: an entry by its label, nothing as such."""
    if value is ABSENT:
        return gettext(_NOTHING)
    if isinstance(value, Mapping) and isinstance(value.get("label"), Mapping):
        text = str(value["label"].get(language))
    else:
        text = value_text(steps_of(path)[-1], value, gettext, catalogue)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _entry(document: Json, steps: tuple[str, ...]) -> Name:
    *_, listed, key = steps
    entry = value_at(document, path_of(steps))
    found: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {}
    return Name(listed, str(found.get(IDENTITY[listed], key)), found.get("label"))

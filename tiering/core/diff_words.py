"""Differences between criteria documents in words. Numbers are shown as they are written, never rounded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tiering.core.conditions import Value, parse
from tiering.core.metric import Catalogue, Metric
from tiering.core.refusals import CriteriaError
from tiering.core.texts import N_
from tiering.core.words import Gettext, render, words

__all__ = ["Gettext", "Name", "member_text", "place_text", "sentence", "value_text"]


@dataclass(frozen=True, slots=True)
class Name:
    """One step of the way to a place: an entry of a list by its key, or an object (without a key)."""

    part: str
    key: str | None = None
    label: Mapping[str, str] | None = None


_NAMED: Final[Mapping[str, str]] = {
    "tiers": N_("Tier “%(name)s”"),
    "scorecards": N_("Scorecard “%(name)s”"),
    "gates": N_("Gate “%(name)s”"),
    "overlays": N_("Overlay “%(name)s”"),
    "axes": N_("Axis “%(name)s”"),
    "levels": N_("Level “%(name)s”"),
}
_GROUPS: Final[Mapping[str, str]] = {
    "policy": N_("Policy"),
    "migration": N_("Migration policy"),
    "up": N_("Moves up"),
    "down": N_("Moves down"),
    "roll_up": N_("Roll-up"),
    "weight_limits": N_("Limits of weights"),
    "missing": N_("Missing values"),
    "categories": N_("Categories"),
    "cutoffs": N_("Placement"),
}
_DOCUMENT: Final = N_("Document")
_WITHIN: Final = N_("%(place)s › %(name)s")

_MEMBERS: Final[Mapping[str, str]] = {
    "format": N_("format"),
    "scheme": N_("scheme"),
    "label": N_("name"),
    "colour": N_("colour step"),
    "note": N_("remarks"),
    "gates": N_("gates"),
    "indicators": N_("indicators"),
    "levels": N_("levels"),
    "axes": N_("axes"),
    "scorecards": N_("scorecards"),
    "tiers": N_("tiers"),
    "subject": N_("kind of subject"),
    "rule": N_("rule"),
    "weight": N_("weight"),
    "metric": N_("metric"),
    "unit": N_("unit"),
    "bands": N_("bands"),
    "categories": N_("categories"),
    "max_age_days": N_("maximum age in days"),
    "when": N_("condition"),
    "cutoffs": N_("placement"),
    "steps": N_("steps"),
    "cells": N_("cells"),
    "dimensions": N_("dimensions"),
    "min": N_("minimum"),
    "max": N_("maximum"),
    "effect": N_("effect"),
    "tier": N_("tier"),
    "hard": N_("hard"),
    "points": N_("points"),
    "shift": N_("shift of the cut-offs"),
    "buffer": N_("buffer in points"),
    "dwell_days": N_("days a tier is held"),
    "max_step": N_("tiers at once"),
    "red_flags": N_("red flags"),
    "review_when": N_("moves that a person decides"),
    "overlays": N_("overlays"),
    "policy": N_("policy"),
}
_BY: Final[Mapping[str, str]] = {"roll_up": N_("metric"), "cutoffs": N_("method"), "": N_("notches")}

_SENTENCES: Final[Mapping[str, str]] = {
    "changed": N_("%(place)s: %(member)s %(old)s → %(new)s"),
    "added": N_("%(place)s: %(member)s added: %(new)s"),
    "removed": N_("%(place)s: %(member)s removed: %(old)s"),
}
_WHOLE: Final[Mapping[str, str]] = {
    "added": N_("%(place)s: added"),
    "removed": N_("%(place)s: removed"),
    "moved": N_("%(place)s: now stands after “%(new)s”"),
}
_MOVED_AHEAD: Final = N_("%(place)s: now stands first")


def place_text(place: Sequence[Name], gettext: Gettext, language: str, catalogue: Catalogue) -> str:
    """The names one after the other, from the outside in."""
    if not place:
        return gettext(_DOCUMENT)
    *outer, last = [_name(name, gettext, language, catalogue, place) for name in place]
    for name in reversed(outer):
        last = gettext(_WITHIN) % {"place": name, "name": last}
    return last


def named_members() -> frozenset[str]:
    """The members of a document that have a name in words."""
    return frozenset(_MEMBERS) | frozenset(_GROUPS)


def sentence(
    kind: str,
    where: str,
    place: Sequence[Name],
    member: str | None,
    old: Any,
    new: Any,
    gettext: Gettext,
    catalogue: Catalogue,
) -> str:
    """One difference; ``where`` is its place in words."""
    if member is None:
        first = kind == "moved" and new is None
        return gettext(_MOVED_AHEAD if first else _WHOLE[kind]) % {"place": where, "new": new}
    shown = {
        "old": value_text(member, old, gettext, catalogue),
        "new": value_text(member, new, gettext, catalogue),
    }
    return gettext(_SENTENCES[kind]) % {
        "place": where,
        "member": member_text(place, member, catalogue, gettext),
        **shown,
    }


def value_text(member: str, value: Any, gettext: Gettext, catalogue: Catalogue) -> str:
    """A value of a document as text."""
    if member in ("when", "red_flags", "review_when"):
        return _condition(value, gettext, catalogue)
    match value:
        case None:
            return gettext(_NOT_APPLICABLE)
        case bool():
            return gettext(_YES if value else _NO)
        case float() | int():
            return _number(value)
        case {"en": str(english), "zh": str(chinese)}:
            return f"{english} / {chinese}"
        case [[*_], *_]:
            return " | ".join(", ".join(map(str, row)) for row in value)
        case list():
            return ", ".join(map(_item, value))
        case {"by": "matrix", "cells": cells}:
            return f"matrix: {value_text('cells', cells, gettext, catalogue)}"
        case {"by": by, "steps": steps}:
            return f"{by}: {value_text('steps', steps, gettext, catalogue)}"
        case _:
            return str(value)


_NOT_APPLICABLE: Final = N_("not applicable")
_YES: Final = N_("yes")
_NO: Final = N_("no")


def _name(name: Name, gettext: Gettext, language: str, catalogue: Catalogue, place: Sequence[Name]) -> str:
    if name.key is None:
        return gettext(_GROUPS[name.part])
    if name.part == "indicators":
        return gettext(catalogue[name.key].label) if name.key in catalogue else name.key
    label = (name.label or {}).get(language, name.key)
    return gettext(_NAMED[name.part]) % {"name": label} if name.part in _NAMED else label


def _metric(place: Sequence[Name], catalogue: Catalogue) -> Metric | None:
    """The metric of the indicator that the place is in."""
    keys = [name.key for name in place if name.part == "indicators" and name.key]
    return catalogue.get(keys[-1]) if keys else None


def member_text(place: Sequence[Name], member: str, catalogue: Catalogue, gettext: Gettext) -> str:
    """What a member of a place is called: a category by its label, any other by its name."""
    inside, metric = place[-1].part if place else "", _metric(place, catalogue)
    if inside == "categories":
        label = metric.categories.get(member, member) if metric else member
        return f"“{gettext(label)}”"
    if member == "by":
        return gettext(_BY.get(inside, _BY[""]))
    return gettext(_MEMBERS.get(member) or _GROUPS.get(member, member))


def _condition(value: Any, gettext: Gettext, catalogue: Catalogue) -> str:
    if value is None:
        return ""
    try:
        return render(words(parse(value), catalogue), gettext, _exact)
    except CriteriaError:
        return str(value)


def _exact(value: Value, metric: Metric | None, gettext: Gettext) -> str:
    if isinstance(value, str):
        return gettext(metric.categories.get(value, value)) if metric else value
    return _number(value)


def _item(item: Any) -> str:
    match item:
        case {"lo": lo, "hi": hi, "points": points}:
            low = "(−∞" if lo is None else f"[{_number(lo)}"
            high = "∞" if hi is None else _number(hi)
            return f"{low}, {high}) {points}"
        case {"tier": tier, "min": edge} | {"tier": tier, "share": edge}:
            return f"{tier} {_number(edge)}"
        case {"key": key} | {"metric": key}:
            return str(key)
        case _:
            return str(item)


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")

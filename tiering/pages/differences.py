"""What one version does differently from another, laid out by place: old beside new, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.formats import listed, reads_chinese
from tiering import display
from tiering.core.conditions import parse
from tiering.core.diff import Difference, differences
from tiering.core.diff_words import Name, member_text, place_text, value_text
from tiering.core.document import Band, Document
from tiering.core.metric import Catalogue
from tiering.core.refusals import CriteriaError
from tiering.models import CriteriaVersion
from tiering.pages.criteria import overlay_text
from tiering.pages.rules import gate_effect, share_text
from tiering.pages.versions import ICONS
from tiering.selectors.catalogue import policy_catalogue
from tiering.selectors.criteria import document_of

SECTIONS: Final[Mapping[str, str]] = {
    "scorecards": "scorecards",
    "cutoffs": "placement",
    "gates": "gates",
    "overlays": "overlays",
    "migration": "migration",
    "review_when": "review",
    "tiers": "tiers",
}
"""The part of a document → the section of the studio in which it is edited."""
TITLED: Final = frozenset({"cutoffs", "gates", "overlays", "policy"})
"""Members of the document that have a heading of their own."""


@dataclass(frozen=True)
class Part:
    """One line of a value that has several: a band, a category, a cut-off. A side is empty where it has no such."""

    text: str
    old: str
    new: str


@dataclass(frozen=True)
class Row:
    """One difference: where, what, and both sides; `parts` instead where a list differs in some of its lines."""

    kind: str
    icon: str
    place: str
    member: str
    old: str
    new: str
    parts: list[Part]


@dataclass(frozen=True)
class Group:
    """The differences of one part of the document; `section` is where the studio edits it, empty where nowhere."""

    title: str
    section: str
    rows: list[Row]


@dataclass(frozen=True)
class _Sides:
    """Both documents as values, and the metrics that they may name."""

    old: Document
    new: Document
    names: Catalogue


def difference_groups(before: CriteriaVersion | None, after: CriteriaVersion) -> list[Group]:
    """What the later version does differently, by place; against nothing, no groups."""
    if before is None:
        return []
    sides = _Sides(document_of(before), document_of(after), policy_catalogue())
    groups: dict[tuple[str, str], list[Row]] = {}
    for found in differences(before.document, after.document):
        groups.setdefault(_heading(found, sides.names), []).append(_row(found, sides))
    return [Group(title, section, rows) for (title, section), rows in groups.items()]


def count_of(groups: Iterable[Group]) -> int:
    """How many differences there are in all."""
    return sum(len(group.rows) for group in groups)


def _heading(found: Difference, names: Catalogue) -> tuple[str, str]:
    outer = found.place[0].part if found.place else found.member or ""
    inner = found.place[1].part if len(found.place) > 1 else found.member
    section = SECTIONS.get(inner or "", "") if outer == "policy" else SECTIONS.get(outer, "")
    if not found.place and outer in TITLED:
        return capfirst(member_text((), outer, names, _)), section
    return _place(found.place[:1], names), section


def _row(found: Difference, sides: _Sides) -> Row:
    names, inner = sides.names, found.place[1:]
    row = partial(Row, found.kind, ICONS[found.kind], _place(inner, names) if inner else "")
    if found.kind == "moved":
        after = _("now stands after “%(name)s”") % {"name": found.new}
        return row(after if found.new else _("now stands first"), "", "", [])
    titled = found.member is None or (not found.place and found.member in TITLED)
    member = "" if titled else member_text(found.place, found.member or "", names, _)
    if parts := list(_parts(found, names)):
        return row(member, "", "", parts)
    if found.member is None:
        part = found.place[-1].part
        old = "" if found.old is None else _entry_text(part, found.old, sides.old, names)
        new = "" if found.new is None else _entry_text(part, found.new, sides.new, names)
        return row(member, old, new, [])
    old, new = (
        "" if value is None and found.kind != "changed" else _value(found, value, names)
        for value in (found.old, found.new)
    )
    return row(member, old, new, [])


def _place(place: Sequence[Name], names: Catalogue) -> str:
    return place_text(place, _, "zh" if reads_chinese() else "en", names)


def _value(found: Difference, value: Any, names: Catalogue) -> str:
    """The value of a member, with its unit."""
    member = found.member or ""
    inside = found.place[-1].part if found.place else ""
    if member in ("when", "red_flags", "review_when"):
        return "" if value is None else _condition(value, names)
    if member == "weight" or inside == "weight_limits":
        return display.weight(value)
    if member in ("max_age_days", "dwell_days"):
        return display.count_of_days(value)
    return value_text(member, value, _, names)


def _condition(value: Any, names: Catalogue) -> str:
    try:
        return display.condition_text(parse(value), (), names)
    except CriteriaError:
        return str(value)


def _entry_text(part: str, entry: Mapping[str, Any], document: Document, names: Catalogue) -> str:
    """A whole entry of a list in a few words."""
    match part:
        case "gates":
            gate = next(one for one in document.gates if one.key == entry["key"])
            return f"{display.condition_text(gate.when, (), names)} → {gate_effect(gate)}"
        case "overlays":
            overlay = next(one for one in document.overlays if one.key == entry["key"])
            told = overlay_text(overlay, names)
            return f"{told.condition} → {told.effect}"
        case "indicators":
            return f"{display.metric_label(entry['metric'], names)}, {display.weight(entry['weight'])}"
        case "dimensions":
            inner = listed(display.metric_label(one["metric"], names) for one in entry["indicators"])
            return f"{display.weight(entry['weight'])}: {inner}"
        case "scorecards":
            return listed(display.label(one["label"]) for one in entry["dimensions"])
        case _:
            return display.label(entry["label"]) if "label" in entry else str(entry.get("key", ""))


def _parts(found: Difference, names: Catalogue) -> Iterator[Part]:
    """The lines in which two lists differ: bands, steps of a placement, and the bands of what is new."""
    old: Any = found.old or []
    new: Any = found.new or []
    if found.member == "bands" and isinstance(old, list) and isinstance(new, list):
        key = next((name.key for name in reversed(found.place) if name.part == "indicators"), "") or ""
        yield from _lines(_bands(key, old, names), _bands(key, new, names))
    elif found.member in ("cutoffs", "steps") and isinstance(old, list) and isinstance(new, list):
        yield from _lines(_steps(old), _steps(new))
    elif found.kind == "added" and found.member is None and found.place[-1].part == "indicators":
        yield from _lines({}, _bands(new["metric"], new.get("bands", []), names))


def _lines(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Part]:
    for text in [*new, *(text for text in old if text not in new)]:
        if old.get(text) != new.get(text):
            yield Part(text, old.get(text, ""), new.get(text, ""))


def _bands(metric: str, bands: Sequence[Mapping[str, Any]], names: Catalogue) -> dict[str, str]:
    return {
        display.band_text(metric, _band(band), names): value_text("points", band["points"], _, names)
        for band in bands
    }


def _band(band: Mapping[str, Any]) -> Band:
    lo, hi = band.get("lo"), band.get("hi")
    return Band(-inf if lo is None else lo, inf if hi is None else hi, 0)


def _steps(steps: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {
        step["tier"]: share_text(step["share"]) if "share" in step else value_text("min", step["min"], _, {})
        for step in steps
    }

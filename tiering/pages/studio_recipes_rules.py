"""What the buttons beside gates, overlays, segments and tiers do to a draft, as edits (see `studio_recipes`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from tiering.core.addresses import ABSENT, steps_of
from tiering.core.check_scorecards import in_turn
from tiering.core.document import WHOLE
from tiering.core.editing import Edit
from tiering.errors_drafting import TierKeyTaken
from tiering.pages.studio import Draft, path_to
from tiering.pages.studio_asked import (
    LONGEST_NAME,
    Asked,
    Made,
    entry_at,
    key_from,
    names_in,
    text_in,
    unusable,
)
from tiering.pages.studio_gates import GATE_EFFECTS, OVERLAY_EFFECTS
from tiering.pages.studio_tiers import is_settled

MOST_TIERS: Final = 20
BEGIN: Final[Mapping[str, int]] = {"by": -1, "points": -5, "shift": 5}
"""The numbers that effects begin with: a tier worse, five points less, cut-offs five points higher."""

_OF_EFFECT: Final[Mapping[str, tuple[str, ...]]] = {
    "cap": ("tier", "hard"),
    "floor": ("tier", "hard"),
    "fixed": ("tier", "hard"),
    "notches": ("by", "hard"),
    "bonus": ("points",),
    "cutoffs": ("shift",),
}
"""The members that an entry has for its effect."""


def add_gate(draft: Draft, asked: Asked) -> Made:
    """A cap at the worst tier for whom the rules describe."""
    when = asked.get("when")
    if not isinstance(when, dict):
        raise unusable("when")
    entry = {"when": when, **_effect_members(draft, "cap", {})}
    return _add(draft, "gates", names_in(asked), entry)


def add_overlay(draft: Draft, asked: Asked) -> Made:
    """Points taken from the score of whom the rules describe, or of everybody."""
    when = asked.get("when")
    if when is not None and not isinstance(when, dict):
        raise unusable("when")
    entry = {**({"when": when} if when else {}), **_effect_members(draft, "bonus", {})}
    return _add(draft, "overlays", names_in(asked), entry)


def _add(draft: Draft, listed: str, label: Mapping[str, str], entry: Mapping[str, Any]) -> Made:
    key = key_from(label["en"], listed.removesuffix("s"), _keys_of_rules(draft))
    made = {"key": key, "label": label, **entry}
    path = path_to(listed, key)
    edit = (
        Edit("insert", path, value=made, before=None)
        if listed in draft.data
        else Edit("set", listed, value=[made])
    )
    return [edit], f"at-{path}/effect"


def _keys_of_rules(draft: Draft) -> set[str]:
    """Those of gates and overlays together: an overlay must not have the key of a gate."""
    return {entry["key"] for listed in ("gates", "overlays") for entry in draft.data.get(listed, ())}


def duplicate(draft: Draft, asked: Asked) -> Made:
    """A copy of a gate, an overlay or a segment behind it."""
    path, entry = entry_at(draft, asked)
    listed, name = _in_a_list(path)
    entries = draft.data[listed]
    taken = _keys_of_rules(draft) if listed != "scorecards" else {each["key"] for each in entries}
    key = key_from(entry["key"], listed, taken)
    label = {
        "en": f"{entry['label']['en']} (copy)"[:LONGEST_NAME],
        "zh": f"{entry['label']['zh']}（副本）"[:LONGEST_NAME],
    }
    copied = path_to(listed, key)
    edit = Edit("insert", copied, value={**entry, "key": key, "label": label}, before=_after(entries, name))
    return [edit], f"at-{copied}/label/en"


def _in_a_list(path: str) -> tuple[str, str]:
    steps = steps_of(path)
    if len(steps) != 2 or steps[0] not in ("gates", "overlays", "scorecards", "tiers"):
        raise unusable("path")
    return steps[0], steps[1]


def _after(entries: Sequence[Mapping[str, Any]], name: str) -> str | None:
    keys = [entry["key"] for entry in entries]
    following = keys[keys.index(name) + 1 :]
    return following[0] if following else None


def choose_effect(draft: Draft, asked: Asked) -> Made:
    """Another effect of a gate or an overlay: what the old one needed goes, what the new one needs begins with something
    sensible, and what both have stays."""
    path, entry = entry_at(draft, asked, "effect")
    listed, _ = _in_a_list(path)
    offered = GATE_EFFECTS if listed == "gates" else OVERLAY_EFFECTS
    effect = text_in(asked, "value", [key for key, _ in offered])
    wanted = _effect_members(draft, effect, entry)
    had = {member: entry[member] for members in _OF_EFFECT.values() for member in members if member in entry}
    members = dict.fromkeys(["effect", *had, *wanted])
    before = {"effect": entry["effect"], **had}
    edits = [
        Edit("set", f"{path}/{member}", before.get(member, ABSENT), wanted.get(member, ABSENT))
        for member in members
        if before.get(member, ABSENT) != wanted.get(member, ABSENT)
    ]
    return edits, f"at-{path}/effect"


def _effect_members(draft: Draft, effect: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    start: dict[str, Any] = {"hard": False, "tier": draft.data["tiers"][-1]["key"], **BEGIN}
    return {"effect": effect, **{name: entry.get(name, start[name]) for name in _OF_EFFECT[effect]}}


def add_segment(draft: Draft, asked: Asked) -> Made:
    """A copy of the scorecard of everybody else for whom the rules describe, the last to be tried before it."""
    when = asked.get("when")
    if not isinstance(when, dict):
        raise unusable("when")
    label, cards = names_in(asked), draft.data["scorecards"]
    _, default = in_turn(draft.document.scorecards)[-1]
    copied = next(card for card in cards if card["key"] == default.key)
    key = key_from(label["en"], "segment", [card["key"] for card in cards])
    entry = {**copied, "key": key, "label": label, "when": when}
    edit = Edit("insert", path_to("scorecards", key), value=entry, before=default.key)
    return [edit], f"at-{path_to('scorecards', key)}/label/en"


def add_tier(draft: Draft, asked: Asked) -> Made:
    """A tier below all others. It has neither a cut-off nor a gate that leads to it yet."""
    tiers = draft.data["tiers"]
    if len(tiers) >= MOST_TIERS:
        raise unusable("act")
    key = _next_key([tier["key"] for tier in tiers])
    entry = {"key": key, "label": {"en": key, "zh": key}}
    return [Edit("insert", path_to("tiers", key), value=entry, before=None)], f"at-tiers/{key}/label/en"


def _next_key(keys: Sequence[str]) -> str:
    """After A, B comes C; after T1, T2 comes T3."""
    last = keys[-1]
    letters = (
        [chr(code) for code in range(ord(last) + 1, ord("Z") + 1)]
        if len(last) == 1 and last.isupper()
        else []
    )
    stem = last.rstrip("0123456789") or "T"
    numbered = [f"{stem[:8]}{number}" for number in range(len(keys) + 1, len(keys) + 50)]
    return next(key for key in [*letters, *numbered] if key not in keys)


def rename_tier(draft: Draft, asked: Asked) -> Made:
    """Another key for a tier that nobody holds yet, wherever it is named."""
    path, entry = entry_at(draft, asked, "key")
    old, new = entry["key"], text_in(asked, "value").strip()
    taken = {tier["key"] for tier in draft.data["tiers"]}
    if _in_a_list(path)[0] != "tiers" or new in taken or is_settled(draft):
        raise TierKeyTaken(key=new)
    named = [Edit("set", place, old, new) for place, key in named_tiers(draft.data) if key == old]
    return [*named, Edit("set", f"{path}/key", old, new)], f"key-{path_to('tiers', new)}"


def remove_tier(draft: Draft, asked: Asked) -> Made:
    """A tier less, with its cut-offs and shares; gates and cells that name it are told to name another."""
    path, entry = entry_at(draft, asked)
    if _in_a_list(path)[0] != "tiers" or len(draft.data["tiers"]) < 3 or is_settled(draft):
        raise unusable("path")
    edits = [Edit("set", path, entry)]
    for place, placement in placements(draft.data):
        inner, steps = _steps_of(place, placement)
        kept = [step for step in steps if step["tier"] != entry["key"]]
        if kept and len(kept) < len(steps):
            kept[-1] = {**kept[-1], **({"min": 0} if "min" in kept[-1] else {"share": WHOLE})}
            edits.append(Edit("set", inner, steps, kept))
    return edits, "section-tiers"


def placements(document: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Every placement with its place: the document's, and those of scorecards."""
    own = [(path_to("scorecards", card["key"], "cutoffs"), card["cutoffs"])
           for card in document["scorecards"] if "cutoffs" in card]  # fmt: skip
    return [("cutoffs", document["cutoffs"]), *own]


def _steps_of(path: str, placement: Any) -> tuple[str, Sequence[dict[str, Any]]]:
    """The cut-offs or shares of a placement with their place; none of a matrix."""
    if isinstance(placement, list):
        return path, placement
    return f"{path}/steps", placement.get("steps", [])


def named_tiers(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every place that names a tier, with the key that stands there."""
    for listed in ("gates", "overlays"):
        for entry in document.get(listed, ()):
            if "tier" in entry:
                yield path_to(listed, entry["key"], "tier"), entry["tier"]
    for path, placement in placements(document):
        inner, steps = _steps_of(path, placement)
        yield from ((f"{inner}/{at}/tier", step["tier"]) for at, step in enumerate(steps))
        cells = placement.get("cells", ()) if isinstance(placement, dict) else ()
        for row, keys in enumerate(cells):
            yield from ((f"{path}/cells/{row}/{column}", key) for column, key in enumerate(keys))


RULE_RECIPES: Final[Mapping[str, Callable[[Draft, Asked], Made]]] = {
    "add_gate": add_gate,
    "add_overlay": add_overlay,
    "duplicate": duplicate,
    "effect": choose_effect,
    "add_segment": add_segment,
    "add_tier": add_tier,
    "rename_tier": rename_tier,
    "remove_tier": remove_tier,
}

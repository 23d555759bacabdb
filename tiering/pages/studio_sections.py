"""The sections of the criteria studio, and which of them an edit makes out of date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from tiering.core.addresses import ABSENT, path_of, steps_of
from tiering.core.editing import Edit
from tiering.pages.studio import Draft
from tiering.pages.studio_gates import gates_section, overlays_section
from tiering.pages.studio_placement import placement_section
from tiering.pages.studio_policy import migration_section, review_section
from tiering.pages.studio_scorecards import indicator_part, scorecards_section
from tiering.pages.studio_segments import segments_section
from tiering.pages.studio_tiers import tiers_section

Section = Callable[[Draft], dict[str, Any]]
Part = Callable[[Draft, str], dict[str, Any] | None]


def nothing_more(draft: Draft) -> dict[str, Any]:
    """A section that is drawn from the draft alone."""
    return {}


SECTIONS: Final[Mapping[str, Section]] = {
    "scorecards": scorecards_section,
    "placement": placement_section,
    "gates": gates_section,
    "segments": segments_section,
    "overlays": overlays_section,
    "migration": migration_section,
    "review": review_section,
    "tiers": tiers_section,
    "about": nothing_more,
}
"""Each section's name → what its template, tiering/studio/_<name>.html, is given beside `draft` and `version`."""

PARTS: Final[Mapping[str, Part]] = {
    "indicator": indicator_part,
}
"""Parts of sections that are renewed by themselves, as “<name>:<path>”; None for a path that is not there."""

OF_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "tiers": ("tiers", "placement", "gates", "overlays", "review"),
    "cutoffs": ("placement",),
    "gates": ("gates",),
    "overlays": ("overlays",),
    "weight_limits": ("scorecards", "about"),
}
"""Which sections show a member of the document; those that are not named here stand in `about`."""

DRAWN_BY_THE_PAGE: Final = frozenset(
    {"when", "red_flags", "review_when", "buffer", "dwell_days", "max_step", "colour"}
)
"""Members that the page shows rightly whatever is written there, and that others only count or tell of."""

EFFECTS: Final = frozenset({"tier", "hard", "by", "points", "shift"})
"""Members that the line of a gate or an overlay tells of."""

INDICATOR_STEPS: Final = 6
EDGE_STEPS: Final = 9
DRAWN: Final = frozenset({"bands", "categories", "missing", "unit"})
"""The members of an indicator by which its drawing and what is told beside it follow."""


def shown_by(path: str) -> tuple[str, ...]:
    """The sections that show a place."""
    member, *inner = steps_of(path)
    if member == "scorecards":
        if "cutoffs" in inner[1:2]:
            return ("placement",)
        return ("scorecards",) if len(inner) > 2 else ("segments", "scorecards", "placement")
    if member == "policy":
        return ("review",) if inner[:1] == ["review_when"] else ("migration",)
    return OF_MEMBERS.get(member, ("about",))


def outdated_by(edits: Iterable[Edit]) -> list[str]:
    """The sections to be shown anew after edits. A field that holds another value needs nothing of the kind."""
    found = (name for edit in edits for name in _outdated(edit))
    return list(dict.fromkeys(found))


def _outdated(edit: Edit) -> tuple[str, ...]:
    steps = steps_of(edit.path)
    if len(steps) > INDICATOR_STEPS and steps[0] == "scorecards" and steps[4] == "indicators":
        drawn = steps[INDICATOR_STEPS] in DRAWN
        return (f"indicator:{path_of(steps[:INDICATOR_STEPS])}",) if drawn else ()
    if edit.op == "set" and steps[-1] in DRAWN_BY_THE_PAGE:
        return ("segments", "scorecards") if steps[0] == "scorecards" else ()
    if steps[0] in ("gates", "overlays") and steps[-1] in EFFECTS:
        return (steps[0],)
    if edit.op == "set" and _is_plain(edit.was) and _is_plain(edit.value):
        return ()
    return shown_by(edit.path)


def _is_plain(value: Any) -> bool:
    """Whether a value stands in one field: neither a list nor an object, nor nothing at all."""
    return value is not ABSENT and not isinstance(value, list | dict)

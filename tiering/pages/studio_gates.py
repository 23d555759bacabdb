"""Gates and overlays of a draft in the studio: whom each describes, and what it does to the tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy, pgettext_lazy

from tiering import display
from tiering.core.document import Gate, Overlay
from tiering.core.placement import Label
from tiering.pages.conditions import Builder
from tiering.pages.rules import gate_effect, overlay_effect
from tiering.pages.studio import Draft, path_to
from tiering.pages.studio_conditions import builder, new_builder
from tiering.pages.studio_tiers import Scale, ScaleTier, is_settled, reading

GATE_EFFECTS: Final = (
    ("cap", gettext_lazy("no better than")),
    ("floor", gettext_lazy("no worse than")),
    ("fixed", pgettext_lazy("gate", "always")),
    ("notches", gettext_lazy("so many tiers up or down")),
)
OVERLAY_EFFECTS: Final = (
    ("bonus", gettext_lazy("points added to the score")),
    ("cutoffs", gettext_lazy("every cut-off moved by points")),
    *GATE_EFFECTS,
)
BOUNDS: Final = dict(GATE_EFFECTS[:3])
NUMBERS: Final[Mapping[str, str]] = {"notches": "by", "bonus": "points", "cutoffs": "shift"}
"""The member that holds the number of an effect that has one."""


@dataclass(frozen=True)
class Rule:
    """A gate or an overlay as a card of its section.

    `told` says what it does; where that is a tier, `bound` says it without. `number` names the member with the number of
    its effect, empty where the effect names a tier. `binds`: whether it can be hard.
    """

    kind: str
    path: str
    key: str
    label: Label
    when: Builder
    effect: str
    told: str
    bound: str
    tier: ScaleTier | None
    number: str
    binds: bool
    is_first: bool
    is_last: bool

    @property
    def id(self) -> str:
        return self.path.replace("/", "-")

    @property
    def tier_path(self) -> str:
        return f"{self.path}/tier"

    @property
    def title(self) -> str:
        return display.label(self.label)


def gates_section(draft: Draft) -> dict[str, Any]:
    """What the template of the gates is given."""
    scale, gates = Scale(draft.document), draft.document.gates
    rules = [
        _rule(draft, scale, "gates", number, gate, gate_effect(gate), needed=True)
        for number, gate in enumerate(gates)
    ]
    return {
        "rules": rules,
        "tiers": scale.tiers,
        "effects": GATE_EFFECTS,
        "new": new_builder("gate"),
        "worst": scale.tiers[-1],
        "language": reading(),
    }


def overlays_section(draft: Draft) -> dict[str, Any]:
    """What the template of the overlays is given; `scheme` is where they are switched on once they are published."""
    scale, overlays = Scale(draft.document), draft.document.overlays
    rules = [
        _rule(draft, scale, "overlays", number, overlay, overlay_effect(overlay), needed=False)
        for number, overlay in enumerate(overlays)
    ]
    return {
        "rules": rules,
        "tiers": scale.tiers,
        "effects": OVERLAY_EFFECTS,
        "new": new_builder("overlay", needed=False, without=str(EVERYBODY)),
        "worst": scale.tiers[-1],
        "language": reading(),
        "scheme": draft.version.criteria.scheme,
        "is_settled": is_settled(draft),
    }


EVERYBODY: Final = gettext_lazy("everybody")


def _rule(
    draft: Draft, scale: Scale, listed: str, number: int, rule: Gate | Overlay, told: str, *, needed: bool
) -> Rule:
    entries: Sequence[Mapping[str, Any]] = draft.data[listed]
    keys, entry = [each["key"] for each in entries], entries[number]
    path = path_to(listed, rule.key)
    when = builder(
        draft, f"{path}/when", entry.get("when"), needed=needed, without="" if needed else str(EVERYBODY)
    )
    return Rule(
        kind=listed,
        path=path,
        key=rule.key,
        label=rule.label,
        when=when,
        effect=entry["effect"],
        told=told,
        bound=str(BOUNDS.get(entry["effect"], "")),
        tier=scale.named(entry["tier"]) if "tier" in entry else None,
        number=NUMBERS.get(entry["effect"], ""),
        binds=entry["effect"] in ("cap", "fixed"),
        is_first=number == 0,
        is_last=number == len(keys) - 1,
    )

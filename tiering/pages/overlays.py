"""Overlays as pages and the API tell them: what each does, whether it is on, and who asked for and approved what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import pgettext_lazy

from crm.models import User
from tiering.core.document import Document
from tiering.models import OverlayActivation
from tiering.pages.criteria import OverlayText, overlay_text
from tiering.selectors.catalogue import catalogue_of

State = Literal["waiting", "lapsed", "planned", "on", "over"]
STATES = {
    "waiting": pgettext_lazy("overlay", "waits for approval"),
    "lapsed": pgettext_lazy("overlay", "never approved"),
    "planned": pgettext_lazy("overlay", "approved"),
    "on": pgettext_lazy("overlay", "on"),
    "over": pgettext_lazy("overlay", "over"),
}


@dataclass(frozen=True)
class Switch:
    """A stretch of time for which an overlay was asked to be on.

    `waiting` for approval, `lapsed` when it ended before anybody approved it, `planned`, `on`, or `over`. `may_approve`:
    the reader may; `is_own`: may not, having asked for it.
    """

    activation: OverlayActivation
    state: State
    may_approve: bool
    is_own: bool

    @property
    def is_open(self) -> bool:
        """Whether it can still come about, go on, or be ended."""
        return self.state in ("waiting", "planned", "on")

    @property
    def state_text(self) -> str:
        return str(STATES[self.state])


@dataclass(frozen=True)
class OverlayLine:
    """An overlay, and every time it was asked for, the latest first; `text` is None where the criteria in effect do not
    have it any more."""

    key: str
    text: OverlayText | None
    switches: list[Switch]

    @property
    def current(self) -> Switch | None:
        """The stretch that it is on for at the moment."""
        return next((switch for switch in self.switches if switch.state == "on"), None)

    @property
    def waits(self) -> bool:
        """Whether somebody asked for it and nobody has approved that yet."""
        return any(switch.state == "waiting" for switch in self.switches)

    @property
    def is_on(self) -> bool:
        return self.text is not None and self.current is not None

    @property
    def open(self) -> list[Switch]:
        return [switch for switch in self.switches if switch.is_open]

    @property
    def past(self) -> list[Switch]:
        return [switch for switch in self.switches if not switch.is_open]


def overlay_lines(
    document: Document, activations: Sequence[OverlayActivation], now: datetime, user: User
) -> list[OverlayLine]:
    """A line for each overlay of the document, then one for each that was switched on under an earlier version."""
    names = catalogue_of(document)
    texts = {overlay.key: overlay_text(overlay, names) for overlay in document.overlays}
    former = dict.fromkeys(row.overlay for row in activations if row.overlay not in texts)
    switches = [switch_of(row, now, user) for row in activations]
    return [
        OverlayLine(key, texts.get(key), [one for one in switches if one.activation.overlay == key])
        for key in [*texts, *former]
    ]


def switch_of(activation: OverlayActivation, now: datetime, user: User) -> Switch:
    """The activation with its state at a moment, and what the user may do about it."""
    state, own = _state(activation, now), activation.requested_by_id == user.pk
    approves = state == "waiting" and user.has_perm("tiering.publish_criteria")
    return Switch(activation, state, may_approve=approves and not own, is_own=approves and own)


def _state(activation: OverlayActivation, now: datetime) -> State:
    over = activation.is_void or (activation.ends is not None and activation.ends <= now)
    if activation.approved_by_id is None:
        return "lapsed" if over else "waiting"
    if over:
        return "over"
    return "planned" if activation.starts > now else "on"

"""The rules of a criteria document in words: what gates, overlays and movements do, and where steps begin."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tiering import display
from tiering.core.catalogue import POLICY_METRICS
from tiering.core.document import Gate, Movement, Overlay, RollUp
from tiering.core.ladder import RuleKind
from tiering.core.metric import Catalogue
from tiering.core.placement import RankCutoffs


def gate_effect(gate: Gate) -> str:
    """What a gate does to the tier."""
    if gate.effect == "notches":
        size = abs(gate.notches)
        text = (
            ngettext("%(tiers)d tier better", "%(tiers)d tiers better", size)
            if gate.notches > 0
            else ngettext("%(tiers)d tier worse", "%(tiers)d tiers worse", size)
        )
        return text % {"tiers": size}
    texts = {
        "cap": _("no better than {tier}"),
        "floor": _("no worse than {tier}"),
        "fixed": _("always {tier}"),
    }
    return texts[gate.effect].format(tier=gate.tier)


def overlay_effect(overlay: Overlay) -> str:
    """What an overlay does while it is switched on."""
    if overlay.gate:
        return gate_effect(overlay.gate)
    size = display.count_of_points(abs(overlay.shift))
    if overlay.effect == "bonus":
        text = _("{points} more") if overlay.shift > 0 else _("{points} less")
    else:
        text = _("cut-offs lower by {points}") if overlay.shift > 0 else _("cut-offs higher by {points}")
    return text.format(points=size)


def rule_text(kind: RuleKind, limit: int) -> str:
    """A rule of the migration policy."""
    match kind:
        case "buffer":
            return _("the score must pass the cut-off by {points}").format(
                points=display.count_of_points(limit)
            )
        case "dwell":
            return _("after the tier in force has been held for {days}").format(
                days=display.count_of_days(limit)
            )
        case "step":
            return _("by {tiers} at most").format(tiers=display.count_of_tiers(limit))


def movement_texts(movement: Movement) -> list[str]:
    """The rules for one direction; none when the tier moves at once and all the way."""
    return list(_movement(movement))


def _movement(movement: Movement) -> Iterator[str]:
    if movement.buffer:
        yield rule_text("buffer", movement.buffer)
    if movement.dwell_days:
        yield rule_text("dwell", movement.dwell_days)
    if movement.max_step is not None:
        yield rule_text("step", movement.max_step)


def share_text(share: int) -> str:
    """Which part of the whole the steps of a rank reach up to here."""
    return _("the first {share}").format(share=display.weight(share))


def ranking_text(placement: RankCutoffs, catalogue: Catalogue = POLICY_METRICS) -> str:
    """By what a rank placement ranks."""
    if placement.metric is None:
        return _("By rank of the score, as shares of all who are placed together")
    return _("By rank of {metric}, as shares of its total over all who are placed together").format(
        metric=display.metric_label(placement.metric, catalogue)
    )


def roll_up_text(roll_up: RollUp, names: Catalogue) -> str:
    """Which of its projects decides the tier that a client has as a whole."""
    match roll_up.rule:
        case "best":
            return _("The best of its projects decides.")
        case "worst":
            return _("The worst of its projects decides.")
        case "largest":
            metric = display.metric_label(roll_up.by or "", names)
            return _("The project with the largest value decides: {metric}.").format(metric=metric)

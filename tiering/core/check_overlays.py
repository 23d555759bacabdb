"""What makes an overlay senseless: keys that gates use, effects that cannot reach those they are for, and bonuses for
not being known."""

from collections.abc import Iterator

from tiering.core.check_conditions import check_selective, is_sound
from tiering.core.check_gates import check_effect, check_not_for_missing, lifts
from tiering.core.check_keys import check_unique
from tiering.core.check_metrics import Vocabulary
from tiering.core.check_scorecards import EVERYBODY, in_turn
from tiering.core.document import Document, Overlay, Scorecard
from tiering.core.placement import Matrix, RankCutoffs
from tiering.core.reach import met_together
from tiering.core.refusals import Refusal
from tiering.core.texts import N_

Refusals = Iterator[Refusal]


def check_overlays(document: Document, vocabulary: Vocabulary) -> Refusals:
    """Every reason for refusing the overlays of the document."""
    yield from check_unique("$.overlays", (overlay.key for overlay in document.overlays))
    gates = {gate.key for gate in document.gates}
    for number, overlay in enumerate(document.overlays):
        path = f"$.overlays[{number}]"
        if overlay.key in gates:
            yield _key_of_a_gate(overlay, f"{path}.key")
        refusals = check_selective(overlay.when, vocabulary, f"{path}.when") if overlay.when else ()
        yield from refusals
        if overlay.gate:
            yield from check_effect(overlay.gate, path, document)
        if refusals:
            continue
        if overlay.when and (overlay.shift > 0 or (overlay.gate and lifts(overlay.gate, document))):
            yield from check_not_for_missing(overlay.key, overlay.when, vocabulary, f"{path}.when")
        if not overlay.gate:
            yield from _moves_scores(overlay, path, document, vocabulary)


def is_placed_by_score(document: Document, card: Scorecard) -> bool:
    """Whether a higher score leads to a better tier, so that points more or less mean something."""
    placement = document.placement_of(card)
    by_metric = isinstance(placement, RankCutoffs) and placement.metric is not None
    return not by_metric and not isinstance(placement, Matrix)


def _key_of_a_gate(overlay: Overlay, path: str) -> Refusal:
    return Refusal(
        "overlay_key_of_gate", path,
        N_("“%(key)s” is the key of a gate too."),
        N_("Give the overlay a key of its own."),
        {"key": overlay.key},
    )  # fmt: skip


def _moves_scores(overlay: Overlay, path: str, document: Document, vocabulary: Vocabulary) -> Refusals:
    for card in _cards_of(overlay, document, vocabulary):
        if not is_placed_by_score(document, card):
            yield Refusal(
                "overlay_without_effect", f"{path}.effect",
                N_("“%(key)s” moves scores, and clients of the scorecard “%(card)s” are not placed by score."),
                N_("Let its condition leave them out, or use an overlay with the effect of a gate."),
                {"key": overlay.key, "card": card.key},
            )  # fmt: skip


def _cards_of(overlay: Overlay, document: Document, vocabulary: Vocabulary) -> list[Scorecard]:
    """The scorecards of the clients whom the overlay is for; every one when that cannot be told."""
    cards = [card for _, card in in_turn(document.scorecards)]
    whens = [card.when or EVERYBODY for card in cards]
    if overlay.when is None or not all(is_sound(when, vocabulary) for when in whens if when != EVERYBODY):
        return cards
    met = met_together(overlay.when, whens, vocabulary.catalogue)
    return cards if met is None else [card for position, card in enumerate(cards) if position in met]

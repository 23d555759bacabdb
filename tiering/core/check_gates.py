"""What makes a gate senseless: a tier that does not exist, moves beyond the scale, and lifts for not being known."""

from collections.abc import Iterator

from tiering.core.check_conditions import check_selective
from tiering.core.check_keys import check_tiers_exist, check_unique
from tiering.core.check_metrics import Vocabulary
from tiering.core.conditions import Condition
from tiering.core.document import Document, Gate
from tiering.core.reach import helped_by_missing
from tiering.core.refusals import Refusal
from tiering.core.texts import N_

Refusals = Iterator[Refusal]


def check_gates(document: Document, vocabulary: Vocabulary) -> Refusals:
    """Every reason for refusing the gates of the document."""
    yield from check_unique("$.gates", (gate.key for gate in document.gates))
    for number, gate in enumerate(document.gates):
        path = f"$.gates[{number}]"
        refusals = check_selective(gate.when, vocabulary, f"{path}.when")
        yield from refusals
        yield from check_effect(gate, path, document)
        if not refusals and lifts(gate, document):
            yield from check_not_for_missing(gate.key, gate.when, vocabulary, f"{path}.when")


def check_effect(gate: Gate, path: str, document: Document) -> Refusals:
    """What is wrong with the effect of a gate, whoever it is for."""
    if gate.tier is not None:
        yield from check_tiers_exist([(f"{path}.tier", gate.tier)], document.ranks)
    farthest = len(document.tiers) - 1
    if abs(gate.notches) > farthest:
        yield Refusal(
            "notches_beyond_scale", f"{path}.by",
            N_("A scale of %(count)s tiers has no %(notches)s steps."),
            N_("Write at most %(farthest)s."),
            {"count": len(document.tiers), "notches": abs(gate.notches), "farthest": farthest},
        )  # fmt: skip


def lifts(gate: Gate, document: Document) -> bool:
    """Whether the gate can lead to a better tier."""
    if gate.tier is None:
        return gate.notches > 0
    return gate.effect != "cap" and document.ranks.get(gate.tier) != len(document.tiers) - 1


def check_not_for_missing(key: str, when: Condition, vocabulary: Vocabulary, path: str) -> Refusals:
    """Refuses a condition that leads to something better and can be met for lack of data."""
    if helped_by_missing(when, vocabulary.catalogue):
        yield Refusal(
            "missing_lifts", path,
            N_("“%(key)s” would lift a client because something about it is not known."),
            N_("Ask for known values only, or use a cap."),
            {"key": key},
        )  # fmt: skip

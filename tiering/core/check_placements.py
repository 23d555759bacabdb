"""What makes cut-offs by score or by rank senseless: steps that skip, cross, or leave somebody without a tier."""

from collections.abc import Iterator
from itertools import pairwise

from tiering.core.check_keys import check_tiers_exist
from tiering.core.check_matrix import check_matrix
from tiering.core.check_metrics import Vocabulary, number_expected
from tiering.core.document import WHOLE, Document, points
from tiering.core.placement import Cutoff, Placement, RankCutoffs, RankStep, ScoreCutoffs
from tiering.core.refusals import Refusal
from tiering.core.texts import N_

Refusals = Iterator[Refusal]


def check_placements(document: Document, vocabulary: Vocabulary) -> Refusals:
    """Every reason for refusing the placements of the document and of its scorecards."""
    shared = [number for number, card in enumerate(document.scorecards) if card.placement is None]
    yield from _placement("$.cutoffs", document.placement, shared, document, vocabulary)
    for number, card in enumerate(document.scorecards):
        if card.placement:
            path = f"$.scorecards[{number}].cutoffs"
            yield from _placement(path, card.placement, [number], document, vocabulary)


def _placement(
    path: str, placement: Placement, cards: list[int], document: Document, vocabulary: Vocabulary
) -> Refusals:
    match placement:
        case ScoreCutoffs(steps):
            yield from _cutoffs(path, steps, document)
        case RankCutoffs():
            yield from _ranks(path, placement, document, vocabulary)
        case _:
            yield from check_matrix(path, placement, cards, document)


def _cutoffs(path: str, cutoffs: tuple[Cutoff, ...], document: Document) -> Refusals:
    unknown = list(_unknown_tiers(path, cutoffs, document))
    if unknown:
        yield from unknown
        return
    for number, (better, cut) in enumerate(pairwise(cutoffs), 1):
        if document.ranks[better.tier] >= document.ranks[cut.tier] or better.minimum <= cut.minimum:
            yield Refusal(
                "cutoffs_out_of_order", f"{path}[{number}]",
                N_("“%(tier)s” from %(minimum)s points does not follow “%(better)s” from %(better_minimum)s points."),
                N_("List the tiers from best to worst, each with a lower minimum than the one before."),
                {
                    "tier": cut.tier, "minimum": shown(cut.minimum),
                    "better": better.tier, "better_minimum": shown(better.minimum),
                },
            )  # fmt: skip
    if cutoffs[-1].minimum != 0:
        yield Refusal(
            "cutoffs_leave_gap", f"{path}[{len(cutoffs) - 1}].min",
            N_("A score below %(minimum)s points belongs to no tier."),
            N_("Let the last tier begin at 0."),
            {"minimum": shown(cutoffs[-1].minimum)},
        )  # fmt: skip


def _ranks(path: str, placement: RankCutoffs, document: Document, vocabulary: Vocabulary) -> Refusals:
    if placement.metric is not None:
        metric = vocabulary.metric(placement.metric)
        if metric is None:
            yield vocabulary.refusal(placement.metric, f"{path}.metric")
        elif not metric.is_number:
            yield number_expected(f"{path}.metric", metric.key)
    yield from _steps(f"{path}.steps", placement.steps, document)


def _steps(path: str, steps: tuple[RankStep, ...], document: Document) -> Refusals:
    unknown = list(_unknown_tiers(path, steps, document))
    if unknown:
        yield from unknown
        return
    for number, (better, step) in enumerate(pairwise(steps), 1):
        if document.ranks[better.tier] >= document.ranks[step.tier] or better.share >= step.share:
            yield Refusal(
                "steps_out_of_order", f"{path}[{number}]",
                N_("“%(tier)s” up to a share of %(share)s does not follow “%(better)s” up to %(better_share)s."),
                N_("List the tiers from best to worst, each with a greater share than the one before."),
                {"tier": step.tier, "share": step.share, "better": better.tier, "better_share": better.share},
            )  # fmt: skip
    if steps[-1].share != WHOLE:
        yield Refusal(
            "steps_leave_rest", f"{path}[{len(steps) - 1}].share",
            N_("The last share is %(share)s basis points, and clients beyond it belong to no tier."),
            N_("Let the last share be %(whole)s."),
            {"share": steps[-1].share, "whole": WHOLE},
        )  # fmt: skip


def _unknown_tiers(
    path: str, steps: tuple[Cutoff, ...] | tuple[RankStep, ...], document: Document
) -> Refusals:
    tiers = [step.tier for step in steps]
    named = ((f"{path}[{number}].tier", tier) for number, tier in enumerate(tiers))
    return check_tiers_exist(named, document.ranks)


def shown(score: int) -> str:
    """A score in points, without trailing zeros."""
    return f"{points(score).normalize():f}"

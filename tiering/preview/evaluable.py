"""Which drafts can be previewed although they may not be submitted yet."""

from collections.abc import Iterable, Sequence
from typing import Final

from tiering.core.check import check
from tiering.core.document import Document
from tiering.core.refusals import Refusal
from tiering.selectors.catalogue import open_catalogue

HARMLESS: Final = frozenset(
    {
        "age_beyond_metric", "age_not_known", "axis_without_weight", "buffer_without_effect", "cells_not_monotone",
        "condition_always_holds", "condition_empty", "condition_never_holds", "dimension_on_axes_twice",
        "dimension_on_no_axis", "gate_without_effect", "metric_read_twice", "migration_without_effect",
        "missing_lifts", "missing_scores_best", "never_applicable", "notches_beyond_scale",
        "overlay_without_effect", "points_not_used", "red_flags_without_effect", "roll_up_by_equal",
        "roll_up_by_misplaced", "roll_up_missing", "roll_up_not_used", "scale_flat", "shadowed_scorecard",
        "step_beyond_scale", "tier_unreachable", "weight_limits_crossed", "weight_limits_unreachable",
        "weight_outside_limits", "weights_not_whole",
    }
)  # fmt: skip
"""What makes criteria unwise and yet leaves no doubt about anybody's tier: weights count in proportion, for one."""


def refusals_of(document: Document) -> Sequence[Refusal]:
    """Everything that keeps a document from being submitted."""
    return check(document, open_catalogue())


def obstacles(refusals: Iterable[Refusal]) -> list[Refusal]:
    """Those of the refusals because of which a document gives no tiers; where there are none it can be previewed."""
    return [refusal for refusal in refusals if refusal.code not in HARMLESS]

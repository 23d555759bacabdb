from tiering.models.criteria import CriteriaSet, CriteriaVersion, Tier, TierScheme
from tiering.models.reviews import Proposal
from tiering.models.runs import RetierRequest, RunChunk, TieringRun
from tiering.models.tiers import Assessment, Assignment, Facts

__all__ = [
    "Assessment",
    "Assignment",
    "CriteriaSet",
    "CriteriaVersion",
    "Facts",
    "Proposal",
    "RetierRequest",
    "RunChunk",
    "Tier",
    "TierScheme",
    "TieringRun",
]

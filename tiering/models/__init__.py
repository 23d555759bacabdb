from tiering.models.alerts import Alert, Covenant, WarningRound
from tiering.models.benchmarks import PortfolioBenchmark
from tiering.models.calibration import Calibration, Segmentation
from tiering.models.consequences import FacilityChange, TierChange
from tiering.models.criteria import CriteriaSet, CriteriaVersion, Tier, TierScheme
from tiering.models.drafting import CriteriaEdit, CriteriaStep, CriteriaTest
from tiering.models.overlays import OverlayActivation
from tiering.models.overrides import Override, OverrideVote
from tiering.models.periodic import PeriodicReview, ReviewDay
from tiering.models.policies import Policy, PolicyStep, PolicyVersion
from tiering.models.probability import ScoreCurve
from tiering.models.quality import DataGap, DataQuality, QualityRound
from tiering.models.remarks import Remark
from tiering.models.review_work import ReviewView, ReviewWork
from tiering.models.reviews import Proposal
from tiering.models.runs import RetierRequest, RunChunk, TieringRun, TrialResult
from tiering.models.sources import SourceConflict, SourceDecision
from tiering.models.tiers import Assessment, Assignment, Facts, ProjectFacts
from tiering.models.validation import ChallengeNight, Challenger, Validation
from tiering.models.votes import Committee, Vote
from tiering.models.watchlist import AssetClass, MayLeave, WatchlistEntry, WatchlistReview

__all__ = [
    "Alert",
    "Assessment",
    "AssetClass",
    "Assignment",
    "Calibration",
    "ChallengeNight",
    "Challenger",
    "Committee",
    "Covenant",
    "CriteriaEdit",
    "CriteriaSet",
    "CriteriaStep",
    "CriteriaTest",
    "CriteriaVersion",
    "DataGap",
    "DataQuality",
    "FacilityChange",
    "Facts",
    "MayLeave",
    "OverlayActivation",
    "Override",
    "OverrideVote",
    "PeriodicReview",
    "Policy",
    "PolicyStep",
    "PolicyVersion",
    "PortfolioBenchmark",
    "ProjectFacts",
    "Proposal",
    "QualityRound",
    "Remark",
    "RetierRequest",
    "ReviewDay",
    "ReviewView",
    "ReviewWork",
    "RunChunk",
    "ScoreCurve",
    "Segmentation",
    "SourceConflict",
    "SourceDecision",
    "Tier",
    "TierChange",
    "TierScheme",
    "TieringRun",
    "TrialResult",
    "Validation",
    "Vote",
    "WarningRound",
    "WatchlistEntry",
    "WatchlistReview",
]

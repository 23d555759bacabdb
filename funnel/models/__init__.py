"""Pipelines with their stages and gates, the cases that move through them, and the work on those cases."""

from funnel.models.cases import Case, StageMove
from funnel.models.lapses import GateLapse
from funnel.models.lead_sources import LeadSource, Screening
from funnel.models.parties import CaseParty
from funnel.models.pipelines import ClosingReason, Pipeline, Stage, StageGate
from funnel.models.prospect_edits import ProspectEdit, ProspectEditItem
from funnel.models.prospect_finding import ProspectSearch
from funnel.models.prospects import (
    Prospect,
    ProspectContact,
    ProspectKey,
    ProspectReveal,
    ProspectScore,
    ProspectTwin,
)
from funnel.models.rates import ExchangeRate, book_currency
from funnel.models.recuts import Recut
from funnel.models.targets import Target
from funnel.models.term_sheets import TermSheet
from funnel.models.versions import PipelineVersion
from funnel.models.work import Approval, CaseDocument, CheckItem, CoLender, GateWaiver, TeamMember

__all__ = [
    "Approval",
    "Case",
    "CaseDocument",
    "CaseParty",
    "CheckItem",
    "ClosingReason",
    "CoLender",
    "ExchangeRate",
    "GateLapse",
    "GateWaiver",
    "LeadSource",
    "Pipeline",
    "PipelineVersion",
    "Prospect",
    "ProspectContact",
    "ProspectEdit",
    "ProspectEditItem",
    "ProspectKey",
    "ProspectReveal",
    "ProspectScore",
    "ProspectSearch",
    "ProspectTwin",
    "Recut",
    "Screening",
    "Stage",
    "StageGate",
    "StageMove",
    "Target",
    "TeamMember",
    "TermSheet",
    "book_currency",
]

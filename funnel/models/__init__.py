"""Pipelines, their stages and gates, the financing cases that move through them, and what money is worth elsewhere."""

from funnel.models.cases import Case, StageMove
from funnel.models.pipelines import ClosingReason, Pipeline, Stage, StageGate
from funnel.models.rates import ExchangeRate, book_currency

__all__ = [
    "Case",
    "ClosingReason",
    "ExchangeRate",
    "Pipeline",
    "Stage",
    "StageGate",
    "StageMove",
    "book_currency",
]

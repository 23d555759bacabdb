"""Addresses in the API of how well clients are known, and of what may be asked of them."""

from django.urls import path

from tiering.api.conditions import ConditionFields
from tiering.api.quality import DataGapAsk, DataGapList, Dictionary
from tiering.api.sources import (
    SourceConflictDecide,
    SourceConflictList,
    SourceDecisionList,
    SourceDecisionUndo,
    SourceOrderList,
    SourceOrderRemove,
)

urlpatterns = [
    path("data/gaps/", DataGapList.as_view(), name="data-gap-list"),
    path("data/gaps/ask/", DataGapAsk.as_view(), name="data-gap-ask"),
    path("data/dictionary/", Dictionary.as_view(), name="data-dictionary"),
    path("clients/conditions/", ConditionFields.as_view(), name="client-conditions"),
    path("data/conflicts/", SourceConflictList.as_view(), name="source-conflict-list"),
    path("data/conflicts/<int:pk>/decide/", SourceConflictDecide.as_view(), name="source-conflict-decide"),
    path("data/decisions/", SourceDecisionList.as_view(), name="source-decision-list"),
    path("data/decisions/<int:pk>/undo/", SourceDecisionUndo.as_view(), name="source-decision-undo"),
    path("data/orders/", SourceOrderList.as_view(), name="source-order-list"),
    path("data/orders/<int:pk>/remove/", SourceOrderRemove.as_view(), name="source-order-remove"),
]

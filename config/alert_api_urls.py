"""Addresses of alerts, the watch list, covenants and asset classes in the API."""

from django.urls import path

from tiering.api.alerts import (
    AlertAcknowledge,
    AlertDetail,
    AlertList,
    AlertResolve,
    AlertRetier,
    AlertSnooze,
    AlertTask,
)
from tiering.api.watchlist import (
    AssetClassList,
    AssetClassSummary,
    CovenantEnd,
    CovenantList,
    WatchlistCriteria,
    WatchlistDecide,
    WatchlistEnter,
    WatchlistExit,
    WatchlistList,
    WatchlistReview,
)

urlpatterns = [
    path("alerts/", AlertList.as_view(), name="alert-list"),
    path("alerts/acknowledge/", AlertAcknowledge.as_view(), name="alert-acknowledge"),
    path("alerts/<int:pk>/", AlertDetail.as_view(), name="alert-detail"),
    path("alerts/<int:pk>/snooze/", AlertSnooze.as_view(), name="alert-snooze"),
    path("alerts/<int:pk>/resolve/", AlertResolve.as_view(), name="alert-resolve"),
    path("alerts/<int:pk>/task/", AlertTask.as_view(), name="alert-task"),
    path("alerts/<int:pk>/retier/", AlertRetier.as_view(), name="alert-retier"),
    path("watchlist/", WatchlistList.as_view(), name="watchlist-list"),
    path("clients/<int:pk>/watchlist/", WatchlistEnter.as_view(), name="watchlist-enter"),
    path("watchlist/<int:pk>/review/", WatchlistReview.as_view(), name="watchlist-review"),
    path("watchlist/<int:pk>/criteria/", WatchlistCriteria.as_view(), name="watchlist-criteria"),
    path("watchlist/<int:pk>/exit/", WatchlistExit.as_view(), name="watchlist-exit"),
    path("watchlist/<int:pk>/decide/", WatchlistDecide.as_view(), name="watchlist-decide"),
    path("clients/<int:pk>/covenants/", CovenantList.as_view(), name="covenant-list"),
    path("covenants/<int:pk>/end/", CovenantEnd.as_view(), name="covenant-end"),
    path("clients/<int:pk>/asset-classes/", AssetClassList.as_view(), name="asset-class-list"),
    path("asset-classes/", AssetClassSummary.as_view(), name="asset-class-summary"),
]

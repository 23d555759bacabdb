"""Addresses of alerts, the watch list, and early warnings as drafts."""

from django.urls import path

from tiering.views import alerts, conditions, warnings, watchlist

urlpatterns = [
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/acknowledge/", alerts.acknowledge_many, name="alerts-acknowledge"),
    path("alerts/<int:pk>/", alerts.alert, name="alert"),
    path("alerts/<int:pk>/acknowledge/", alerts.acknowledge, name="alert-acknowledge"),
    path("alerts/<int:pk>/snooze/", alerts.snooze, name="alert-snooze"),
    path("alerts/<int:pk>/resolve/", alerts.resolve, name="alert-resolve"),
    path("alerts/<int:pk>/task/", alerts.make_task, name="alert-task"),
    path("alerts/<int:pk>/retier/", alerts.retier, name="alert-retier"),
    path("clients/<int:pk>/parts/alerts/", alerts.client_alerts, name="client-alerts"),
    path("watchlist/", watchlist.watchlist, name="watchlist"),
    path("watchlist/<int:pk>/", watchlist.entry, name="watchlist-entry"),
    path("watchlist/<int:pk>/review/", watchlist.review, name="watchlist-review"),
    path("watchlist/<int:pk>/exit/", watchlist.ask_for_exit, name="watchlist-exit"),
    path("watchlist/<int:pk>/decide/", watchlist.decide_exit, name="watchlist-decide"),
    path("watchlist/<int:pk>/criteria/", watchlist.exit_criteria, name="watchlist-criteria"),
    path("watchlist/clients/<int:pk>/", watchlist.watch, name="watch"),
    path("watchlist/clients/<int:pk>/conditions/", conditions.of_exit, name="exit-conditions"),
    path("asset-classes/clients/<int:pk>/", watchlist.client_class, name="client-class"),
    path("covenants/clients/<int:pk>/", watchlist.covenants, name="covenants"),
    path("facilities/<int:pk>/parts/covenants/", watchlist.facility_covenants, name="facility-covenants"),
    path("covenants/<int:pk>/end/", watchlist.covenant_end, name="covenant-end"),
    path("asset-classes/", watchlist.asset_classes, name="asset-classes"),
    path("policies/<int:pk>/warnings/", warnings.edit, name="warnings-edit"),
    path("policies/<int:pk>/warnings/library/", warnings.take_over, name="warnings-library"),
    path("policies/<int:pk>/warnings/trial/", warnings.trial, name="warnings-trial"),
    path("policies/<int:pk>/warnings/<slug:key>/", warnings.indicator, name="warnings-indicator"),
    path("policies/<int:pk>/warnings/<slug:key>/remove/", warnings.remove, name="warnings-remove"),
]

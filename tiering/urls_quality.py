from django.urls import path

from tiering.views import quality, sources

urlpatterns = [
    path("clients/<int:pk>/parts/quality/", quality.client_quality, name="client-quality"),
    path("data/missing/", quality.gaps, name="gaps"),
    path("data/missing/ask/", quality.gaps_ask, name="gaps-ask"),
    path("data/dictionary/", quality.dictionary, name="dictionary"),
    path("today/data/", quality.today_quality, name="today-quality"),
    path("clients/<int:pk>/sources/<slug:metric>/", sources.client_sources, name="client-sources"),
    path("data/decisions/<int:pk>/undo/", sources.decision_undo, name="source-decision-undo"),
    path("data/sources/", sources.orders, name="source-orders"),
    path("data/sources/new/", sources.order_form, name="source-order-new"),
    path("data/sources/<int:pk>/", sources.order_form, name="source-order"),
    path("data/sources/<int:pk>/remove/", sources.order_remove, name="source-order-remove"),
]

from django.urls import path

from tiering.views import quality

urlpatterns = [
    path("clients/<int:pk>/parts/quality/", quality.client_quality, name="client-quality"),
    path("data/missing/", quality.gaps, name="gaps"),
    path("data/missing/ask/", quality.gaps_ask, name="gaps-ask"),
    path("data/dictionary/", quality.dictionary, name="dictionary"),
    path("today/data/", quality.today_quality, name="today-quality"),
]

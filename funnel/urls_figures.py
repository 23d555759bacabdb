"""Addresses of the past of cases: what comes in."""

from django.urls import path

from funnel.views import imports

past = [
    path("imports/<int:pk>/undo/", imports.undo, name="undo-import"),
]

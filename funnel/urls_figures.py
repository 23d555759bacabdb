"""Addresses of the past of cases: what comes in, and the figures that it tells."""

from django.urls import path

from funnel.views import figures

past = [
    path("figures/", figures.figures, name="figures"),
    path("figures/cases/", figures.figure_cases, name="figure-cases"),
    path("figures/one/<slug:key>/", figures.figure, name="figure"),
    path("figures/<slug:tab>/", figures.figures, name="figures"),
]

"""Addresses of the past of cases: what comes in, and the figures that it tells."""

from django.urls import path

from funnel.views import figures, targets

past = [
    path("figures/", figures.figures, name="figures"),
    path("targets/", targets.targets, name="targets"),
    path("targets/today/", targets.today_targets, name="today-targets"),
    path("figures/cases/", figures.figure_cases, name="figure-cases"),
    path("figures/one/<slug:key>/", figures.figure, name="figure"),
    path("figures/<slug:tab>/", figures.figures, name="figures"),
]

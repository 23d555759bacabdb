from django.urls import path

from tiering.views import bulk_reviews, client_list, client_panels, criteria, reviews, runs, schemes, today

app_name = "tiering"
urlpatterns = [
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/more/", reviews.more, name="reviews-more"),
    path("reviews/confirm/", bulk_reviews.confirm, name="reviews-confirm"),
    path("reviews/decide/", bulk_reviews.decide, name="reviews-decide"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/<int:pk>/decide/", reviews.decide, name="review-decide"),
    path("runs/", runs.runs, name="runs"),
    path("runs/start/", runs.start, name="run-start"),
    path("runs/left-behind/", runs.clients_left_behind, name="left-behind"),
    path("runs/left-behind/retry/", runs.retry_clients, name="left-behind-retry"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/progress/", runs.progress, name="run-progress"),
    path("runs/<int:pk>/retry/", runs.retry, name="run-retry"),
    path("runs/<int:pk>/moves/<str:before>/<str:after>/", runs.moves, name="run-moves"),
    path("criteria/", criteria.in_effect, name="criteria"),
    path("criteria/<int:pk>/", criteria.criteria_version, name="criteria-version"),
    path("schemes/", schemes.scheme_list, name="schemes"),
    path("schemes/<int:pk>/primary/", schemes.choose_primary, name="scheme-primary"),
    path("clients/retier/", client_list.retier_clients, name="retier-clients"),
    path("clients/<int:pk>/parts/tier/", client_panels.badge, name="client-badge"),
    path("clients/<int:pk>/parts/score/", client_panels.figures, name="client-figures"),
    path("clients/<int:pk>/parts/why/", client_panels.why, name="client-why"),
    path("clients/<int:pk>/parts/score-line/", client_panels.score_line, name="client-score-line"),
    path("clients/<int:pk>/parts/schemes/", schemes.client_schemes, name="client-schemes"),
    path("clients/<int:pk>/parts/project-tiers/", schemes.client_project_tiers, name="client-project-tiers"),
    path("projects/<int:pk>/parts/tiers/", schemes.project_tiers, name="project-tiers"),
    path("clients/<int:pk>/parts/tiers/", client_panels.tier_history, name="client-history"),
    path("today/reviews/", today.pending_reviews, name="today-reviews"),
    path("today/runs/", today.troubled_runs, name="today-runs"),
    path("today/tier-changes/", today.recent_changes, name="today-changes"),
]

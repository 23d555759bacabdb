from django.urls import path

from funnel.urls_figures import past
from funnel.views import board, cases, panels

app_name = "funnel"
urlpatterns = [
    path("", board.board, name="board"),
    path("stages/<int:pk>/cards/", board.more_cards, name="more-cards"),
    path("cases/new/", cases.new_case, name="new-case"),
    path("cases/new/clients/", cases.find_clients, name="find-clients"),
    path("cases/new/projects/", cases.find_projects, name="find-projects"),
    path("cases/<int:pk>/", cases.case_page, name="case"),
    path("cases/<int:pk>/move/", cases.move, name="move"),
    path("late/", panels.late_cases, name="late-cases"),
    path("clients/<int:pk>/cases/", panels.client_cases, name="client-cases"),
    *past,
]

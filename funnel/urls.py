from django.urls import path

from funnel.urls_figures import past
from funnel.views import board, case_work, cases, lists, panels

app_name = "funnel"
urlpatterns = [
    path("", board.board, name="board"),
    path("cards/", board.more_cards, name="more-cards"),
    path("news/", board.news, name="news"),
    path("list/", lists.case_list, name="list"),
    path("list/move/", lists.move_many, name="move-many"),
    path("calendar/", lists.calendar, name="calendar"),
    path("cases/new/", cases.new_case, name="new-case"),
    path("cases/new/clients/", cases.find_clients, name="find-clients"),
    path("cases/new/projects/", cases.find_projects, name="find-projects"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/move/", cases.move, name="move"),
    path("cases/<int:pk>/edit/", case_work.edit, name="edit-case"),
    path("cases/<int:pk>/clone/", case_work.clone, name="clone-case"),
    path("cases/<int:pk>/checks/", case_work.add_check, name="add-check"),
    path("cases/<int:pk>/documents/", case_work.add_document, name="add-document"),
    path("cases/<int:pk>/approvals/", case_work.say, name="say"),
    path("cases/<int:pk>/waivers/", case_work.waive, name="waive"),
    path("cases/<int:pk>/team/", case_work.set_team, name="set-team"),
    path("cases/<int:pk>/co-lenders/", case_work.add_co_lender, name="add-co-lender"),
    path("co-lenders/<int:pk>/remove/", case_work.remove_co_lender, name="remove-co-lender"),
    path("checks/<int:pk>/plan/", case_work.plan_check, name="plan-check"),
    path("checks/<int:pk>/finish/", case_work.finish_check, name="finish-check"),
    path("checks/<int:pk>/reopen/", case_work.reopen_check, name="reopen-check"),
    path("late/", panels.late_cases, name="late-cases"),
    path("clients/<int:pk>/cases/", panels.client_cases, name="client-cases"),
    *past,
]

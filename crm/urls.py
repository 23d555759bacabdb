from django.urls import path

from crm.views import (
    client_forms,
    client_list,
    client_page,
    client_tabs,
    imports,
    palette,
    preferences,
    projects,
    today,
)

app_name = "crm"
urlpatterns = [
    path("", today.today, name="today"),
    path("today/overdue/", today.overdue, name="today-overdue"),
    path("today/silent/", today.silent, name="today-silent"),
    path("clients/", client_list.client_list, name="client-list"),
    path("clients/assign/", client_list.assign, name="assign-rm"),
    path("clients/new/", client_forms.client_new, name="client-new"),
    path("clients/<int:pk>/", client_page.client, name="client"),
    path("clients/<int:pk>/edit/", client_forms.client_edit, name="client-edit"),
    path("clients/<int:pk>/interactions/", client_page.interaction_new, name="interaction-new"),
    path("clients/<int:pk>/parts/timeline/", client_tabs.timeline, name="client-timeline"),
    path("clients/<int:pk>/parts/projects/", client_tabs.projects, name="client-projects"),
    path("clients/<int:pk>/parts/exposures/", client_tabs.exposures, name="client-exposures"),
    path("clients/<int:pk>/parts/statements/", client_tabs.statements, name="client-statements"),
    path("clients/<int:pk>/parts/audit/", client_tabs.audit, name="client-audit"),
    path("clients/<int:pk>/<slug:key>/", client_page.client_tab, name="client-tab"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("imports/", imports.import_list, name="import-list"),
    path("imports/<int:pk>/", imports.import_job, name="import"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import-progress"),
    path("imports/<int:pk>/apply/", imports.import_apply, name="import-apply"),
    path("imports/<int:pk>/reopen/", imports.import_reopen, name="import-reopen"),
    path("imports/<int:pk>/refused.csv", imports.import_errors, name="import-errors"),
    path("palette/", palette.palette, name="palette"),
    path("preferences/theme/", preferences.set_theme, name="set-theme"),
    path("preferences/language/", preferences.set_language, name="set-language"),
]

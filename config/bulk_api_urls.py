"""Addresses in the API of what works on many records: imports."""

from django.urls import path

from crm.api.imports import ImportApply, ImportCheck, ImportDetail, ImportList, ImportRefused, ImportUndo

urlpatterns = [
    path("imports/", ImportList.as_view(), name="import-list"),
    path("imports/<int:pk>/", ImportDetail.as_view(), name="import-detail"),
    path("imports/<int:pk>/check/", ImportCheck.as_view(), name="import-check"),
    path("imports/<int:pk>/apply/", ImportApply.as_view(), name="import-apply"),
    path("imports/<int:pk>/undo/", ImportUndo.as_view(), name="import-undo"),
    path("imports/<int:pk>/refused/", ImportRefused.as_view(), name="import-refused"),
]

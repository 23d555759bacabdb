"""Addresses in the API of what works on many records: imports, exports, bulk edits and saved views."""

from django.urls import path

from crm.api.bulk import (
    BulkEditApply,
    BulkEditDetail,
    BulkEditItems,
    BulkEditList,
    BulkEditPlan,
    BulkEditUndo,
    SavedViewDetail,
    SavedViewList,
)
from crm.api.exports import ExportDecide, ExportDetail, ExportFetch, ExportList
from crm.api.import_twins import ImportTwins
from crm.api.imports import ImportApply, ImportCheck, ImportDetail, ImportList, ImportRefused, ImportUndo

urlpatterns = [
    path("imports/", ImportList.as_view(), name="import-list"),
    path("imports/<int:pk>/", ImportDetail.as_view(), name="import-detail"),
    path("imports/<int:pk>/twins/", ImportTwins.as_view(), name="import-twins"),
    path("imports/<int:pk>/check/", ImportCheck.as_view(), name="import-check"),
    path("imports/<int:pk>/apply/", ImportApply.as_view(), name="import-apply"),
    path("imports/<int:pk>/undo/", ImportUndo.as_view(), name="import-undo"),
    path("imports/<int:pk>/refused/", ImportRefused.as_view(), name="import-refused"),
    path("exports/", ExportList.as_view(), name="export-list"),
    path("exports/<int:pk>/", ExportDetail.as_view(), name="export-detail"),
    path("exports/<int:pk>/decide/", ExportDecide.as_view(), name="export-decide"),
    path("exports/<int:pk>/fetch/", ExportFetch.as_view(), name="export-fetch"),
    path("bulk-edits/", BulkEditList.as_view(), name="bulk-edit-list"),
    path("bulk-edits/<int:pk>/", BulkEditDetail.as_view(), name="bulk-edit-detail"),
    path("bulk-edits/<int:pk>/plan/", BulkEditPlan.as_view(), name="bulk-edit-plan"),
    path("bulk-edits/<int:pk>/apply/", BulkEditApply.as_view(), name="bulk-edit-apply"),
    path("bulk-edits/<int:pk>/undo/", BulkEditUndo.as_view(), name="bulk-edit-undo"),
    path("bulk-edits/<int:pk>/items/", BulkEditItems.as_view(), name="bulk-edit-items"),
    path("views/", SavedViewList.as_view(), name="view-list"),
    path("views/<int:pk>/", SavedViewDetail.as_view(), name="view-detail"),
]

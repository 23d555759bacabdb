"""Addresses of prospects in the API."""

from django.urls import path

from funnel.api.prospect_edits import (
    LeadSourceDetail,
    LeadSourceList,
    ProspectEditApply,
    ProspectEditDetail,
    ProspectEditItems,
    ProspectEditList,
    ProspectEditPlan,
    ProspectEditUndo,
    ScreeningDetail,
)
from funnel.api.prospects import (
    ProspectAct,
    ProspectContacts,
    ProspectDetail,
    ProspectLater,
    ProspectReveal,
    ProspectRowsList,
    ProspectsNext,
    ProspectTwins,
    TwinApart,
)

urlpatterns = [
    path("prospects/", ProspectRowsList.as_view(), name="prospect-list"),
    path("prospects/next/", ProspectsNext.as_view(), name="prospects-next"),
    path("prospects/<int:pk>/", ProspectDetail.as_view(), name="prospect-detail"),
    path("prospects/<int:pk>/contacts/", ProspectContacts.as_view(), name="prospect-contacts"),
    path("prospects/<int:pk>/later/", ProspectLater.as_view(), name="prospect-later"),
    path("prospects/<int:pk>/reveal/", ProspectReveal.as_view(), name="prospect-reveal"),
    path("prospects/<int:pk>/act/", ProspectAct.as_view(), name="prospect-act"),
    path("prospects/<int:pk>/twins/", ProspectTwins.as_view(), name="prospect-twins"),
    path("prospect-twins/<int:pk>/apart/", TwinApart.as_view(), name="prospect-apart"),
    path("prospect-edits/", ProspectEditList.as_view(), name="prospect-edit-list"),
    path("prospect-edits/<int:pk>/", ProspectEditDetail.as_view(), name="prospect-edit-detail"),
    path("prospect-edits/<int:pk>/plan/", ProspectEditPlan.as_view(), name="prospect-edit-plan"),
    path("prospect-edits/<int:pk>/apply/", ProspectEditApply.as_view(), name="prospect-edit-apply"),
    path("prospect-edits/<int:pk>/undo/", ProspectEditUndo.as_view(), name="prospect-edit-undo"),
    path("prospect-edits/<int:pk>/items/", ProspectEditItems.as_view(), name="prospect-edit-items"),
    path("lead-sources/", LeadSourceList.as_view(), name="lead-source-list"),
    path("lead-sources/<int:pk>/", LeadSourceDetail.as_view(), name="lead-source-detail"),
    path("screening/", ScreeningDetail.as_view(), name="screening"),
]

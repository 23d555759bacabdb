"""Addresses of projects, facilities, statements, documents and judgements in the API."""

from django.urls import path

from crm.api.documents import DocumentDetail, DocumentList, DocumentVersions, DocumentWithdraw
from crm.api.facilities import (
    CollateralDetail,
    CollateralList,
    CollateralRelease,
    FacilityDetail,
    FacilityList,
    FacilityPlan,
    FacilitySchedule,
    PaymentList,
    PaymentPay,
    PaymentTakeBack,
)
from crm.api.judgements import ClientJudgements
from crm.api.projects import (
    ParticipationDetail,
    ParticipationList,
    ProjectCover,
    ProjectDetail,
    ProjectList,
)
from crm.api.statements import CreditReportList, StatementList

urlpatterns = [
    path("projects/", ProjectList.as_view(), name="project-list"),
    path("projects/<int:pk>/", ProjectDetail.as_view(), name="project-detail"),
    path("projects/<int:pk>/cover/", ProjectCover.as_view(), name="project-cover"),
    path("participations/", ParticipationList.as_view(), name="participation-list"),
    path("participations/<int:pk>/", ParticipationDetail.as_view(), name="participation-detail"),
    path("facilities/", FacilityList.as_view(), name="facility-list"),
    path("facilities/<int:pk>/", FacilityDetail.as_view(), name="facility-detail"),
    path("facilities/<int:pk>/plan/", FacilityPlan.as_view(), name="facility-plan"),
    path("facilities/<int:pk>/schedule/", FacilitySchedule.as_view(), name="facility-schedule"),
    path("payments/", PaymentList.as_view(), name="payment-list"),
    path("payments/<int:pk>/pay/", PaymentPay.as_view(), name="payment-pay"),
    path("payments/<int:pk>/take-back/", PaymentTakeBack.as_view(), name="payment-take-back"),
    path("collateral/", CollateralList.as_view(), name="collateral-list"),
    path("collateral/<int:pk>/", CollateralDetail.as_view(), name="collateral-detail"),
    path("collateral/<int:pk>/release/", CollateralRelease.as_view(), name="collateral-release"),
    path("statements/", StatementList.as_view(), name="statement-list"),
    path("credit-reports/", CreditReportList.as_view(), name="credit-report-list"),
    path("documents/", DocumentList.as_view(), name="document-list"),
    path("documents/<int:pk>/", DocumentDetail.as_view(), name="document-detail"),
    path("documents/<int:pk>/versions/", DocumentVersions.as_view(), name="document-versions"),
    path("documents/<int:pk>/withdraw/", DocumentWithdraw.as_view(), name="document-withdraw"),
    path("clients/<int:pk>/judgements/", ClientJudgements.as_view(), name="client-judgements"),
]

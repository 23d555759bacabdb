from django.urls import path

from config.api_docs import Schema, docs
from crm.api.clients import ClientDetail, ClientList
from crm.api.observations import ObservationList
from funnel.api.cases import CaseList, CaseMove
from tiering.api.client_tier import ClientTier
from tiering.api.client_tiers import ClientTiers
from tiering.api.proposals import ProposalDecide, ProposalDecideMany, ProposalList
from tiering.api.runs import RunDetail, RunList
from tiering.api.tiers import TierList

app_name = "api"
urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("clients/", ClientList.as_view(), name="client-list"),
    path("clients/<int:pk>/", ClientDetail.as_view(), name="client-detail"),
    path("clients/<int:pk>/tier/", ClientTier.as_view(), name="client-tier"),
    path("clients/<int:pk>/tiers/", ClientTiers.as_view(), name="client-tiers"),
    path("observations/", ObservationList.as_view(), name="observation-list"),
    path("tiers/", TierList.as_view(), name="tier-list"),
    path("proposals/", ProposalList.as_view(), name="proposal-list"),
    path("proposals/decide/", ProposalDecideMany.as_view(), name="proposal-decide-many"),
    path("proposals/<int:pk>/decide/", ProposalDecide.as_view(), name="proposal-decide"),
    path("cases/", CaseList.as_view(), name="case-list"),
    path("cases/<int:pk>/move/", CaseMove.as_view(), name="case-move"),
    path("runs/", RunList.as_view(), name="run-list"),
    path("runs/<int:pk>/", RunDetail.as_view(), name="run-detail"),
]

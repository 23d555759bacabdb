"""Addresses of what the house asks of its clients and tells them; part of `crm.urls`."""

from django.urls import path

from crm.views import answers, campaigns, consent, public_answers, questionnaires, segments

urlpatterns = [
    path("q/<str:token>/", public_answers.questionnaire, name="public-questionnaire"),
    path("outreach/campaigns/", campaigns.campaign_list, name="campaigns"),
    path("outreach/campaigns/new/", campaigns.campaign_new, name="campaign-new"),
    path("outreach/campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("outreach/campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign-edit"),
    path("outreach/campaigns/<int:pk>/act/", campaigns.campaign_act, name="campaign-act"),
    path("outreach/campaigns/<int:pk>/texts/new/", campaigns.text_new, name="campaign-text-new"),
    path("outreach/texts/<int:pk>/", campaigns.text_edit, name="campaign-text"),
    path("outreach/invitations/<int:pk>/", campaigns.invitation, name="invitation"),
    path("outreach/segments/", segments.segment_list, name="segments"),
    path("outreach/segments/new/", segments.segment_new, name="segment-new"),
    path("outreach/segments/members/", segments.segment_members, name="segment-members"),
    path("outreach/segments/<int:pk>/", segments.segment_change, name="segment-change"),
    path("outreach/questionnaires/", questionnaires.questionnaire_list, name="questionnaires"),
    path("outreach/questionnaires/new/", questionnaires.questionnaire_new, name="questionnaire-new"),
    path("outreach/questionnaires/<int:pk>/", questionnaires.questionnaire, name="questionnaire"),
    path("outreach/questionnaires/<int:pk>/act/", questionnaires.questionnaire_act, name="questionnaire-act"),
    path("outreach/questionnaires/versions/<int:pk>/", questionnaires.version, name="questionnaire-version"),
    path("outreach/questionnaires/versions/<int:pk>/act/", questionnaires.version_act, name="version-act"),
    path(
        "outreach/questionnaires/versions/<int:pk>/preview/",
        questionnaires.preview,
        name="questionnaire-preview",
    ),
    path(
        "outreach/questionnaires/versions/<int:pk>/heading/",
        questionnaires.heading,
        name="questionnaire-heading",
    ),
    path(
        "outreach/questionnaires/versions/<int:pk>/sections/new/", questionnaires.section, name="section-new"
    ),
    path(
        "outreach/questionnaires/versions/<int:pk>/sections/<slug:key>/",
        questionnaires.section,
        name="section",
    ),
    path(
        "outreach/questionnaires/versions/<int:pk>/questions/<slug:section>/new/",
        questionnaires.question,
        name="question-new",
    ),
    path(
        "outreach/questionnaires/versions/<int:pk>/questions/<slug:section>/<slug:key>/",
        questionnaires.question,
        name="question",
    ),
    path(
        "clients/<int:pk>/parts/questionnaires/", answers.client_questionnaires, name="client-questionnaires"
    ),
    path("clients/<int:pk>/parts/consents/", consent.client_consents, name="client-consents"),
    path("clients/<int:pk>/parts/consent-badge/", consent.consent_badge, name="consent-badge"),
    path("clients/<int:pk>/consents/new/", consent.consent_new, name="consent-new"),
    path("consents/<int:pk>/end/", consent.consent_end, name="consent-end"),
    path("clients/<int:pk>/answers/new/", answers.answers_new, name="answers-new"),
    path("clients/<int:pk>/links/new/", answers.link_new, name="link-new"),
    path("links/<int:pk>/revoke/", answers.link_revoke, name="link-revoke"),
    path("responses/<int:pk>/", answers.response, name="response"),
    path("responses/<int:pk>/decide/", answers.response_decide, name="response-decide"),
]

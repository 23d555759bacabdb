"""What the house asks of its clients and tells them, under `/api/v1/`."""

from django.urls import path

from crm.api.answers import (
    AnswerLinkList,
    AnswerLinkRevoke,
    ResponseConfirm,
    ResponseDetail,
    ResponseList,
    ResponseSetAside,
)
from crm.api.campaigns import (
    CampaignClose,
    CampaignDetail,
    CampaignLaunch,
    CampaignList,
    CampaignResults,
    CampaignTexts,
    InvitationDetail,
    InvitationList,
)
from crm.api.consent import ConsentEnd, ConsentList
from crm.api.questionnaires import (
    QuestionnaireDetail,
    QuestionnaireFigures,
    QuestionnaireList,
    QuestionnairePublish,
    QuestionnaireVersionDetail,
    QuestionnaireVersions,
)
from crm.api.segments import SegmentDetail, SegmentList, SegmentMembers

urlpatterns = [
    path("campaigns/", CampaignList.as_view(), name="campaign-list"),
    path("campaigns/<int:pk>/", CampaignDetail.as_view(), name="campaign-detail"),
    path("campaigns/<int:pk>/texts/", CampaignTexts.as_view(), name="campaign-texts"),
    path("campaigns/<int:pk>/launch/", CampaignLaunch.as_view(), name="campaign-launch"),
    path("campaigns/<int:pk>/close/", CampaignClose.as_view(), name="campaign-close"),
    path("campaigns/<int:pk>/results/", CampaignResults.as_view(), name="campaign-results"),
    path("invitations/", InvitationList.as_view(), name="invitation-list"),
    path("invitations/<int:pk>/", InvitationDetail.as_view(), name="invitation-detail"),
    path("consents/", ConsentList.as_view(), name="consent-list"),
    path("consents/<int:pk>/end/", ConsentEnd.as_view(), name="consent-end"),
    path("segments/", SegmentList.as_view(), name="segment-list"),
    path("segments/<int:pk>/", SegmentDetail.as_view(), name="segment-detail"),
    path("segments/<int:pk>/members/", SegmentMembers.as_view(), name="segment-members"),
    path("questionnaires/", QuestionnaireList.as_view(), name="questionnaire-list"),
    path("questionnaires/<int:pk>/", QuestionnaireDetail.as_view(), name="questionnaire-detail"),
    path("questionnaires/<int:pk>/versions/", QuestionnaireVersions.as_view(), name="questionnaire-versions"),
    path("questionnaires/<int:pk>/figures/", QuestionnaireFigures.as_view(), name="questionnaire-figures"),
    path(
        "questionnaire-versions/<int:pk>/", QuestionnaireVersionDetail.as_view(), name="questionnaire-version"
    ),
    path(
        "questionnaire-versions/<int:pk>/publish/",
        QuestionnairePublish.as_view(),
        name="questionnaire-publish",
    ),
    path("answer-links/", AnswerLinkList.as_view(), name="answer-link-list"),
    path("answer-links/<int:pk>/revoke/", AnswerLinkRevoke.as_view(), name="answer-link-revoke"),
    path("responses/", ResponseList.as_view(), name="response-list"),
    path("responses/<int:pk>/", ResponseDetail.as_view(), name="response-detail"),
    path("responses/<int:pk>/confirm/", ResponseConfirm.as_view(), name="response-confirm"),
    path("responses/<int:pk>/set-aside/", ResponseSetAside.as_view(), name="response-set-aside"),
]

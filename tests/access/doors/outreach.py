"""The doors of questionnaires, segments and campaigns."""

from crm.models import Role
from tests.access.door import BOOKHOLDERS, EVERYBODY, READERS, Door, form, posts, reads

BUILDERS = {Role.CRITERIA_ADMIN}

OUTREACH = {
    "crm:public-questionnaire": form(EVERYBODY, public=True, more={"token": "none-of-ours"}),
    "crm:client-consents": reads(READERS, "client"),
    "crm:consent-badge": reads(READERS, "client"),
    "crm:consent-new": form(BOOKHOLDERS, "client", needs_hold={"GET", "POST"}),
    "crm:consent-end": posts(BOOKHOLDERS, "consent", needs_hold={"POST"}),
    "api:consent-list": Door({"GET": READERS, "POST": BOOKHOLDERS}),
    "api:consent-end": posts(BOOKHOLDERS, "consent", needs_hold={"POST"}),
    "crm:segments": reads(READERS),
    "crm:segment-new": posts(READERS),
    "crm:segment-change": posts(READERS, "segment", shared=True),
    "crm:segment-members": posts(READERS),
    "api:segment-list": Door({"GET": READERS, "POST": READERS}),
    "api:segment-detail": Door({"GET": READERS, "PATCH": READERS, "DELETE": READERS}, "segment", shared=True),
    "api:segment-members": posts(READERS, "segment", shared=True),
    "crm:questionnaires": reads(READERS),
    "crm:questionnaire-new": form(BUILDERS),
    "crm:questionnaire": reads(READERS, "questionnaire", shared=True),
    "crm:questionnaire-act": posts(BUILDERS, "questionnaire", shared=True),
    "crm:questionnaire-version": reads(READERS, "questionnaire draft", shared=True),
    "crm:questionnaire-preview": form(READERS, "questionnaire draft", shared=True),
    "crm:questionnaire-heading": form(BUILDERS, "questionnaire draft", shared=True),
    "crm:section-new": form(BUILDERS, "questionnaire draft", shared=True),
    "crm:section": form(BUILDERS, "questionnaire draft", shared=True, more={"key": "s1"}),
    "crm:question-new": form(BUILDERS, "questionnaire draft", shared=True, more={"section": "s1"}),
    "crm:question": form(
        BUILDERS, "questionnaire draft", shared=True, more={"section": "s1", "key": "pleased"}
    ),
    "crm:version-act": posts(BUILDERS, "questionnaire draft", shared=True),
    "crm:client-questionnaires": reads(READERS, "client"),
    "crm:answers-new": form(BOOKHOLDERS, "client", needs_hold={"GET", "POST"}),
    "crm:link-new": form(BOOKHOLDERS, "client", needs_hold={"GET", "POST"}),
    "crm:link-revoke": posts(BOOKHOLDERS, "answer link", needs_hold={"POST"}),
    "crm:response": reads(READERS, "response"),
    "crm:response-decide": posts(BOOKHOLDERS, "response", needs_hold={"POST"}),
    "api:questionnaire-list": Door({"GET": READERS, "POST": BUILDERS}),
    "api:questionnaire-detail": Door({"GET": READERS, "PATCH": BUILDERS}, "questionnaire", shared=True),
    "api:questionnaire-versions": posts(BUILDERS, "questionnaire", shared=True),
    "api:questionnaire-figures": reads(READERS, "questionnaire", shared=True),
    "api:questionnaire-version": Door(
        {"GET": READERS, "PUT": BUILDERS, "DELETE": BUILDERS}, "questionnaire draft", shared=True
    ),
    "api:questionnaire-publish": posts(BUILDERS, "questionnaire draft", shared=True),
    "api:answer-link-list": Door({"GET": READERS, "POST": BOOKHOLDERS}),
    "api:answer-link-revoke": posts(BOOKHOLDERS, "answer link", needs_hold={"POST"}),
    "api:response-list": Door({"GET": READERS, "POST": BOOKHOLDERS}),
    "api:response-detail": reads(READERS, "response"),
    "api:response-confirm": posts(BOOKHOLDERS, "response", needs_hold={"POST"}),
    "api:response-set-aside": posts(BOOKHOLDERS, "response", needs_hold={"POST"}),
}

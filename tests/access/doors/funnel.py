"""The doors of financing cases."""

from crm.models import Role
from tests.access.door import BOOKHOLDERS, DECIDERS, READERS, Door, form, posts, reads
from tests.access.doors.crm import IMPORTERS

STEP = {"stage": "preliminary_assessment", "version": 1}

FUNNEL = {
    "funnel:board": reads(READERS),
    "funnel:more-cards": reads(READERS),
    "funnel:news": reads(READERS),
    "funnel:list": reads(READERS),
    "funnel:move-many": posts(BOOKHOLDERS),
    "funnel:calendar": reads(READERS),
    "funnel:edit-case": form(BOOKHOLDERS, "case", needs_hold={"GET", "POST"}),
    "funnel:clone-case": posts(BOOKHOLDERS, "case", needs_hold={"POST"}),
    "funnel:add-check": posts(BOOKHOLDERS, "case", needs_hold={"POST"}),
    "funnel:plan-check": posts(BOOKHOLDERS, "check", needs_hold={"POST"}),
    "funnel:finish-check": posts(BOOKHOLDERS, "check", needs_hold={"POST"}),
    "funnel:reopen-check": posts(BOOKHOLDERS, "check", needs_hold={"POST"}),
    "funnel:add-document": posts(BOOKHOLDERS | DECIDERS, "case"),
    "funnel:say": posts({Role.TEAM_LEAD, Role.RISK_OFFICER}, "case"),
    "funnel:waive": posts(DECIDERS, "case"),
    "funnel:set-team": posts(BOOKHOLDERS, "case", needs_hold={"POST"}),
    "funnel:add-co-lender": posts(BOOKHOLDERS, "case", needs_hold={"POST"}),
    "funnel:remove-co-lender": posts(BOOKHOLDERS, "co-lender", needs_hold={"POST"}),
    "funnel:new-case": form(BOOKHOLDERS),
    "funnel:find-clients": reads(BOOKHOLDERS),
    "funnel:find-projects": reads(BOOKHOLDERS),
    "funnel:case": reads(READERS, "case"),
    "funnel:move": posts(BOOKHOLDERS, "case", needs_hold={"POST"}, body=lambda world: STEP),
    "funnel:late-cases": reads(BOOKHOLDERS),
    "funnel:figures": reads(READERS),
    "funnel:figure": reads(READERS, more={"key": "steps"}),
    "funnel:figure-cases": reads(READERS),
    "funnel:undo-import": posts(IMPORTERS, "import", own_only=True),
    "funnel:client-cases": reads(READERS, "client"),
    "api:funnel-figure": reads(READERS, more={"key": "steps"}),
    "api:funnel-figure-cases": reads(READERS),
    "api:case-list": Door({"GET": READERS, "POST": BOOKHOLDERS}),
    "api:case-move-many": posts(BOOKHOLDERS),
    "api:case-detail": Door({"GET": READERS, "PATCH": BOOKHOLDERS}, "case", needs_hold={"PATCH"}),
    "api:case-clone": posts(BOOKHOLDERS, "case", needs_hold={"POST"}),
    "api:case-checks": posts(BOOKHOLDERS, "case", needs_hold={"POST"}),
    "api:case-documents": posts(BOOKHOLDERS | DECIDERS, "case"),
    "api:case-approvals": posts({Role.TEAM_LEAD, Role.RISK_OFFICER}, "case"),
    "api:case-waivers": posts(DECIDERS, "case"),
    "api:check-finish": posts(BOOKHOLDERS, "check", needs_hold={"POST"}),
    "api:check-reopen": posts(BOOKHOLDERS, "check", needs_hold={"POST"}),
    "api:case-move": posts(BOOKHOLDERS, "case", needs_hold={"POST"}, body=lambda world: STEP),
}

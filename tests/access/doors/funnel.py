"""The doors of financing cases."""

from tests.access.door import BOOKHOLDERS, READERS, form, posts, reads
from tests.access.doors.crm import IMPORTERS

STEP = {"stage": "preliminary_assessment", "version": 1}

FUNNEL = {
    "funnel:board": reads(READERS),
    "funnel:more-cards": reads(READERS, "stage", shared=True),
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
    "api:case-list": reads(READERS),
    "api:case-move": posts(BOOKHOLDERS, "case", needs_hold={"POST"}, body=lambda world: STEP),
}

"""The doors of prospects, of acts on many of them, and of where they come from."""

from crm.models import Role
from tests.access.door import BOOKHOLDERS, EVERYBODY, READERS, Door, form, posts, reads

LEADS, ADMINS = {Role.TEAM_LEAD}, {Role.CRITERIA_ADMIN}

PROSPECTS = {
    "funnel:lead-form": form(EVERYBODY, public=True, more={"token": "none-of-ours"}),
    "funnel:prospects": reads(READERS),
    "funnel:prospects-next": reads(READERS),
    "funnel:prospect-new": form(BOOKHOLDERS),
    "funnel:prospect": reads(READERS, "prospect"),
    "funnel:prospect-peek": reads(READERS, "prospect"),
    "funnel:prospect-edit": form(BOOKHOLDERS, "prospect", needs_hold={"GET", "POST"}),
    "funnel:prospect-contact": posts(
        BOOKHOLDERS, "prospect", needs_hold={"POST"}, body=lambda world: {"kind": "call", "outcome": "good"}
    ),
    "funnel:prospect-later": posts(
        BOOKHOLDERS, "prospect", needs_hold={"POST"}, body=lambda world: {"days": 1}
    ),
    "funnel:prospect-reveal": posts(
        BOOKHOLDERS, "prospect", needs_hold={"POST"}, body=lambda world: {"reason": "To call"}
    ),
    "funnel:prospect-act": posts(BOOKHOLDERS, "prospect"),
    "funnel:prospect-take-back": posts(BOOKHOLDERS, "prospect"),
    "funnel:prospect-apart": posts(
        BOOKHOLDERS, "prospect twin", needs_hold={"POST"}, body=lambda world: {"reason": "Another"}
    ),
    "funnel:prospect-edit-new": posts(BOOKHOLDERS),
    "funnel:prospect-edit-page": reads(BOOKHOLDERS, "prospect edit", own_only=True),
    "funnel:prospect-edit-act": posts(BOOKHOLDERS, "prospect edit", own_only=True),
    "funnel:prospect-edit-progress": reads(BOOKHOLDERS, "prospect edit", own_only=True),
    "funnel:lead-sources": reads(READERS),
    "funnel:lead-source-new": form(LEADS),
    "funnel:lead-source": form(LEADS, "lead source"),
    "funnel:lead-source-renew": posts(LEADS, "lead source"),
    "funnel:screening": form(ADMINS),
    "api:prospect-list": Door({"GET": READERS, "POST": BOOKHOLDERS | {Role.SYSTEM_ADMIN}}),
    "api:prospects-next": reads(READERS),
    "api:prospect-detail": Door({"GET": READERS, "PATCH": BOOKHOLDERS}, "prospect"),
    "api:prospect-contacts": posts(BOOKHOLDERS, "prospect"),
    "api:prospect-later": posts(BOOKHOLDERS, "prospect"),
    "api:prospect-reveal": posts(BOOKHOLDERS, "prospect"),
    "api:prospect-act": posts(BOOKHOLDERS, "prospect"),
    "api:prospect-twins": reads(READERS, "prospect"),
    "api:prospect-apart": posts(BOOKHOLDERS, "prospect twin"),
    "api:prospect-edit-list": Door({"GET": BOOKHOLDERS, "POST": BOOKHOLDERS}),
    "api:prospect-edit-detail": reads(BOOKHOLDERS, "prospect edit", own_only=True),
    "api:prospect-edit-plan": posts(BOOKHOLDERS, "prospect edit", own_only=True),
    "api:prospect-edit-apply": posts(BOOKHOLDERS, "prospect edit", own_only=True),
    "api:prospect-edit-undo": posts(BOOKHOLDERS, "prospect edit", own_only=True),
    "api:prospect-edit-items": reads(BOOKHOLDERS, "prospect edit", own_only=True),
    "api:lead-source-list": Door({"GET": READERS, "POST": LEADS}),
    "api:lead-source-detail": Door({"GET": READERS, "PATCH": LEADS}, "lead source"),
    "api:screening": Door({"GET": READERS, "PUT": ADMINS}),
}

"""The doors of the day: Today, contacts logged from anywhere, notes, following, the calendar."""

from crm.models import Role
from tests.access.door import BOOKHOLDERS, EVERYBODY, READERS, Door, form, posts, reads
from tests.access.world import SECRET

WRITERS = BOOKHOLDERS | {Role.RISK_OFFICER}
AUTHORS = {Role.RM}
"""Who wrote the notes of the world."""
HANDOVER_READERS = {Role.TEAM_LEAD, Role.AUDITOR}

DAY = {
    "crm:today-snooze": posts(EVERYBODY),
    "crm:today-wake": posts(EVERYBODY),
    "crm:interaction-new": form(BOOKHOLDERS),
    "crm:interaction-clients": reads(BOOKHOLDERS),
    "crm:interaction-participants": reads(BOOKHOLDERS),
    "crm:client-colleagues": reads(READERS, "client"),
    "crm:client-timeline": reads(READERS, "client"),
    "crm:client-follow": posts(READERS, "client"),
    "crm:client-follow-button": reads(READERS, "client"),
    "crm:note-new": form(WRITERS, "client", needs_hold={"GET", "POST"}),
    "crm:note-edit": form(WRITERS, "note", needs_hold={"GET", "POST"}, holders=AUTHORS),
    "crm:note-pin": posts(WRITERS, "note", needs_hold={"POST"}, body=lambda world: {"pin": "on"}),
    "crm:note-remove": posts(WRITERS, "note", needs_hold={"POST"}, holders=AUTHORS),
    "crm:note-history": reads(READERS, "note"),
    "crm:handovers": reads(HANDOVER_READERS),
    "crm:handover-new": form({Role.TEAM_LEAD}),
    "crm:handover": reads(HANDOVER_READERS, "handover"),
    "crm:handover-undo": posts({Role.TEAM_LEAD}, "handover"),
    "api:handover-list": Door({"GET": HANDOVER_READERS, "POST": {Role.TEAM_LEAD}}),
    "api:handover-preview": posts({Role.TEAM_LEAD}),
    "api:handover-detail": reads(HANDOVER_READERS, "handover"),
    "api:handover-undo": posts({Role.TEAM_LEAD}, "handover"),
    "api:today": reads(EVERYBODY),
    "api:today-snooze": Door({"POST": EVERYBODY, "DELETE": EVERYBODY}),
    "api:calendar": reads(READERS),
    "api:calendar-feed": Door({"GET": READERS, "POST": READERS, "DELETE": READERS}),
    "api:interaction-list": Door({"GET": READERS, "POST": BOOKHOLDERS}),
    "api:note-list": Door({"GET": READERS, "POST": WRITERS}),
    "api:note-detail": Door(
        {"GET": READERS, "PATCH": WRITERS, "DELETE": WRITERS}, "note", needs_hold={"PATCH", "DELETE"}
    ),
    "api:note-versions": reads(READERS, "note"),
    "api:client-follow": Door({"GET": READERS, "PUT": READERS, "DELETE": READERS}, "client"),
    "api:client-timeline": reads(READERS, "client"),
    "crm:calendar": reads(READERS),
    "crm:calendar-feed": form(READERS),
    "crm:calendar-file": reads(EVERYBODY, public=True, more={"secret": SECRET}),
}

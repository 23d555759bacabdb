"""The doors of the day: Today, contacts logged from anywhere, notes, following, the calendar."""

from crm.models import Role
from tests.access.door import BOOKHOLDERS, EVERYBODY, READERS, form, posts, reads
from tests.access.world import SECRET

WRITERS = BOOKHOLDERS | {Role.RISK_OFFICER}
AUTHORS = {Role.RM}
"""Who wrote the notes of the world."""

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
    "crm:calendar": reads(READERS),
    "crm:calendar-feed": form(READERS),
    "crm:calendar-file": reads(EVERYBODY, public=True, more={"secret": SECRET}),
}

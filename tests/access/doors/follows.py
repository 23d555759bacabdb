"""The doors of what follows from a tier."""

from crm.models import Role
from tests.access.door import BOOKHOLDERS, DECIDERS, READERS, form, posts, reads

FINDINGS = {"conclusion": "keep", "findings": "Sound."}

FOLLOWS = {
    "tiering:policy-conditions": posts({Role.CRITERIA_ADMIN}),
    "tiering:warning-conditions": posts({Role.CRITERIA_ADMIN}),
    "tiering:tier-policy-form": form({Role.CRITERIA_ADMIN}, "tier policy", shared=True),
    "tiering:products-form": form({Role.CRITERIA_ADMIN}, "products", shared=True),
    "tiering:facility-changes": reads(READERS),
    "tiering:facility-changes-decide": posts({Role.TEAM_LEAD, Role.RISK_OFFICER}),
    "tiering:periodic-reviews": reads(READERS),
    "tiering:periodic-review": reads(READERS, "periodic review"),
    "tiering:periodic-review-paper": reads(READERS, "periodic review"),
    "tiering:periodic-review-prepare": posts(BOOKHOLDERS, "periodic review", body=lambda world: FINDINGS),
    "tiering:periodic-review-sign": posts(DECIDERS, "periodic review"),
    "tiering:periodic-review-return": posts(DECIDERS, "periodic review"),
    "tiering:client-follows": reads(READERS, "client"),
    "tiering:client-offers": reads(READERS, "client"),
    "tiering:today-missed": reads(READERS),
    "tiering:today-facilities": reads(READERS),
    "api:client-follows": reads(READERS, "client"),
    "api:client-offers": reads(READERS, "client"),
    "api:offer-list": reads(READERS),
    "api:facility-change-list": reads(READERS),
    "api:facility-change-decide": posts({Role.TEAM_LEAD, Role.RISK_OFFICER}),
    "api:periodic-review-list": reads(READERS),
    "api:periodic-review-prepare": posts(
        BOOKHOLDERS, "periodic review", needs_hold={"POST"}, body=lambda world: FINDINGS
    ),
    "api:periodic-review-sign": posts(DECIDERS, "periodic review"),
    "api:periodic-review-return": posts(DECIDERS, "periodic review"),
    "api:periodic-review-paper": reads(READERS, "periodic review"),
}

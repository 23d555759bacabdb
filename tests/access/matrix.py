"""Who may do what, written down a second time, by URL: the test compares it with what the house does."""

from tests.access.door import EVERYBODY, Door, form, reads
from tests.access.doors.alerts import ALERTS
from tests.access.doors.conduct import CONDUCT
from tests.access.doors.crm import CRM
from tests.access.doors.day import DAY
from tests.access.doors.follows import FOLLOWS
from tests.access.doors.funnel import FUNNEL
from tests.access.doors.outreach import OUTREACH
from tests.access.doors.prospects import PROSPECTS
from tests.access.doors.tiering import API, PAGES

ACCOUNTS = {
    "healthz": form(EVERYBODY, public=True),
    "account_login": form(EVERYBODY, public=True),
    "account_logout": form(EVERYBODY),
    "account_inactive": reads(EVERYBODY, public=True),
    "account_change_password": Door(dict.fromkeys(("GET", "POST", "PUT"), EVERYBODY)),
}
MATRIX: dict[str, Door] = {
    **ACCOUNTS,
    **CRM,
    **CONDUCT,
    **DAY,
    **PAGES,
    **API,
    **FOLLOWS,
    **ALERTS,
    **FUNNEL,
    **PROSPECTS,
    **OUTREACH,
}

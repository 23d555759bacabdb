"""Books with reviews waiting, and a way in for a browser."""

from django.conf import settings
from django.test import Client as Visitor
from playwright.sync_api import Page

from crm.models import Client, Role, User
from tests.factories import make_client, make_facility, make_observation, make_user
from tests.tiering.helpers import days_ago, pending_of, run_now
from tiering.models import Proposal


def observe(client: Client, score: float, days: int) -> None:
    make_observation(client, "credit_score", score, observed_on=days_ago(days).date())


def waiting(*clients: Client, score: float = 500.0, requested_by: User | None = None) -> list[Proposal]:
    """For each client in High, a proposal that new evidence made; the published criteria are `a_document()`."""
    for client in clients:
        observe(client, 720.0, 30)
    run_now(as_of=days_ago(20))
    for client in clients:
        observe(client, score, 15)
    run_now(as_of=days_ago(10), requested_by=requested_by)
    return [pending_of(client) for client in clients]


def client_with(exposure: int, **fields) -> Client:
    """A client of some RM that owes so much."""
    client = make_client(**{"rm": make_user(Role.RM), **fields})
    make_facility(client, limit=2 * exposure, drawn=exposure)
    return client


def visitor_of(user: User) -> Visitor:
    visitor = Visitor()
    visitor.force_login(user)
    return visitor


def enter(page: Page, live_server, user: User, path: str) -> None:
    """Open a page as that user, whose session comes with a cookie instead of the login page."""
    cookie = visitor_of(user).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(live_server.url + path)

"""A book with a past: what was known of clients half a year ago, and what became of them since."""

from crm.models import Client
from tests.factories import make_client, make_facility, make_observation, make_payment
from tests.tiering.helpers import days_ago, publish, run_now
from tiering.models import CriteriaVersion

THEN = 200
"""How many days ago the clients of these tests were tiered."""


def borrower(score: float, falls_behind: bool = False) -> Client:
    """A client with an open facility whose one instalment, due since, was paid or never will be."""
    client = make_client()
    make_observation(client, "credit_score", score, observed_on=days_ago(THEN + 30).date())
    facility = make_facility(client, opened_on=days_ago(THEN + 400).date())
    make_payment(
        facility,
        days_ago(150).date(),
        paid_on=None if falls_behind else days_ago(149).date(),
    )
    return client


def a_past(good: int = 0, bad: int = 0) -> CriteriaVersion:
    """The small scheme in effect, and so many clients tiered by it then, of whom the bad have low scores."""
    version = publish()
    for number in range(good):
        borrower(620.0 + number)
    for _ in range(bad):
        borrower(550.0, falls_behind=True)
    run_now(as_of=days_ago(THEN))
    return version

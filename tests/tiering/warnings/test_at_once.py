"""Several workers at once, each on a connection of its own: no alert twice, no client left out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Client, Notice, Role
from tests.at_once import at_once
from tests.factories import make_observation, make_user
from tests.tiering.helpers import publish, run_now
from tests.tiering.warnings.making import a_client, an_indicator, today, warn_of
from tiering.models import Alert, MayLeave, WarningRound
from tiering.services import warning_rounds
from tiering.services.raising import warn
from tiering.services.watchlist import enter

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 12


@pytest.fixture
def clients() -> list[Client]:
    publish()
    found = [a_client(rm=make_user(Role.RM)) for _ in range(CLIENTS)]
    for client in found:
        make_observation(client, "credit_score", 550.0, observed_on=today())
    run_now()
    for client in found[:4]:
        enter(
            client=client, reason="Late", strategy="monitor", next_review_on=today() + timedelta(days=7),
            exit_criteria="Known", exit_when={"metric": "credit_score", "op": ">", "value": 500}, by=client.rm,
        )  # fmt: skip
    MayLeave.objects.update(until=timezone.now() + timedelta(hours=1))
    Notice.objects.all().delete()
    warn_of(an_indicator("low"), an_indicator("lower", {"metric": "credit_score", "op": "<", "value": 560}))
    return found


def work() -> int:
    """As a worker does it: range by range, and again while somebody else is at it; how many ranges were its own."""
    ranges = 0
    while WarningRound.objects.filter(finished_at=None).exists():
        ranges += warning_rounds.work_on_round(size=1)
    return ranges


def test_two_workers_on_one_round_and_fresh_facts_beside_them_raise_each_alert_once(clients):
    WarningRound.objects.create(day=today())
    ids = [client.pk for client in clients]
    fresh = [lambda client=client: warn(clients=[client], as_of=timezone.now()) for client in ids]
    outcomes = at_once(work, work, lambda: sum(one() for one in fresh))
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert outcomes[0] + outcomes[1] == CLIENTS + 1  # every range once, and the end of the round
    raised = Alert.objects.order_by("client", "indicator").values_list("client", "indicator")
    assert list(raised) == [(pk, key) for pk in ids for key in ("low", "lower")]
    assert WarningRound.objects.get().raised + outcomes[2] == 2 * CLIENTS
    assert Notice.objects.filter(kind="alert-raised").count() == 2 * CLIENTS
    watched = MayLeave.objects.filter(until=None)
    assert watched.count() == Notice.objects.filter(kind="watchlist-may-leave").count() == 4

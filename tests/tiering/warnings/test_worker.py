"""A real worker: a statement that breaks a covenant raises its alert within seconds of its commit."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from redis import Redis

from crm.models import Notice, Role
from crm.signals import records_changed
from tests.factories import make_statement, make_user
from tests.tiering.helpers import publish
from tests.tiering.test_workers import until, worker
from tests.tiering.warnings.making import a_client, an_indicator, today, warn_of
from tiering.models import Alert
from tiering.services.covenants import agree_covenant
from tiering.services.requests import drain_requests

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 5.0


def test_fresh_statement_raises_its_alert_within_five_seconds_of_the_commit():
    Redis.from_url(settings.REDIS_URL).flushdb()
    publish()
    warn_of(an_indicator("breach", {"covenants": "breached"}, severity="critical"))
    client, officer = a_client(), make_user(Role.RISK_OFFICER)
    year_end = today() - timedelta(days=60)
    make_statement(client, period_end=year_end - timedelta(days=365))
    agree_covenant(client=client, metric="leverage", op="<=", value=0.7, starts_on=year_end, by=client.rm)
    drain_requests()
    with worker():
        ready = a_client()
        make_statement(ready, period_end=year_end, received_on=today())
        until(lambda: ready.facts.exists())  # the worker has begun to hear
        begun = time.monotonic()
        make_statement(client, period_end=year_end, received_on=today(), total_liabilities=110_000_000)
        records_changed()
        until(Alert.objects.filter(client=client, indicator="breach").exists)
        assert time.monotonic() - begun < SOON
    assert set(Notice.objects.values_list("recipient", flat=True)) == {client.rm_id, officer.pk}

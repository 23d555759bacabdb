"""Whoever is not assessed again would have come out as before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from tests.factories import make_client
from tests.tiering.helpers import a_document, label, publish, run_now
from tests.tiering.pages.making import observe
from tiering.core.catalogue import METRICS, POLICY_METRICS
from tiering.core.reading import read
from tiering.core.terms import Terms
from tiering.models import Assignment, Facts, Tier, TieringRun
from tiering.services.clock import database_now
from tiering.services.lasting import lasts, narrowed
from tiering.services.retier import stage
from tiering.services.runs import start_run, work_through
from tiering.services.subjects import EVERYONE, Method, in_force, method_of

BONUS = {"key": "rosy", "label": label("Rosy"), "effect": "bonus", "points": 25}
HOUR = timedelta(hours=1)


def renew(client: int, score: float, later: timedelta = timedelta()) -> None:
    """Facts of now, or of a later moment, in the place of those in force."""
    row, at = Facts.objects.get(client=client, valid_to=None), database_now() + later
    Facts.objects.filter(pk=row.pk).update(valid_to=at)
    Facts.objects.create(client_id=client, valid_from=at, content_hash="", credit_score=score)


def decide(client: int, chance: Random, later: timedelta = timedelta()) -> None:
    """A tier that somebody chose, from now on or from later; it may be the one that is held."""
    held, at = Assignment.objects.get(client=client, valid_to=None), database_now() + later
    Assignment.objects.filter(pk=held.pk).update(valid_to=at)
    Assignment.objects.create(
        client_id=client,
        scheme_id=held.scheme_id,
        tier=chance.choice(Tier.objects.filter(scheme=held.scheme_id)),
        valid_from=at,
        assessment_id=held.assessment_id,
    )


FATES: dict[str, Callable[[int, Random], None]] = {
    "rests": lambda client, chance: None,
    "has other facts": lambda client, chance: renew(client, chance.choice([450.0, 620.0, 750.0])),
    "will have other facts": lambda client, chance: renew(client, 750.0, HOUR),
    "was decided": decide,
    "will be decided": lambda client, chance: decide(client, chance, HOUR),
}


def a_book() -> list[int]:
    """Clients of every tier, all of whom were tiered; the falls of some wait for a decision."""
    publish(a_document(overlays=[BONUS]))
    clients = [make_client() for _ in range(12)]
    for place, client in enumerate(clients):
        observe(client, 480 + 25 * place, 30)
    run_now()
    for client in clients[8:]:
        renew(client.pk, 500.0)
    work_through(further_run())
    return [client.pk for client in clients]


def further_run() -> TieringRun:
    return start_run(requested_by=None, basis=TieringRun.Basis.FACTS)


def staged(method: Method, everybody: bool) -> list[tuple[Any, ...]]:
    stage(method, EVERYONE, everybody=everybody)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM retier_changes ORDER BY client_id")
        return cursor.fetchall()


def asked_for(method: Method) -> int:
    """How many clients are assessed at all."""
    with transaction.atomic(), connection.cursor() as cursor:
        return len(narrowed(cursor, method, EVERYONE).listed or ())


@pytest.mark.django_db
def test_what_changes_is_the_same_whoever_is_assessed():
    clients = a_book()
    at_rest = method_of(further_run())
    assert (asked_for(at_rest), staged(at_rest, everybody=True)) == (0, [])

    switched = replace(at_rest, terms=Terms(frozenset({"rosy"})))
    assert asked_for(switched) == len(clients)
    assert staged(switched, everybody=False) == staged(switched, everybody=True)

    looked_at = []
    for seed in range(12):
        chance = Random(seed)
        with transaction.atomic():
            for client in clients:
                fate = chance.choice(["rests", *FATES])
                FATES[fate](client, chance)
            method = replace(at_rest, params={**at_rest.params, "as_of": database_now()})
            changes = staged(method, everybody=False)
            assert changes == staged(method, everybody=True)
            looked_at.append(asked_for(method))
            transaction.set_rollback(True)
    assert 0 < max(looked_at) < len(clients)


def test_results_that_move_with_time_do_not_last():
    def method(**changes: Any) -> Method:
        return Method(read(a_document(**changes)), Terms(), POLICY_METRICS, {}, in_force)

    aged = a_document()
    aged["scorecards"][0]["dimensions"][0]["indicators"][0]["max_age_days"] = 90
    assert lasts(method())
    assert not lasts(method(scorecards=aged["scorecards"]))
    assert not lasts(method(policy={"migration": {"up": {"dwell_days": 30}}}))
    assert not lasts(replace(method(), catalogue=METRICS))

"""Changed records leave requests, and requests are answered once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Client, CreditReport, Interaction, Observation, Participation, Role
from tests.factories import (
    make_client,
    make_facility,
    make_industry,
    make_observation,
    make_payment,
    make_project,
    make_region,
    make_revenue,
    make_statement,
    make_user,
)
from tests.tiering.helpers import a_document, days_ago, pending_of, publish, run_now, tier_of
from tests.tiering.test_run_terms import ranked
from tiering import tasks
from tiering.errors import EvidenceOutdated, NobodyLeftBehind
from tiering.models import Assessment, Assignment, Facts, RetierRequest, TieringRun
from tiering.selectors.runs import left_behind
from tiering.services import requests
from tiering.services.chunks import claim_chunk, work_chunk
from tiering.services.proposals import approve
from tiering.services.requests import drain_requests
from tiering.services.retries import retry_left_behind
from tiering.services.runs import start_run, work_through

pytestmark = pytest.mark.django_db
STRICTER = [{"tier": "High", "min": 100}, {"tier": "Middle", "min": 99}, {"tier": "Low", "min": 0}]


def requested() -> list[int]:
    """Whose requests wait, and forget them."""
    clients = sorted(RetierRequest.objects.values_list("client", flat=True))
    RetierRequest.objects.all().delete()
    return clients


def contact(client) -> Interaction:
    return Interaction.objects.create(
        client=client, kind="call", at=timezone.now(), subject="-", author=make_user(Role.RM)
    )


def report(client) -> CreditReport:
    return CreditReport.objects.create(client=client, bureau="X", reported_on=date(2026, 1, 1), score=600)


RECORDS: dict[str, tuple[Callable[[Client], Model], dict[str, object]]] = {
    "statement": (make_statement, {"revenue": 1}),
    "credit report": (report, {"score": 700}),
    "facility": (make_facility, {"drawn": 1}),
    "payment": (
        lambda client: make_payment(make_facility(client), date(2026, 1, 1)),
        {"paid_on": date(2026, 2, 1)},
    ),
    "interaction": (contact, {"kind": "meeting"}),
    "observation": (lambda client: make_observation(client, "pd", 0.1), {"value": 0.2}),
    "revenue": (lambda client: make_revenue(client, date(2026, 1, 1)), {"amount": 1}),
    "participation": (
        lambda client: Participation.objects.create(client=client, project=make_project()),
        {"revenue_share": 0.5},
    ),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_record_made_changed_or_removed_requests_its_client(kind):
    make, change = RECORDS[kind]
    client, _other = make_client(), make_client()
    requested()
    record = make(client)
    assert set(requested()) == {client.pk}
    type(record)._default_manager.filter(pk=record.pk).update(**change)
    assert requested() == [client.pk]
    record.delete()
    assert requested() == [client.pk]


@pytest.mark.parametrize("kind", RECORDS)
def test_change_of_nothing_requests_nobody(kind):
    record = RECORDS[kind][0](make_client())
    requested()
    record.save()
    assert requested() == []


def test_new_client_and_changed_profile_request_and_other_fields_do_not():
    client = make_client()
    assert requested() == [client.pk]
    Client.objects.filter(pk=client.pk).update(name_en="Other", version=7, rm=make_user(Role.RM))
    assert requested() == []
    for profile in ({"size_class": "large"}, {"employees": 12}, {"status": "dormant"}):
        Client.objects.filter(pk=client.pk).update(**profile)
        assert requested() == [client.pk]


def test_reference_data_requests_the_clients_that_have_it():
    industry, region, project = make_industry(), make_region(), make_project()
    clients = [make_client(industry=industry), make_client(region=region), make_client()]
    Participation.objects.create(client=clients[2], project=project)
    requested()
    for record, change in ((industry, "risk_coefficient"), (region, "factor")):
        setattr(record, change, 1.7)
        record.save()
    project.status = "active"
    project.save()
    industry.name = "Renamed"
    industry.save()
    assert requested() == [client.pk for client in clients]
    industry.size_rule = "software"
    industry.save()
    project.amount = 1
    project.save()
    assert requested() == [clients[0].pk, clients[2].pk]


def test_record_that_moves_between_clients_requests_both():
    first, second = make_client(), make_client()
    statement = make_statement(first)
    requested()
    statement.client = second
    statement.save()
    assert requested() == [first.pk, second.pk]


def test_bulk_sql_requests_every_client_once():
    clients = [make_client() for _ in range(30)]
    requested()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_observation (client_id, metric, value, text, observed_on, received_on, source, created_at)"
            " SELECT c.id, m, 1, '', '2026-01-01', '2026-01-01', 'x', now()"
            " FROM crm_client c, unnest(ARRAY['pd', 'credit_score']) AS m"
        )
    assert requested() == [client.pk for client in clients]


def test_runs_leave_no_requests():
    publish()
    client = make_client()
    make_observation(client, "credit_score", 720.0)
    run_now()
    assert requested() == []


def test_changed_record_retiers_its_client_within_the_days_run():
    publish()
    client, other = make_client(), make_client()
    run_now()
    make_observation(client, "credit_score", 720.0)
    assert drain_requests() == 1
    assert (tier_of(client), tier_of(other)) == ("High", "Low")
    run = TieringRun.objects.get(trigger="change")
    assert run.slot == timezone.localdate().isoformat()
    assert Assessment.objects.get(client=client, valid_to=None).run == run
    make_observation(other, "credit_score", 650.0)
    drain_requests()
    assert TieringRun.objects.filter(trigger="change").count() == 1
    assert tier_of(other) == "Middle"
    assert not RetierRequest.objects.exists()


def test_same_client_changed_twice_a_day_gets_two_rows_in_order():
    publish(a_document(policy={}))
    client = make_client()
    for score in (720.0, 500.0, 650.0):
        Observation.objects.all().delete()
        make_observation(client, "credit_score", score)
        drain_requests()
    history = list(Assignment.objects.filter(client=client).order_by("valid_from"))
    assert [row.tier.key for row in history] == ["High", "Low", "Middle"]
    assert [row.valid_to for row in history] == [history[1].valid_from, history[2].valid_from, None]


def test_many_requests_are_answered_in_batches():
    publish()
    for _ in range(7):
        make_client()
    assert [drain_requests(limit=3) for _ in range(4)] == [3, 3, 1, 0]


def test_facts_are_kept_up_to_date_before_there_are_criteria():
    client = make_client()
    make_observation(client, "credit_score", 720.0)
    assert drain_requests() == 2
    assert Facts.objects.get(client=client).values()["credit_score"] == 720.0
    publish()
    run = work_through(start_run(requested_by=None, basis="facts"))
    assert (run.status, tier_of(client)) == ("done", "High")


def test_changed_record_retiers_its_client_in_every_scheme():
    publish()
    publish(a_document(scheme="other", policy={}))
    client = make_client()
    drain_requests()
    make_observation(client, "credit_score", 720.0)
    drain_requests()
    held = Assignment.objects.filter(client=client, valid_to=None).values_list("scheme__key", "tier__key")
    assert set(held) == {("small", "High"), ("other", "High")}
    assert Facts.objects.filter(client=client).count() == 2


def test_run_of_one_scheme_tiers_whose_facts_changed_in_the_others_too():
    publish()
    publish(a_document(scheme="other"))
    client, same = make_client(), make_client()
    drain_requests()
    make_observation(client, "credit_score", 720.0)
    RetierRequest.objects.create(client=same)
    run = run_now()
    assert requested() == []
    held = Assignment.objects.filter(client=client, valid_to=None).values_list("scheme__key", "tier__key")
    assert dict(held) == {"small": "High", "other": "High"}
    latest = Assessment.objects.filter(valid_to=None, valid_from=run.as_of).select_related("run")
    assert {row.run.trigger for row in latest} == {"manual", "change"}
    assert {row.client_id for row in latest} == {client.pk}


def test_nightly_run_of_one_scheme_leaves_the_requests_that_another_has_to_see():
    publish()
    publish(a_document(scheme="other"))
    client, same = make_client(), make_client()
    drain_requests()
    make_observation(client, "credit_score", 720.0)
    RetierRequest.objects.create(client=same)
    work_through(start_run(requested_by=None, trigger=TieringRun.Trigger.SCHEDULE, slot="tonight"))
    assert requested() == [client.pk]


def test_failing_client_does_not_hold_up_the_others():
    publish()
    clients = [make_client() for _ in range(9)]
    poison = clients[4].pk
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE tiering_facts ADD CONSTRAINT poison CHECK (client_id <> {poison}) NOT VALID"
        )
    assert drain_requests() == 8
    left = RetierRequest.objects.get()
    assert (left.client_id, left.attempts) == (poison, 1)
    assert "poison" in left.failure
    assert "DETAIL" not in left.failure
    assert not requests.any_due()
    for _ in range(4):
        RetierRequest.objects.update(due_at=timezone.now())
        drain_requests()
    RetierRequest.objects.update(due_at=timezone.now())
    assert not requests.any_due()
    assert [row.client_id for row in left_behind(make_user(Role.AUDITOR))] == [poison]


def test_later_change_that_succeeds_clears_what_was_left_behind():
    publish()
    client, other = make_client(), make_client()
    RetierRequest.objects.update(attempts=5)
    make_observation(client, "credit_score", 720.0)
    assert drain_requests() == 1
    assert RetierRequest.objects.get().client == other


def test_clients_left_behind_are_tried_again():
    publish()
    client, other = make_client(), make_client()
    RetierRequest.objects.filter(client=client).update(attempts=5, failure="ValueError: broken")
    RetierRequest.objects.filter(client=other).update(
        attempts=2, due_at=timezone.now() + timedelta(minutes=1)
    )
    officer = make_user(Role.RISK_OFFICER)
    assert retry_left_behind(by=officer) == 1
    assert drain_requests() == 1
    assert tier_of(client) == "Low"
    with pytest.raises(NobodyLeftBehind):
        retry_left_behind(by=officer)
    with pytest.raises(NotPermitted):
        retry_left_behind(by=make_user(Role.AUDITOR))


def test_run_answers_the_requests_written_before_it():
    publish()
    client = make_client()
    run_now()
    assert not RetierRequest.objects.filter(client=client).exists()


def test_run_leaves_the_requests_of_clients_that_it_passes_over():
    """Their records may have been committed after what is known of them was derived."""
    publish()
    client = make_client()
    requested()
    run = start_run(requested_by=None)
    make_observation(client, "credit_score", 720.0)
    drain_requests()
    RetierRequest.objects.create(client=client, requested_at=run.as_of - timedelta(seconds=1))
    work_through(run)
    assert requested() == [client.pk]


def test_proposal_of_a_run_over_facts_is_outdated_by_records_it_did_not_read():
    publish()
    client = make_client()
    make_observation(client, "credit_score", 650.0, observed_on=days_ago(20).date())
    drain_requests()
    publish(a_document(cutoffs=STRICTER), effective_from=None)
    make_observation(client, "credit_score", 730.0, observed_on=days_ago(10).date())
    work_through(start_run(requested_by=None, basis="facts"))
    with pytest.raises(EvidenceOutdated):
        approve(proposal=pending_of(client), decided_by=make_user(Role.RISK_OFFICER))
    RetierRequest.objects.all().delete()
    approve(proposal=pending_of(client), decided_by=make_user(Role.RISK_OFFICER))
    assert tier_of(client) == "Low"


def test_worker_of_a_run_answers_changed_records_first(monkeypatch):
    publish()
    client = make_client()
    run = start_run(requested_by=None)
    monkeypatch.setattr(
        tasks.chunks, "work", lambda run_id: bool(pytest.fail("late") if requested() else run_id)
    )
    monkeypatch.setattr(tasks, "ring", lambda *_: None)
    make_observation(client, "credit_score", 720.0, observed_on=days_ago(1).date())
    tasks.work(run.pk)
    assert tier_of(client) == "High"


@pytest.mark.django_db(transaction=True)
def test_record_that_arrives_between_the_facts_and_the_tiers_of_a_run_outdates_its_proposals():
    review = {"policy": {"review_when": {"metric": "notches", "op": "<", "value": 0}}}
    publish({**ranked(), **review})
    client, *others = [make_client(rm=make_user(Role.RM)) for _ in range(3)]
    for each, score in zip((client, *others), (720.0, 650.0, 500.0), strict=True):
        make_observation(each, "credit_score", score, observed_on=days_ago(9).date())
    run_now()
    make_observation(client, "credit_score", 400.0, observed_on=days_ago(2).date())
    run = start_run(requested_by=None)
    facts = claim_chunk(run_id=run.pk)
    assert facts
    work_chunk(facts)
    make_observation(client, "credit_score", 720.0, observed_on=days_ago(1).date())
    work_through(run)
    assert RetierRequest.objects.filter(client=client).exists()
    with pytest.raises(EvidenceOutdated):
        approve(proposal=pending_of(client), decided_by=make_user(Role.RISK_OFFICER))

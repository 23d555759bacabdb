from datetime import date, timedelta

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from crm.models import Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, pending_of, publish, run_now, tier_of
from tiering.core.evaluate import evaluate
from tiering.core.metric import Fact
from tiering.models import Assessment, Assignment, Facts, Proposal, TieringRun
from tiering.selectors.criteria import document_of
from tiering.services import proposals
from tiering.services.runs import start_run, work_through

pytestmark = pytest.mark.django_db


def observe(client, score, days=0.0, **fields):
    day = timezone.localdate() - timedelta(days=days)
    return make_observation(client, "credit_score", score, observed_on=day, **fields)


def test_first_run_assigns_every_client_a_tier_without_asking():
    publish()
    good, weak, unknown = make_client(), make_client(), make_client()
    observe(good, 720.0)
    observe(weak, 500.0)
    run = run_now()
    assert run.status == "done"
    assert [tier_of(client) for client in (good, weak, unknown)] == ["High", "Low", "Low"]
    assert Proposal.objects.count() == 0
    assert Assessment.objects.get(client=unknown).provisional
    assert not Assessment.objects.get(client=good).provisional


def test_run_without_changes_writes_nothing():
    publish()
    client = make_client(client_since=date(2020, 1, 1))
    observe(client, 720.0, days=5)
    run_now(as_of=days_ago(2))
    before = (Facts.objects.count(), Assessment.objects.count(), Assignment.objects.count())
    run_now(as_of=days_ago(1))
    run = run_now()
    assert (Facts.objects.count(), Assessment.objects.count(), Assignment.objects.count()) == before
    assert run.chunks.get().clients == 1
    assert run.chunks.get().assessed == 0


def test_upgrade_is_assigned_and_the_former_tier_closed():
    publish()
    client = make_client()
    observe(client, 620.0, days=20)
    run_now(as_of=days_ago(10))
    observe(client, 720.0, days=5)
    run_now()
    former, current = Assignment.objects.filter(client=client).order_by("valid_from")
    assert (former.tier.key, current.tier.key) == ("Middle", "High")
    assert former.valid_to == current.valid_from
    assert current.valid_to is None


def test_downgrade_waits_for_a_decision():
    publish()
    client = make_client()
    observe(client, 720.0, days=20)
    run_now(as_of=days_ago(10))
    observe(client, 500.0, days=5)
    run_now()
    proposal = pending_of(client)
    assert (proposal.from_tier.key, proposal.to_tier.key) == ("High", "Low")
    assert tier_of(client) == "High"


def test_new_evidence_replaces_a_pending_proposal():
    publish()
    client = make_client()
    observe(client, 720.0, days=30)
    run_now(as_of=days_ago(20))
    observe(client, 500.0, days=15)
    run_now(as_of=days_ago(10))
    first = pending_of(client)
    observe(client, 650.0, days=5)
    run_now()
    first.refresh_from_db()
    assert first.status == "superseded"
    assert pending_of(client).to_tier.key == "Middle"


def test_same_move_on_new_evidence_goes_on_waiting_and_another_move_begins():
    publish()
    client = make_client()
    observe(client, 720.0, days=30)
    run_now(as_of=days_ago(25))
    observe(client, 500.0, days=20)
    began = run_now(as_of=days_ago(15)).as_of
    observe(client, 480.0, days=12)
    run_now(as_of=days_ago(10))
    observe(client, 470.0, days=8)
    renewed = run_now(as_of=days_ago(6)).as_of
    proposal = pending_of(client)
    assert (proposal.waiting_since, proposal.created_at) == (began, renewed)
    observe(client, 650.0, days=5)
    other = run_now(as_of=days_ago(4)).as_of
    assert pending_of(client).waiting_since == other


def test_move_that_went_away_and_came_back_begins_to_wait_anew():
    publish()
    client = make_client()
    observe(client, 720.0, days=30)
    run_now(as_of=days_ago(25))
    observe(client, 500.0, days=20)
    run_now(as_of=days_ago(15))
    observe(client, 730.0, days=12)
    run_now(as_of=days_ago(10))
    observe(client, 500.0, days=8)
    again = run_now(as_of=days_ago(6)).as_of
    assert pending_of(client).waiting_since == again


def test_tier_that_comes_back_withdraws_the_proposal():
    publish()
    client = make_client()
    observe(client, 720.0, days=30)
    run_now(as_of=days_ago(20))
    observe(client, 500.0, days=15)
    run_now(as_of=days_ago(10))
    observe(client, 730.0, days=5)
    run_now()
    assert not Proposal.objects.filter(status="pending").exists()
    assert tier_of(client) == "High"


def test_rejected_proposal_is_not_repeated_until_the_result_changes():
    publish()
    client = make_client()
    observe(client, 720.0, days=40)
    run_now(as_of=days_ago(30))
    observe(client, 500.0, days=25)
    run_now(as_of=days_ago(20))
    proposals.reject(
        proposal=pending_of(client),
        decided_by=make_user(Role.RISK_OFFICER),
        comment="Bureau error",
        at=days_ago(19),
    )
    make_observation(client, "project_count", 3.0, observed_on=timezone.localdate() - timedelta(days=18))
    run_now(as_of=days_ago(15))
    assert not Proposal.objects.filter(status="pending").exists()
    observe(client, 640.0, days=12)
    run_now(as_of=days_ago(10))
    assert pending_of(client).to_tier.key == "Middle"


def test_clients_with_newer_facts_are_passed_over():
    publish()
    client = make_client()
    observe(client, 720.0, days=30)
    run_now(as_of=days_ago(1))
    before = Facts.objects.values_list("pk", "valid_from", "valid_to")[0]
    run = run_now(as_of=days_ago(3))
    assert run.chunks.get().clients == 0
    assert Facts.objects.values_list("pk", "valid_from", "valid_to")[0] == before


def test_new_version_reassesses_everyone_on_what_is_known_then():
    publish()
    client = make_client(client_since=date(2020, 1, 1))
    observe(client, 650.0, days=40)
    run_now(as_of=days_ago(20))
    stricter = a_document(
        cutoffs=[{"tier": "High", "min": 90}, {"tier": "Middle", "min": 70}, {"tier": "Low", "min": 0}]
    )
    publish(stricter, effective_from=days_ago(10))
    run_now()
    assert Assessment.objects.get(client=client, valid_to=None).version.number == 2
    assert pending_of(client).to_tier.key == "Low"


def test_drifting_value_is_stored_as_soon_as_criteria_tell_it_apart():
    """Two and a half years lie between two steps of the clock."""
    document = a_document()
    document["gates"][0]["when"] = {"metric": "relationship_years", "op": "<", "value": 2.5}
    publish(document)
    client = make_client(client_since=timezone.localdate() - timedelta(days=930))
    observe(client, 720.0, days=200)
    for days in (60, 40, 20, 2):
        run_now(as_of=days_ago(days))
    assert len(relationship_years()) == 2
    assert [a.gates for a in Assessment.objects.order_by("valid_from")] == [["late"], []]


def test_every_assessment_replays_bit_for_bit_from_stored_facts_and_version():
    publish()
    clients = [make_client() for _ in range(12)]
    for step, days in enumerate((40, 30, 20, 10)):
        for number, client in enumerate(clients):
            if (number + step) % 3:
                observe(client, 480.0 + 37.25 * ((number * 5 + step * 7) % 9), days=days)
        run_now(as_of=days_ago(days - 1))
    assessments = Assessment.objects.select_related("facts", "version", "tier", "model_tier")
    assert len(assessments) > len(clients)
    for stored in assessments:
        result = evaluate(document_of(stored.version), stored.facts.values())
        assert (result.scorecard, result.score, result.provisional) == (
            stored.scorecard,
            stored.score,
            stored.provisional,
        )
        assert (result.model_tier, result.tier) == (stored.model_tier.rank, stored.tier.rank)
        assert list(result.gates) == stored.gates


def relationship_years() -> list[Fact]:
    """As each row of facts holds them, the oldest first."""
    return [facts.values()["relationship_years"] for facts in Facts.objects.order_by("id")]


def test_time_alone_renews_facts_only_by_steps():
    publish()
    make_client(client_since=timezone.localdate() - timedelta(days=400))
    for days in (90, 75, 61, 45):
        run_now(as_of=days_ago(days))
    assert relationship_years() == [10 / 12]
    run_now()
    assert relationship_years() == [10 / 12, 13 / 12]


@pytest.mark.parametrize("ledger", [Facts, Assessment, Assignment])
@pytest.mark.parametrize("end", [None, days_ago(1)], ids=["reopened", "moved"])
def test_closed_row_stays_as_it_was_closed(ledger, end):
    publish()
    client = make_client()
    observe(client, 620.0, days=20)
    run_now(as_of=days_ago(10))
    observe(client, 720.0, days=5)
    run_now(as_of=days_ago(2))
    closed = ledger.objects.filter(client=client, valid_to__isnull=False)
    assert closed.count() == 1
    with pytest.raises(InternalError, match="closed_for_good"), transaction.atomic():
        closed.update(valid_to=end)


def test_run_of_one_scheme_renews_assessments_whose_facts_another_scheme_replaced():
    publish()
    other = publish(a_document(scheme="other")).criteria.scheme
    client = make_client()
    observe(client, 720.0, days=20)
    run_now(as_of=days_ago(15))
    observe(client, 500.0, days=10)
    night = TieringRun.Trigger.SCHEDULE
    work_through(start_run(requested_by=None, as_of=days_ago(8), scheme=other, trigger=night, slot="night"))
    run_now(as_of=days_ago(5))
    facts = Facts.objects.get(client=client, valid_to=None)
    assessment = Assessment.objects.get(client=client, scheme__key="small", valid_to=None)
    pending = Proposal.objects.get(client=client, scheme__key="small", status="pending")
    assert (assessment.facts, pending.to_tier.key) == (facts, "Low")

"""Runs that only try something out: what they find, and that no tier knows of it."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from crm.errors import NotPermitted
from crm.models import Client, Role
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, publish, run_now, tier_of
from tests.tiering.test_run_terms import ranked
from tiering.errors import CriteriaRefused, NotInEffect, RanksNeedFacts, ShadowOfADraft
from tiering.models import (
    Assessment,
    Assignment,
    CriteriaVersion,
    Facts,
    Proposal,
    RetierRequest,
    TieringRun,
    TrialResult,
)
from tiering.selectors.runs import progress
from tiering.services.criteria import load_criteria
from tiering.services.runs import start_run, work_through

pytestmark = pytest.mark.django_db
LEDGERS = (Facts, Assessment, Assignment, Proposal)
STRICTER = [{"tier": "High", "min": 100}, {"tier": "Middle", "min": 70}, {"tier": "Low", "min": 0}]


def draft(**changes: Any) -> CriteriaVersion:
    return load_criteria(document=a_document(**changes), author=make_user(Role.CRITERIA_ADMIN))


def observed(score: float, days: float) -> Client:
    client = make_client()
    make_observation(client, "credit_score", score, observed_on=days_ago(days).date())
    return client


def try_out(version: CriteriaVersion | None = None, **terms: Any) -> TieringRun:
    return work_through(start_run(requested_by=None, version=version, **terms))


def found(run: TieringRun) -> dict[int, tuple[int | None, int]]:
    """By client, the rank held and the rank found."""
    return {row.client_id: (row.held_rank, row.rank) for row in TrialResult.objects.filter(run=run)}


def rows() -> list[int]:
    return [ledger.objects.count() for ledger in LEDGERS]


@pytest.mark.parametrize("kind", ["simulation", "backtest"])
@pytest.mark.parametrize("basis", ["facts", "records"])
def test_draft_is_tried_out_on_everybody_and_nothing_changes(kind, basis):
    publish()
    middle, low = observed(650.0, 30), observed(500.0, 30)
    run_now(as_of=days_ago(1))
    before = rows()
    run = try_out(draft(cutoffs=STRICTER), kind=kind, basis=basis)
    assert (run.status, progress(run).clients, progress(run).assigned) == ("done", 2, 0)
    assert found(run) == {middle.pk: (1, 2), low.pk: (2, 2)}
    assert rows() == before
    assert tier_of(middle) == "Middle"


def test_nobody_holds_a_tier_of_a_scheme_that_is_only_drafted():
    client = observed(650.0, 30)
    publish()
    run_now(as_of=days_ago(1))
    run = try_out(draft(scheme="drafted"), kind="simulation")
    assert found(run) == {client.pk: (None, 1)}


def test_trial_leaves_the_requests_of_changed_records():
    publish()
    observed(650.0, 30)
    waiting = RetierRequest.objects.count()
    try_out(kind="simulation")
    assert RetierRequest.objects.count() == waiting > 0


def test_backtest_sees_what_was_known_then_and_the_tier_that_was_held():
    publish()
    client = observed(650.0, 40)
    run_now(as_of=days_ago(30))
    make_observation(client, "credit_score", 720.0, observed_on=days_ago(20).date())
    run_now(as_of=days_ago(10))
    for basis in ("facts", "records"):
        assert found(try_out(kind="backtest", basis=basis, as_of=days_ago(25))) == {client.pk: (1, 1)}
        assert found(try_out(kind="backtest", basis=basis, as_of=days_ago(5))) == {client.pk: (0, 0)}


def test_shadow_runs_what_somebody_approved():
    publish()
    client = observed(650.0, 30)
    run_now(as_of=days_ago(1))
    second = publish(a_document(cutoffs=STRICTER), effective_from=days_ago(-10))
    assert found(try_out(second, kind="shadow", basis="facts")) == {client.pk: (1, 2)}
    with pytest.raises(ShadowOfADraft):
        try_out(draft(note={"en": "3", "zh": "3"}), kind="shadow")


def test_what_a_trial_refuses():
    publish()
    second = publish(a_document(cutoffs=STRICTER), effective_from=days_ago(-10))
    with pytest.raises(NotInEffect):
        try_out(second)
    with pytest.raises(CriteriaRefused):
        try_out(draft(cutoffs=[{"tier": "High", "min": 80}]), kind="simulation")
    with pytest.raises(NotPermitted):
        start_run(requested_by=make_user(Role.AUDITOR), kind="simulation")


def test_trial_by_records_cannot_rank():
    publish(ranked())
    clients = [observed(score, 30) for score in (720.0, 650.0, 500.0)]
    run_now(as_of=days_ago(1))
    for kind in ("simulation", "shadow", "backtest"):
        with pytest.raises(RanksNeedFacts):
            try_out(kind=kind, basis="records")
    run = try_out(kind="simulation", basis="facts")
    assert found(run) == {client.pk: (rank, rank) for rank, client in enumerate(clients)}
    assert TieringRun.objects.filter(kind="simulation").count() == 1


def test_trial_repeated_after_a_kill_finds_everybody_once():
    publish()
    observed(650.0, 30)
    run = start_run(requested_by=None, kind="simulation")
    work_through(run)
    assert TrialResult.objects.filter(run=run).count() == 1
    work_through(run)
    assert TrialResult.objects.filter(run=run).count() == 1


ASSESS = """
INSERT INTO tiering_assessment
    (client_id, scheme_id, version_id, run_id, facts_id, valid_from, scorecard, score, model_tier_id, base_tier_id,
     overlay_tier_id, tier_id, provisional, gates)
SELECT client_id, scheme_id, version_id, %(run)s, facts_id, now(), scorecard, score, model_tier_id, base_tier_id,
       overlay_tier_id, tier_id, provisional, gates
FROM tiering_assessment
"""
PROPOSE = """
INSERT INTO tiering_proposal
    (client_id, scheme_id, from_tier_id, to_tier_id, assessment_id, run_id, exposure, status, comment)
SELECT a.client_id, a.scheme_id, a.tier_id, t.id, a.id, %(run)s, 0, 'pending', ''
FROM tiering_assessment a JOIN tiering_tier t ON t.scheme_id = a.scheme_id AND t.id <> a.tier_id LIMIT 1
"""


@pytest.mark.parametrize("kind", ["simulation", "shadow", "backtest"])
@pytest.mark.parametrize("written", [ASSESS, PROPOSE], ids=["assessment", "proposal"])
def test_sql_cannot_bring_a_trial_into_the_ledgers(kind, written):
    publish()
    observed(650.0, 30)
    run_now(as_of=days_ago(1))
    official = TieringRun.objects.get()
    trial = try_out(kind=kind)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tiering_assessment SET valid_to = now() - interval '1 hour'")
        with pytest.raises(IntegrityError, match="only an official run writes here"), transaction.atomic():
            cursor.execute(written, {"run": trial.pk})
        cursor.execute(written, {"run": official.pk})
        assert cursor.rowcount == 1


ASSIGN = """
INSERT INTO tiering_assignment (client_id, scheme_id, tier_id, valid_from, assessment_id)
SELECT %(client)s, scheme_id, tier_id, now(), id FROM tiering_assessment WHERE client_id = %(of)s
"""


def test_sql_cannot_rest_a_tier_on_the_assessment_of_another_client():
    publish()
    one, other = observed(720.0, 30), observed(500.0, 30)
    run_now(as_of=days_ago(1))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tiering_assignment SET valid_to = now() - interval '1 hour'")
        with pytest.raises(IntegrityError, match="of another subject"), transaction.atomic():
            cursor.execute(ASSIGN, {"client": other.pk, "of": one.pk})
        cursor.execute(ASSIGN, {"client": one.pk, "of": one.pk})
        assert cursor.rowcount == 1

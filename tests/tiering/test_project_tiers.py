"""Tiers of clients within projects: assigned, followed, rolled up and ended by the runs that tier clients."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.models import Client, Participation, Project, Role
from tests.factories import make_client, make_project, make_user
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.placing import join, publish_within
from tiering.core.document import RollUp
from tiering.core.rollup import InProject, deciding
from tiering.errors import StaleProposal
from tiering.models import (
    Assessment,
    Assignment,
    CriteriaVersion,
    ProjectFacts,
    Proposal,
    RetierRequest,
    TieringRun,
    TrialResult,
)
from tiering.selectors.evidence import evidence_at
from tiering.selectors.projects import deciding_projects, projects_of
from tiering.services.proposals import approve
from tiering.services.requests import drain
from tiering.services.runs import start_run, work_through
from tiering.services.schedule import ensure_runs

pytestmark = pytest.mark.django_db


def tiers(client: Client, **more: Any) -> dict[str | None, str]:
    """By project code (None: as a whole), the tier in force."""
    held = Assignment.objects.filter(client=client, valid_to=None, scheme__subject="project", **more)
    return dict(held.values_list("project__code", "tier__key"))


def run_within(version: CriteriaVersion, **terms: Any) -> TieringRun:
    run = start_run(requested_by=None, scheme=version.criteria.scheme, **terms)
    return work_through(run)


@pytest.fixture
def lin() -> Client:
    return make_client()


@pytest.fixture
def parts(lin: Client) -> tuple[Participation, Participation]:
    """Within one project 60 %, within another 10 %."""
    large, small = make_project(code="L"), make_project(code="S")
    return join(lin, large, revenue_share=0.1), join(lin, small, revenue_share=0.6)


def test_client_gets_a_tier_in_each_project_and_one_as_a_whole(lin, parts):
    run = run_within(publish_within())
    assert tiers(lin) == {"L": "Low", "S": "High", None: "High"}
    assert (run.status, Assessment.objects.count()) == ("done", 3)
    whole = Assessment.objects.get(project=None)
    assert (whole.project_facts, whole.score) == (None, 100 * 10**8)


@pytest.mark.parametrize(
    ("roll_up", "whole"),
    [
        ({"rule": "best"}, "High"),
        ({"rule": "worst"}, "Low"),
        ({"rule": "largest", "by": "project_amount"}, "Low"),
    ],
)
def test_declared_rule_decides_and_is_told(lin, parts, roll_up, whole):
    Project.objects.filter(code="L").update(amount=9e8)
    version = publish_within(roll_up)
    run_within(version)
    assert tiers(lin)[None] == whole
    now = timezone.now()
    [decided] = deciding_projects(lin, now).values()
    assert Project.objects.get(pk=decided).code == ("S" if whole == "High" else "L")
    evidence = evidence_at(lin, version.criteria.scheme, now)
    assert evidence.basis.project_id == decided
    assert evidence.explanation.assessment.tier == evidence.assessment.tier.rank


def test_second_run_writes_nothing_where_nothing_changed(lin, parts):
    version = publish_within()
    run_within(version, as_of=days_ago(2))
    counts = [rows.objects.count() for rows in (ProjectFacts, Assessment, Assignment)]
    run_within(version, as_of=days_ago(1))
    assert [rows.objects.count() for rows in (ProjectFacts, Assessment, Assignment)] == counts


def test_changed_record_moves_the_tier_within_its_project_and_as_a_whole(lin, parts):
    publish()
    run_within(publish_within(), as_of=days_ago(1))
    large, _ = parts
    Participation.objects.filter(pk=large.pk).update(revenue_share=0.3)
    drain()
    assert tiers(lin) == {"L": "Middle", "S": "High", None: "High"}
    assert not RetierRequest.objects.exists()
    assert Assessment.objects.filter(project=None, valid_to=None, scheme__subject="project").count() == 1


def test_partners_contribution_moves_who_did_not_change(lin):
    project, other = make_project(), make_client()
    join(lin, project)
    join(other, project)
    month = timezone.localdate().replace(day=1) - timedelta(days=40)
    terms = {"project": project, "month": month.replace(day=1), "received_on": days_ago(3).date()}
    lin.revenues.create(amount=100, source="a", **terms)
    run_within(publish_within(), as_of=days_ago(1))
    assert tiers(lin)[None] == "High"
    other.revenues.create(amount=150, source="b", **{**terms, "received_on": timezone.localdate()})
    drain()
    facts = ProjectFacts.objects.get(client=lin, valid_to=None).values
    assert facts["project_revenue_share"] == 0.4
    proposal = Proposal.objects.filter(client=lin, project=project, status="pending").get()
    assert (proposal.from_tier.key, proposal.to_tier.key) == ("High", "Middle")


def test_downgrade_within_a_project_waits_for_a_decision_and_holds_in_that_project_alone(lin, parts):
    run_within(publish_within(), as_of=days_ago(1))
    _, small = parts
    Participation.objects.filter(pk=small.pk).update(revenue_share=0.25)
    drain()
    assert tiers(lin) == {"L": "Low", "S": "High", None: "High"}
    within = Proposal.objects.get(project__code="S", status="pending")
    approve(proposal=within, decided_by=make_user(Role.RISK_OFFICER))
    assert tiers(lin) == {"L": "Low", "S": "Middle", None: "High"}
    whole = Proposal.objects.get(project=None, status="pending")
    approve(proposal=whole, decided_by=make_user(Role.RISK_OFFICER))
    assert tiers(lin) == {"L": "Low", "S": "Middle", None: "Middle"}


def test_proposal_whose_project_changed_since_is_stale(lin, parts):
    run_within(publish_within(), as_of=days_ago(1))
    _, small = parts
    Participation.objects.filter(pk=small.pk).update(revenue_share=0.25)
    drain()
    within = Proposal.objects.get(project__code="S", status="pending")
    ProjectFacts.objects.filter(project__code="S", valid_to=None).update(valid_to=timezone.now())
    with pytest.raises(StaleProposal):
        approve(proposal=within, decided_by=make_user(Role.RISK_OFFICER))


def test_part_that_ends_takes_its_tier_along(lin, parts):
    version = publish_within()
    run_within(version, as_of=days_ago(2))
    _, small = parts
    Participation.objects.filter(pk=small.pk).update(until=days_ago(1).date())
    drain()
    assert tiers(lin) == {"L": "Low", None: "High"}
    assert Proposal.objects.get(status="pending").to_tier.key == "Low"
    assert not ProjectFacts.objects.filter(project__code="S", valid_to=None).exists()
    assert not Assessment.objects.filter(project__code="S", valid_to=None).exists()


def test_without_any_project_the_tier_as_a_whole_ends_too(lin, parts):
    version = publish_within()
    run_within(version, as_of=days_ago(2))
    Project.objects.update(status="cancelled")
    run_within(version, as_of=days_ago(1))
    assert tiers(lin) == {}
    assert not Proposal.objects.filter(status="pending").exists()
    assert Assignment.objects.filter(client=lin, valid_to__isnull=False).count() == 3


def test_pending_change_ends_with_the_part(lin, parts):
    version = publish_within()
    run_within(version, as_of=days_ago(3))
    _, small = parts
    Participation.objects.filter(pk=small.pk).update(revenue_share=0.25)
    run_within(version, as_of=days_ago(2))
    assert Proposal.objects.filter(status="pending").count() == 2
    Participation.objects.all().delete()
    run_within(version, as_of=days_ago(1))
    assert not Proposal.objects.filter(status="pending").exists()


def test_part_that_ends_and_begins_again_during_a_run_is_known_once_at_a_time(lin, parts):
    version = publish_within()
    run_within(version, as_of=days_ago(1))
    run = start_run(requested_by=None, scheme=version.criteria.scheme)
    Participation.objects.all().delete()
    drain()
    assert tiers(lin) == {}
    join(lin, Project.objects.get(code="L"), revenue_share=0.1)
    work_through(run)
    assert not ProjectFacts.objects.filter(valid_to=None).exists()
    drain()
    assert tiers(lin) == {"L": "Low", None: "Low"}
    for ledger in (ProjectFacts, Assessment, Assignment):
        rows = ledger.objects.filter(client=lin, project__code="L").order_by("valid_from")
        ends = list(rows.values_list("valid_to", flat=True))
        assert [row.valid_from for row in rows[1:]] > ends[:-1]
        assert ends[-1] is None


def test_publication_tiers_clients_within_projects_of_whom_nothing_was_known(lin, parts):
    publish_within(effective_from=days_ago(0.5))
    for run in ensure_runs():
        work_through(run)
    assert tiers(lin) == {"L": "Low", "S": "High", None: "High"}


def test_criteria_of_clients_and_of_projects_stand_side_by_side(lin, parts):
    publish()
    version = publish_within()
    run_now(as_of=days_ago(2))
    run_within(version, as_of=days_ago(1))
    assert Assignment.objects.filter(client=lin, valid_to=None).count() == 4
    [one, two] = projects_of(lin, make_user(Role.RISK_OFFICER), timezone.now())
    assert [row.project.code for row in (one, two)] == ["S", "L"]


@pytest.mark.parametrize("basis", TieringRun.Basis.values)
def test_trial_tells_what_the_run_would_and_touches_no_tier(lin, parts, basis):
    version = publish_within()
    run_within(version, as_of=days_ago(1))
    before = Assignment.objects.count()
    run = run_within(version, kind=TieringRun.Kind.SIMULATION, basis=basis)
    found = TrialResult.objects.filter(run=run).values_list("project__code", "rank", "held_rank")
    assert set(found) == {("L", 2, 2), ("S", 0, 0), (None, 0, 0)}
    assert Assignment.objects.count() == before


def test_past_day_is_tiered_by_the_parts_of_that_day(lin):
    project = make_project(code="P")
    join(lin, project, part="sponsor", revenue_share=0.6, until=date(2026, 3, 1))
    join(lin, project, part="borrower", revenue_share=0.1, since=date(2026, 1, 1))
    version = publish_within()
    run_within(version, as_of=days_ago((timezone.now().date() - date(2026, 2, 1)).days))
    assert tiers(lin) == {"P": "High", None: "High"}


ROWS = st.lists(
    st.tuples(
        st.integers(0, 3).map(lambda step: 0.15 + 0.15 * step),
        st.sampled_from([None, 1e6, 2e6, 3e6]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12, deadline=None)
@given(rows=ROWS, rule=st.sampled_from(["best", "worst", "largest"]))
def test_run_rolls_up_as_python_does(rows, rule):
    """Shares and amounts that often tie; the run's whole is the deciding project's by `core.rollup`."""
    with transaction.atomic():
        client = make_client()
        for share, amount in rows:
            join(client, make_project(amount=amount), revenue_share=share)
        roll_up = {"rule": rule, **({"by": "project_amount"} if rule == "largest" else {})}
        run_within(publish_within(roll_up, scheme=f"scheme_{client.pk}"))
        found = Assessment.objects.filter(client=client, valid_to=None).select_related("project_facts")
        results = [
            InProject(
                row.project_id, row.tier.rank, row.score, row.project_facts.values.get("project_amount")
            )
            for row in found
            if row.project_id
        ]
        expected = deciding(RollUp(roll_up["rule"], roll_up.get("by")), results)
        whole = next(row for row in found if row.project_id is None)
        assert (whole.tier.rank, whole.score) == (expected.rank, expected.score)
        assert len(results) == len(rows)
        transaction.set_rollback(True)

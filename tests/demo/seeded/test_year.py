"""The book in the database: a year of tiers, cases behind their gates, people who can log in."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count, F
from django.urls import reverse

from config.demo.cast import PASSWORD, PEOPLE
from config.demo.clock import moment, month_ends
from config.demo.methods import BESIDE
from config.demo.past import MONTHS
from config.demo.proving import HORIZON, NIGHTS, days_asked
from crm.models import Client, Interaction, Interest, Notice, Participation, Role, Task, User
from crm.notices import kinds
from crm.selectors.absences import away
from funnel.models import Case, StageMove
from tests.demo.seeded.conftest import CLIENTS
from tiering.models import (
    Alert,
    Assessment,
    Assignment,
    Challenger,
    CriteriaVersion,
    Facts,
    OverlayActivation,
    Override,
    Proposal,
    Remark,
    RetierRequest,
    ReviewView,
    ReviewWork,
    RunChunk,
    TieringRun,
    TierScheme,
    Validation,
    Vote,
    WatchlistEntry,
)
from tiering.pages.way import against
from tiering.selectors.authority import authority_at
from tiering.selectors.lifecycle import waiting_for
from tiering.selectors.replay import Choice
from tiering.selectors.replay_sql import replay_by_sql

pytestmark = pytest.mark.django_db

PRIMARY = {"scheme__is_primary": True}


def test_every_month_end_and_the_day_itself_have_a_finished_run(anchor):
    primary = TieringRun.objects.filter(version__criteria__scheme__is_primary=True, kind="official")
    runs = primary.filter(trigger="schedule").order_by("as_of")
    assert [run.as_of for run in runs] == [moment(day, 0) for day in [*month_ends(anchor, MONTHS), anchor]]
    assert set(TieringRun.objects.values_list("status", flat=True)) == {"done"}
    clients = RunChunk.objects.filter(run__in=runs).values_list("clients", flat=True)
    assert sum(clients) == (MONTHS + 1) * CLIENTS


def test_tier_history_spans_the_year_and_changes(anchor):
    tiers = Assignment.objects.filter(**PRIMARY)
    assert tiers.order_by("valid_from").first().valid_from == moment(month_ends(anchor, MONTHS)[0], 0)
    assert tiers.filter(valid_to__isnull=True).count() == CLIENTS
    assert tiers.filter(valid_to__isnull=False).count() > CLIENTS / 12
    assert tiers.filter(valid_to__isnull=True).values("tier").distinct().count() == 3


def test_decisions_lie_between_the_runs_and_come_from_risk_officers(anchor):
    decided = Proposal.objects.filter(decided_by__isnull=False)
    assert decided.filter(status="approved").exists()
    assert decided.exclude(decided_by__role=Role.RISK_OFFICER).count() == 0
    assert decided.filter(decided_at__lte=F("run__as_of")).count() == 0
    assert decided.filter(decided_at__gte=moment(anchor, 0)).count() == 0


def test_approved_changes_hold_from_their_decision(anchor):
    approved = Assignment.objects.filter(proposal__isnull=False)
    assert approved.exists()
    assert approved.exclude(valid_from=F("proposal__decided_at")).count() == 0
    assert approved.exclude(tier=F("proposal__to_tier")).count() == 0


def test_criteria_are_approved_by_another_before_the_first_run(anchor):
    versions = CriteriaVersion.objects.filter(status="published")
    assert {version.criteria.scheme.key for version in versions} == {"aa_a_b", *BESIDE}
    for version in versions:
        assert version.author != version.approver
        assert version.created_at < version.submitted_at < version.approved_at < version.published_at
        assert version.published_at == version.effective_from
        assert version.effective_from < version.runs.order_by("as_of").first().as_of


def test_one_version_is_worked_on_and_one_waits_for_the_other_administrator(anchor):
    one, other = (User.objects.get(username=name) for name in ("lei.he", "ning.zhou"))
    draft, waiting = (CriteriaVersion.objects.get(status=status) for status in ("draft", "submitted"))
    assert (draft.author, draft.edits.count()) == (one, 3)
    assert not against(draft).refusals
    assert against(draft).failing
    assert list(waiting_for(other)) == [waiting]
    assert against(waiting).is_clear
    assert waiting.created_at < waiting.submitted_at < moment(anchor, 0)


def test_the_day_is_done_and_nothing_waits_for_the_workers(anchor):
    today = TieringRun.objects.filter(trigger="schedule", slot=anchor.isoformat(), kind="official")
    assert today.count() == TierScheme.objects.count()
    assert not RetierRequest.objects.exists()
    assert not RunChunk.objects.exclude(status="done").exists()


def test_every_scheme_tiers_whom_it_is_about(anchor):
    in_force = Assignment.objects.filter(valid_to__isnull=True)
    taking_part = Participation.objects.exclude(until__lte=anchor).exclude(project__status="cancelled")
    for scheme in TierScheme.objects.exclude(subject="project"):
        assert in_force.filter(scheme=scheme, project=None).count() == CLIENTS
    for scheme in TierScheme.objects.filter(subject="project"):
        found = in_force.filter(scheme=scheme, project__isnull=False).values_list("client", "project")
        assert set(found) == set(taking_part.values_list("client", "project"))


def test_six_tiers_show_overlays_and_the_migration_policy_at_work(anchor):
    today = Assessment.objects.filter(scheme__key="six_tier", valid_to__isnull=True)
    assert today.filter(overlays__contains=["downturn"]).exclude(overlay_tier=F("base_tier")).exists()
    assert today.filter(overlays__contains=["green"]).exists()
    assert today.exclude(tier=F("overlay_tier")).exists()


def test_overlays_were_approved_by_another_before_they_began_and_one_waits(anchor):
    approved = OverlayActivation.objects.filter(approved_by__isnull=False)
    assert {activation.overlay for activation in approved} == {"green", "downturn"}
    for activation in approved:
        assert activation.requested_by != activation.approved_by
        assert activation.requested_at < activation.approved_at < activation.starts
    waiting = OverlayActivation.objects.get(approved_by__isnull=True)
    assert waiting.requested_at < moment(anchor, 0) < waiting.starts


def test_facts_read_what_the_records_now_hold(anchor):
    facts = Facts.objects.filter(valid_to__isnull=True)
    for known in (
        "revenue_12m",
        "employees",
        "size_class",
        "net_worth",
        "security_package",
        "sponsor_strength",
    ):
        assert facts.exclude(**{known: None}).exists(), known
    assert facts.filter(custom__has_key="green_revenue_share").exists()
    assert facts.filter(security_package="not_applicable").exists()


def test_every_tier_of_the_year_is_replayed_without_a_difference(anchor):
    batches = list(replay_by_sql(Choice()))
    assert sum(batch.assessments for batch in batches) == Assessment.objects.count()
    assert [found for batch in batches for found in batch.differences] == []


def test_cases_stand_where_their_last_move_left_them(anchor):
    assert Case.objects.exists()
    for case in Case.objects.prefetch_related("moves"):
        moves = list(case.moves.all())
        assert moves[0].from_stage_id is None
        assert [move.to_stage_id for move in moves[:-1]] == [move.from_stage_id for move in moves[1:]]
        assert moves[-1].to_stage_id == case.stage_id
        assert moves[-1].moved_at == case.entered_stage_at
        assert case.version == len(moves)


def test_no_case_passed_a_gate_that_its_clients_tier_did_not_open(anchor):
    tiers = Assignment.objects.filter(**PRIMARY).order_by("valid_from")
    since = tiers.values_list("valid_from", flat=True)[0]
    gated = StageMove.objects.filter(to_stage__gates__isnull=False, moved_at__gte=since)
    assert gated.exists()
    assert not gated.filter(tier__isnull=True).exists()
    assert not gated.filter(tier__rank__gt=F("to_stage__gates__minimum_tier__rank")).exists()


def test_every_client_has_a_manager_of_its_team(anchor):
    assert not Client.objects.exclude(rm__team=F("team")).exists()
    assert not Interaction.objects.exclude(author=F("client__rm")).exists()


@pytest.mark.parametrize("role", Role.values)
def test_each_role_logs_in(anchor, client, role):
    person = next(person for person in PEOPLE if person.role == role)
    answer = client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(username=person.username).pk)


def test_seeding_again_changes_nothing(anchor, django_assert_max_num_queries):
    out = StringIO()
    with django_assert_max_num_queries(2):
        call_command("seed_demo", yes_demo=True, stdout=out)
    assert "already" in out.getvalue()
    assert Client.objects.count() == CLIENTS


def test_logins_are_printed_with_role_and_password(anchor):
    out = StringIO()
    call_command("demo_logins", stdout=out)
    lines = out.getvalue().splitlines()
    for person in PEOPLE:
        assert any(person.username in line and str(person.role.label) in line for line in lines)
    assert PASSWORD in lines[-1]


def test_criteria_in_effect_have_been_validated(anchor):
    done = Validation.objects.get()
    assert (done.status, done.version.status, done.months) == ("done", "published", HORIZON)
    assert done.days == days_asked(anchor)
    assert done.findings["subjects"] > CLIENTS / 3
    assert done.findings["overrides"]["decided"] > 0


def test_another_version_ran_beside_them_since_the_last_quarter(anchor):
    challenger = Challenger.objects.get(ended_at=None)
    assert challenger.version.status == "approved"
    nights = list(challenger.nights.all())
    assert [night.day for night in nights] == [*month_ends(anchor, NIGHTS), anchor]
    assert all(night.subjects == CLIENTS and night.is_kept for night in nights)
    assert any(night.same < CLIENTS for night in nights)
    assert challenger.version.approved_at < challenger.started_at < nights[0].run.created_at


def test_everybody_with_clients_has_something_to_do_and_somebody_is_away(anchor):
    busy = set(Task.objects.open().values_list("assignee", flat=True))
    assert busy >= set(Client.objects.exclude(rm=None).values_list("rm", flat=True))
    assert {bool(task.outcome) for task in Task.objects.filter(status="done")} == {True}
    assert away(anchor)
    assert Notice.objects.filter(kind="task-assigned", client__isnull=False).count() == 3
    assert Interest.objects.current().exists()


def test_overrides_stand_in_every_state_and_hold_what_they_say(anchor):
    found = set(Override.objects.values_list("status", flat=True))
    assert found == {"requested", "in_force", "rejected", "withdrawn", "lapsed", "replaced", "ended"}
    for held in Override.objects.filter(status="in_force"):
        assert Assignment.objects.get(override=held, valid_to=None).tier_id == held.tier_id
    lapsed = Override.objects.filter(status="lapsed", starts__isnull=False).first()
    after = Assignment.objects.get(override=lapsed, valid_from=lapsed.ended_at)
    assert after.tier_id == after.assessment.overlay_tier_id


def test_notices_reach_only_roles_that_their_kinds_say(anchor):
    told = Notice.objects.values_list("kind", "recipient__role").distinct()
    assert {(kind, role) for kind, role in told if role not in kinds[kind].reaches} == set()


def test_alerts_are_worked_off_like_those_of_a_real_book(anchor):
    count = dict(Alert.objects.values_list("status").annotate(number=Count("pk")).order_by())
    assert count["resolved"] > 3 * count["acknowledged"] > 0
    assert 0 < count["open"] < Alert.objects.count() / 15
    assert Alert.objects.filter(status="open", escalated_at__isnull=False).count() < count["open"]
    assert count["snoozed"]
    assert Alert.objects.exclude(task=None).exists()
    assert Alert.objects.exclude(watchlist=None).exists()
    assert WatchlistEntry.objects.conditional().exists()


def test_work_is_shared_out_under_an_authority_with_a_clock(anchor):
    assert authority_at().authority.work is not None
    pending = Proposal.objects.filter(status=Proposal.Status.PENDING)
    work = ReviewWork.objects.filter(proposal__in=pending)
    assert work.count() == pending.count()
    officers = User.objects.filter(role=Role.RISK_OFFICER)
    assert set(work.exclude(assignee=None).values_list("assignee", flat=True)) <= set(
        officers.values_list("pk", flat=True)
    )
    assert work.exclude(assignee=None).exists()
    assert not work.filter(due_at=None).exists()


def test_every_decision_of_the_year_has_its_vote(anchor):
    decided = Proposal.objects.exclude(decided_at=None)
    assert decided.count() > 0
    voted = Vote.objects.filter(proposal__in=decided).values_list("proposal", "voter")
    assert set(voted) == set(decided.values_list("pk", "decided_by"))


def test_the_rm_is_asked_and_one_answered_with_evidence(anchor):
    questions = Remark.objects.filter(kind=Remark.Kind.QUESTION)
    answered = questions.filter(answer__isnull=False)
    assert answered.count() == 1
    assert answered.get().answer.attachment is not None
    open_ones = Task.objects.open().filter(kind="review-question").count()
    assert open_ones == questions.count() - 1
    assert Notice.objects.filter(kind="review-question").count() == questions.count()


def test_officers_share_a_view(anchor):
    assert ReviewView.objects.filter(is_shared=True, query="?state=late").exists()

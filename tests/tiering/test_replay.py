"""Replay finds nothing in what runs wrote, and everything that somebody else did; both engines alike."""

from io import StringIO
from typing import Any

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Model

from crm.models import Client, Project, Role
from tests.factories import make_client, make_project, make_user
from tests.tiering.helpers import a_document, days_ago, label, publish, run_now
from tests.tiering.pages.making import observe, waiting
from tiering.core.evaluate import evaluate
from tiering.core.terms import Terms
from tiering.models import Assessment, Assignment, CriteriaVersion, Facts, ProjectFacts, Tier, TieringRun
from tiering.selectors.criteria import document_of
from tiering.selectors.evidence import evidence_at
from tiering.selectors.replay import TIERS, Choice, Difference, replay
from tiering.selectors.replay_sql import replay_by_sql
from tiering.services.proposals import approve

pytestmark = pytest.mark.django_db
ENGINES = pytest.mark.parametrize("engine", ["python", "sql"])
REPLAYS = {"python": replay, "sql": replay_by_sql}


def told(engine: str, **options: object) -> list[str]:
    """The lines of the report. Raises CommandError when there are differences."""
    out = StringIO()
    call_command("replay", engine=engine, stdout=out, **options)
    return out.getvalue().splitlines()


def found(**choice: Any) -> list[Difference]:
    """The differences, which both engines agree on."""
    by_engine = {name: [item for batch in run(Choice(**choice)) for item in batch.differences]
                 for name, run in REPLAYS.items()}  # fmt: skip
    for items in by_engine.values():
        items.sort(key=lambda item: (item.client, item.at, item.field))
    assert by_engine["python"] == by_engine["sql"]
    return by_engine["python"]


def count(**choice: Any) -> int:
    """How many assessments were recomputed, by each engine the same."""
    counts = [sum(batch.assessments for batch in run(Choice(**choice))) for run in REPLAYS.values()]
    assert counts == counts[:1] * len(counts)
    return counts[0]


@pytest.fixture
def book() -> list[Client]:
    """Three clients whose scores rise, fall and grow too old, under a policy that dampens what follows."""
    movement = {"up": {"dwell_days": 30, "max_step": 1}, "down": {"buffer": 5}}
    document = a_document(policy={"migration": movement})
    document["scorecards"][0]["dimensions"][0]["indicators"][0]["max_age_days"] = 60
    publish(document)
    clients = [make_client() for _ in range(3)]
    for client, scores in zip(clients, [(720, 620, 500), (500, 620, 720), (500, 720, 720)], strict=True):
        for days, score in zip((170, 100, 20), scores, strict=True):
            observe(client, float(score), days)
    for days in (160, 120, 95, 30, 5):
        run_now(as_of=days_ago(days))
    return clients


def alter(row: Model, **values: object) -> None:
    """Write past the triggers that protect a ledger, as somebody with the keys of the database could."""
    with pgtrigger.ignore():
        assert type(row)._default_manager.filter(pk=row.pk).update(**values) == 1


def latest(client: Client) -> Assessment:
    return Assessment.objects.get(client=client, valid_to=None)


@ENGINES
def test_what_runs_wrote_is_what_it_rests_on(engine, book):
    assert Assessment.objects.exclude(tier=F("overlay_tier")).exists(), "the policy held nothing back"
    (line,) = told(engine)
    assert line.startswith(f"{Assessment.objects.count()} assessments recomputed in ")
    assert line.endswith(": 0 differences")


def test_what_people_decided_is_replayed_with_the_tier_that_they_put_in_force():
    publish()
    (proposal,) = waiting(make_client(rm=make_user(Role.RM)))
    approve(proposal=proposal, decided_by=make_user(Role.RISK_OFFICER), comment="Agreed", at=days_ago(9))
    run_now(as_of=days_ago(5))
    assert found() == []


def test_each_tampered_field_is_found_and_named(book):
    row = latest(book[2])
    other = {step: Tier.objects.exclude(pk=getattr(row, f"{step}_id")).first() for step in TIERS}
    fields = {"score": 1, "scorecard": "other", "provisional": True, "gates": ["late"], "overlays": ["rosy"]}
    altered: dict[str, Any] = {**fields, **other}
    for field, value in altered.items():
        was = getattr(row, field)
        alter(row, **{field: value})
        named = [(item.client, item.at, item.field, item.stored, item.recomputed) for item in found()]
        values = (value.key, was.key) if field in TIERS else (value, was)
        assert named == [(book[2].code, row.valid_from, field, *values)]
        alter(row, **{field: was})
    assert found() == []


def test_tampered_facts_are_found_by_what_they_would_have_led_to(book):
    alter(Facts.objects.get(pk=latest(book[2]).facts_id), credit_score=510.0)
    assert {difference.field for difference in found()} >= {"score", "model_tier"}


def test_a_tampered_tier_in_force_is_found_by_what_the_policy_would_have_made_of_it(book):
    row = Assessment.objects.exclude(tier=F("overlay_tier")).first()
    earlier = Assignment.objects.filter(client=row.client, valid_from__lt=row.valid_from)
    alter(earlier.latest("valid_from"), tier=row.overlay_tier)
    named = [(item.field, item.recomputed) for item in found() if item.at == row.valid_from]
    assert named == [("tier", row.overlay_tier.key)]


@ENGINES
def test_differences_are_printed_and_end_the_command_with_an_error(engine, book):
    row = latest(book[2])
    alter(row, score=1)
    out = StringIO()
    with pytest.raises(CommandError, match="not what they rest on"):
        call_command("replay", engine=engine, stdout=out)
    line, last = out.getvalue().splitlines()
    assert line.split("\t") == [
        book[2].code, "", "small", row.valid_from.isoformat(), "score", "1", "10000000000",
    ]  # fmt: skip
    assert last.endswith(": 1 difference")


def test_only_what_is_chosen_is_recomputed(book):
    every = Assessment.objects.all()
    assert count() == every.count()
    assert count(client=book[0].code) == every.filter(client=book[0]).count() < every.count()
    assert count(since=days_ago(100)) == every.filter(valid_from__gte=days_ago(100)).count()
    assert count(scheme="none") == 0
    assert count(limit=2) == 2
    alter(every.order_by("pk").first(), score=1)
    assert found(limit=2) == []
    assert len(found()) == 1


def test_batches_leave_nobody_out(book):
    batches = list(replay(Choice(), size=2))
    assert [batch.assessments for batch in batches[:-1]] == [2] * (len(batches) - 1)
    assert sum(batch.assessments for batch in batches) == Assessment.objects.count()


def test_criteria_that_were_tampered_with_prove_nothing(book):
    version = CriteriaVersion.objects.get()
    version.document["cutoffs"][0]["min"] = 79
    alter(version, document=version.document)
    with pytest.raises(CommandError, match="not what was published: small 1"):
        told("python")


def test_what_is_not_a_date_is_refused():
    with pytest.raises(CommandError, match="is not a date"):
        told("python", since="yesterday")


@pytest.fixture
def rolled_up() -> Assessment:
    """The tier of a client as a whole: Middle, that of the better of its two projects."""
    bands = [
        {"lo": None, "hi": 0.3, "points": 0},
        {"lo": 0.3, "hi": 0.6, "points": 60},
        {"lo": 0.6, "hi": None, "points": 100},
    ]
    share = {
        "metric": "project_revenue_share",
        "weight": 10_000,
        "missing": {"policy": "worst"},
        "bands": bands,
    }
    part = {"key": "share", "label": label("Share"), "weight": 10_000, "indicators": [share]}
    card = {"key": "all", "label": label("All"), "dimensions": [part]}
    publish(a_document(subject="project", roll_up={"rule": "best"}, scorecards=[card]))
    version, client, at = CriteriaVersion.objects.get(), make_client(), days_ago(5)
    run = TieringRun.objects.create(
        kind="official", trigger="manual", slot="1", version=version, as_of=at, terms=Terms().as_json()
    )
    facts = Facts.objects.create(client=client, valid_from=at, content_hash="")
    rows = [in_project(run, facts, make_project(), share) for share in (0.1, 0.4)]
    return Assessment.objects.create(**{**rows[1], "project": None})


def in_project(run: TieringRun, facts: Facts, project: Project, share: float) -> dict[str, Any]:
    """The fields of an assessment within a project, which is written too."""
    values = {"project_revenue_share": share}
    within = ProjectFacts.objects.create(
        client=facts.client, project=project, valid_from=run.as_of, content_hash="", values=values
    )
    result = evaluate(document_of(run.version), values)
    tier = Tier.objects.get(rank=result.tier)
    fields = {
        "client": facts.client, "project": project, "scheme": tier.scheme, "version": run.version, "run": run,
        "facts": facts, "project_facts": within, "valid_from": run.as_of, "scorecard": "all", "score": result.score,
        "provisional": False, "gates": [], **dict.fromkeys(TIERS, tier),
    }  # fmt: skip
    Assessment.objects.create(**fields)
    return fields


def test_a_tier_that_was_rolled_up_is_that_of_the_deciding_project(rolled_up):
    assert (count(), found()) == (3, [])
    alter(rolled_up, tier=Tier.objects.get(key="Low"))
    assert [(item.project, item.field, item.recomputed) for item in found()] == [("", "tier", "Middle")]


def test_an_account_of_what_was_rolled_up_is_of_the_deciding_project(rolled_up):
    evidence = evidence_at(rolled_up.client, rolled_up.scheme, days_ago(0))
    assert evidence.assessment == rolled_up
    assert evidence.basis.project_facts == rolled_up.project_facts
    assert [part.tier.key for part in evidence.parts] == ["Middle", "Low"]
    assert evidence.explanation.dimensions[0].indicators[0].known == 0.4

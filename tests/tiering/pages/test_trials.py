"""Runs of every kind by page, and what those that change nothing found."""

import pytest
from django.urls import reverse

from crm.models import Client, Role, User
from tests.api.asking import Asker
from tests.factories import make_client, make_observation, make_project, make_revenue, make_user
from tests.tiering.helpers import days_ago, label, publish, run_now, tier_of
from tests.tiering.pages.making import visitor_of
from tests.tiering.placing import join, publish_within
from tests.tiering.test_trials import STRICTER, draft
from tiering.models import Proposal, TieringRun
from tiering.services.runs import start_run, work_through

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return make_user(Role.RISK_OFFICER)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def placed(score: float, **fields) -> Client:
    client = make_client(**fields)
    make_observation(client, "credit_score", score, observed_on=days_ago(30).date())
    return client


def simulated(basis: str = "facts") -> TieringRun:
    version = draft(cutoffs=STRICTER)
    return work_through(start_run(requested_by=None, kind="simulation", version=version, basis=basis))


def start(user: User, **given):
    terms = {"kind": "simulation", "basis": "facts", "as_of": "", **given}
    return visitor_of(user).post(reverse("tiering:run-new"), terms)


def test_form_starts_a_run_of_the_kind_and_version_asked_for(officer):
    in_effect = publish()
    version = draft(cutoffs=STRICTER)
    form = text_of(visitor_of(officer).get(reverse("tiering:run-new")))
    assert f'<option value="{in_effect.pk}" selected>' in form
    chosen = text_of(visitor_of(officer).get(reverse("tiering:run-new"), {"version": version.pk}))
    assert f'<option value="{version.pk}" selected>' in chosen
    response = start(officer, version=version.pk, as_of=days_ago(1).strftime("%Y-%m-%dT%H:%M"))
    run = TieringRun.objects.get()
    assert response["Location"] == reverse("tiering:run", args=[run.pk])
    assert (run.kind, run.version, run.basis, run.requested_by) == ("simulation", version, "facts", officer)
    assert run.as_of < days_ago(0.9)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "official"}, "An official run goes by the criteria that were in effect"),
        ({"kind": "shadow"}, "Only a version that somebody approved runs in the shadow."),
        ({"as_of": "2999-01-01T00:00"}, "A run cannot look at a moment that has not come yet."),
        ({"version": "1"}, "Select a valid choice."),
        ({"kind": ""}, "This field is required."),
    ],
)
def test_run_that_cannot_be_is_refused_beside_the_form(officer, given, said):
    publish()
    response = start(officer, **{"version": draft(cutoffs=STRICTER).pk, **given})
    assert response.status_code == 422
    assert said in text_of(response)
    assert not TieringRun.objects.exists()


def test_draft_that_makes_no_sense_is_refused_with_place_and_fix(officer):
    publish()
    response = start(officer, version=draft(cutoffs=[{"tier": "High", "min": 80}]).pk)
    assert response.status_code == 422
    assert "$.cutoffs" in text_of(response)


def test_form_sent_twice_starts_one_run(officer):
    version = publish()
    first, again = (start(officer, version=version.pk, once="81ab") for _ in range(2))
    assert first["Location"] == again["Location"]
    assert TieringRun.objects.count() == 1


def test_findings_stand_beside_the_tiers_in_force_and_say_that_nothing_changed(officer):
    publish()
    middle, low = placed(650.0), placed(500.0)
    run_now(as_of=days_ago(1))
    run = simulated()
    visitor = visitor_of(officer)
    page = visitor.get(reverse("tiering:run", args=[run.pk]))
    assert "Simulation: it changes no tier and proposes nothing." in text_of(page)
    (level,) = page.context["levels"]
    assert {way.key: way.subjects for way in level.ways} == {"up": 0, "down": 1, "same": 1}
    cells = {
        (cell.before.key, cell.after.key): (cell.clients, cell.address)
        for row in level.matrix
        for cell in row.cells
        if cell.clients
    }
    assert {move: count for move, (count, _) in cells.items()} == {("Middle", "Low"): 1, ("Low", "Low"): 1}
    down = text_of(visitor.get(next(way.address for way in level.ways if way.key == "down")))
    assert middle.name in down
    assert low.name not in down
    assert "changes nothing" in down
    same = text_of(visitor.get(cells["Low", "Low"][1]))
    assert low.name in same
    assert middle.name not in same
    assert tier_of(middle) == "Middle"
    assert not Proposal.objects.exists()
    assert "changes nothing" in text_of(visitor.get(reverse("tiering:runs")))


@pytest.mark.parametrize("keys", [("A", "Middle", "B", "C"), ("A", "Middle")], ids=["more", "fewer"])
def test_tiers_of_a_draft_go_by_its_own_names(officer, keys):
    publish()
    middle, low = placed(650.0), placed(500.0)
    run_now(as_of=days_ago(1))
    starts = [90, 50, 30, 0]
    version = draft(
        tiers=[{"key": key, "label": label(f"{key} by the draft")} for key in keys],
        cutoffs=[
            {"tier": key, "min": 0 if key == keys[-1] else start}
            for key, start in zip(keys, starts, strict=False)
        ],
        gates=[],
    )
    run = work_through(start_run(requested_by=None, kind="simulation", version=version, basis="facts"))
    visitor = visitor_of(officer)
    page = visitor.get(reverse("tiering:run", args=[run.pk]))
    assert '<span class="tier" title="A by the draft">A</span>' in text_of(page)
    (level,) = page.context["levels"]
    cells = {
        (cell.before.key if cell.before else None, cell.after.key): cell
        for row in level.matrix
        for cell in row.cells
        if cell.clients
    }
    assert {move: cell.clients for move, cell in cells.items()} == {
        ("Middle", "Middle"): 1,
        (None, keys[-1]): 1,
    }
    assert low.name in text_of(visitor.get(cells[None, keys[-1]].address))
    same = text_of(visitor.get(cells["Middle", "Middle"].address))
    assert middle.name in same
    assert 'title="Middle by the draft">Middle</span>' in same
    found = Asker(officer).get(f"runs/{run.pk}/results/").data["results"]
    assert {(row["held"], row["tier"]) for row in found} == {("Middle", "Middle"), (None, keys[-1])}


def test_those_without_a_tier_are_apart(officer):
    publish()
    client = placed(650.0)
    run = simulated(basis="records")
    visitor = visitor_of(officer)
    (level,) = visitor.get(reverse("tiering:run", args=[run.pk])).context["levels"]
    assert {way.key: way.subjects for way in level.ways} == {"up": 0, "down": 0, "same": 0, "first": 1}
    (last,) = (row for row in level.matrix if row.before is None)
    (cell,) = (cell for cell in last.cells if cell.clients)
    assert client.name in text_of(visitor.get(cell.address))


def test_scheme_of_projects_shows_both_kinds_of_subject(officer):
    version = publish_within()
    client, project = make_client(), make_project()
    join(client, project)
    last_month = days_ago(40).date().replace(day=1)
    make_revenue(client, last_month, project=project, received_on=days_ago(5).date())
    run = work_through(start_run(requested_by=None, kind="simulation", version=version))
    visitor = visitor_of(officer)
    within, whole = visitor.get(reverse("tiering:run", args=[run.pk])).context["levels"]
    assert (within.title, whole.title) == ("Clients within projects", "Clients as a whole")
    for level, names in ((within, {client.name, str(project)}), (whole, {client.name})):
        (way,) = (way for way in level.ways if way.subjects)
        assert (way.key, way.subjects) == ("first", 1)
        assert all(name in text_of(visitor.get(way.address)) for name in names)


def test_results_are_paged_and_stop_at_the_readers_clients(officer, monkeypatch):
    monkeypatch.setattr("tiering.views.trials.RESULTS_SHOWN", 2)
    publish()
    lead = make_user(Role.TEAM_LEAD)
    clients = [placed(650.0, team=lead.team) for _ in range(3)]
    foreign = placed(650.0)
    run_now(as_of=days_ago(1))
    run = simulated()
    address = reverse("tiering:trial-results", args=[run.pk])
    visitor = visitor_of(lead)
    first = visitor.get(address, {"way": "down"})
    assert "1–2 of 3" in text_of(first)
    second = visitor.get(address, {"way": "down", "after": first.context["page"].next})
    listed = text_of(first) + text_of(second)
    assert all(client.name in listed for client in clients)
    assert foreign.name not in listed
    assert "Previous" in text_of(second)


@pytest.mark.parametrize(
    "query", [{"way": "sideways"}, {"level": "moons"}, {"old": "High", "new": "Top"}, {"old": "High"}]
)
def test_what_nobody_offered_is_not_found(officer, query):
    publish()
    run = simulated()
    assert visitor_of(officer).get(reverse("tiering:trial-results", args=[run.pk]), query).status_code == 404


def test_official_run_has_no_trial_results(officer):
    publish()
    run = run_now()
    assert visitor_of(officer).get(reverse("tiering:trial-results", args=[run.pk])).status_code == 404


def test_chunks_tell_how_long_they_took(officer):
    publish()
    placed(650.0)
    run = run_now()
    seconds = run.chunks.get().seconds
    assert f"{seconds:.1f} s" in text_of(visitor_of(officer).get(reverse("tiering:run", args=[run.pk])))

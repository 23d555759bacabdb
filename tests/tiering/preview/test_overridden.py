"""Clients whose tier an override holds move nowhere in previews and simulations, and are told beside those who do."""

import csv
import io
from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Client, Role, User
from tests.api.asking import Asker
from tests.factories import make_user
from tests.tiering.helpers import label
from tests.tiering.overriding.making import hold, officer
from tests.tiering.pages.making import visitor_of
from tests.tiering.preview.making import drafted, make_book, make_projects, simulated, stricter
from tests.tiering.preview.test_alike import assert_alike, live
from tiering.core.authority import OverrideLimits
from tiering.core.evaluate import evaluate, in_force_after
from tiering.core.terms import Setting, Terms
from tiering.facts import local_day
from tiering.models import Assignment, CriteriaVersion, Facts, Override
from tiering.selectors import override_authority
from tiering.selectors.criteria import document_of
from tiering.services.overrides import end_override

pytestmark = pytest.mark.django_db

Moves = dict[tuple[int, int], set[int]]


@pytest.fixture
def held(monkeypatch) -> list[Client]:
    """Clients of a book, most of whom the stricter draft would move; and one whose override is over."""
    monkeypatch.setattr(override_authority, "DEFAULT_LIMITS", OverrideLimits())
    make_book(40)
    chosen = {"Low": "Middle", "Middle": "High", "High": "Middle"}
    found = []
    for key, other in chosen.items():
        rows = Assignment.objects.filter(valid_to=None, tier__key=key, override=None).order_by("client")
        for row in rows[:3]:
            hold(row.client, other, by=officer())
            found.append(row.client)
    end_override(override=Override.objects.get(client=found.pop()), by=officer(), reason="It is over")
    return found


def meant(version: CriteriaVersion) -> tuple[Moves, set[int]]:
    """Who goes from which rank to which by plain Python, and who would go but for an override."""
    document, moves, held_back = document_of(version), Moves(), set[int]()
    for client, held, days, facts, overridden in subjects(version):
        found = evaluate(document, facts.values(), Setting(Terms(), held, days, facts.ages(today()))).tier
        after = in_force_after(found, held, overridden)
        moves.setdefault((held, after), set()).add(client)
        if after != found:
            held_back.add(client)
    return moves, held_back


def subjects(version: CriteriaVersion) -> Iterator[tuple[int, int, int, Facts, bool]]:
    ranks = document_of(version).ranks
    for row in Assignment.objects.filter(valid_to=None).select_related("tier", "override"):
        holds = row.override is not None and row.override.status == Override.Status.IN_FORCE
        days = (today() - timezone.localdate(row.valid_from)).days
        facts = Facts.objects.get(client=row.client_id, valid_to=None)
        yield row.client_id, ranks[row.tier.key], days, facts, holds


def today():
    return local_day(timezone.now())


def test_previews_and_simulations_count_what_would_move_the_tier_in_force(held):
    version, reader = stricter(), officer()
    moves, held_back = meant(version)
    impact = assert_alike(version, reader)
    assert {move: amount.subjects for move, amount in impact.moves.items()} == {
        move: len(clients) for move, clients in moves.items()
    }
    assert impact.held.subjects == len(held_back) > 3
    assert held_back <= {client.pk for client in held}
    assert not held_back & {mover.client for mover in impact.movers}


def test_override_holds_against_the_criteria_in_effect_too(held):
    version, reader = stricter(), officer()
    impact = live(version, reader, against="model")
    assert impact.whole.subjects == 40
    assert 0 < impact.held.subjects <= len(held)
    assert not {client.pk for client in held} & {mover.client for mover in impact.movers}


def test_override_holds_within_its_project_alone(monkeypatch):
    monkeypatch.setattr(override_authority, "DEFAULT_LIMITS", OverrideLimits())
    published = make_projects(4)
    scheme = published.criteria.scheme
    kept = Assignment.objects.filter(valid_to=None, tier__key="Low", project__isnull=False).first()
    middle = scheme.tiers.get(key="Middle")
    hold(kept.client, None, by=officer(), scheme=scheme, project=kept.project, tier=middle)
    impact = assert_alike(drafted({**published.document, "note": label("As before")}), officer(), within=True)
    assert (impact.held.subjects, impact.whole.subjects) == (1, impact.way("same").subjects)


def test_held_figure_of_a_draft_leads_to_the_clients(held):
    version, reader = stricter(), make_user(Role.CRITERIA_ADMIN)
    _moves, held_back = meant(version)
    visitor = visitor_of(reader)
    page = visitor.get(reverse("tiering:draft-impact", args=[version.pk]))
    figure = next(one for one in page.context["sheet"].figures if one.key == "held")
    assert int(figure.value) == len(held_back)
    shown = visitor.get(figure.address)
    assert_tells(shown.context["lines"], held_back)
    assert shown.content.decode().count('nowrap">by the criteria') == len(held_back)
    content = visitor.get(f"{figure.address}&format=csv").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert {row["Code"] for row in rows} == codes(held_back)
    assert all(row["Old tier"] == row["New tier"] != row["By the criteria"] for row in rows)


def test_held_figure_of_a_simulation_leads_to_the_clients(held):
    version, reader = stricter(), officer()
    moves, held_back = meant(version)
    run, visitor = simulated(version), visitor_of(reader)
    page = visitor.get(reverse("tiering:trial-impact", args=[run.pk]))
    figure = next(one for one in page.context["sheet"].figures if one.key == "held")
    assert_tells(visitor.get(figure.address).context["lines"], held_back)
    down = next(one for one in page.context["sheet"].figures if one.key == "down")
    assert visitor.get(down.address).context["count"].number == down_of(moves)


def assert_tells(lines, held_back: set[int]) -> None:
    assert {
        line.client.pk if hasattr(line, "client") else line.result.client_id for line in lines
    } == held_back
    assert all(line.before == line.after != line.says for line in lines)
    assert all(line.reasons for line in lines)


def test_api_tells_whom_overrides_hold(held):
    version, reader = stricter(), make_user(Role.AUDITOR)
    moves, held_back = meant(version)
    of_draft = f"criteria/{version.pk}/impact/"
    assert ask(reader, of_draft)["held"]["subjects"] == len(held_back)
    listed = ask(reader, f"{of_draft}clients/?only=held")["results"]
    assert {row["client"]["id"] for row in listed} == held_back
    assert all(row["old"] == row["new"] != row["says"] for row in listed)
    results = f"runs/{simulated(version).pk}/results/"
    overridden = {row["client"]["id"] for row in ask(reader, results)["results"] if row["overridden"]}
    assert overridden == {client.pk for client in held}
    assert len(ask(reader, f"{results}?way=down")["results"]) == down_of(moves)


def ask(reader: User, address: str):
    answer = Asker(reader).get(address)
    assert answer.status_code == 200, answer.data
    return answer.data


def down_of(moves: Moves) -> int:
    return sum(len(clients) for (before, after), clients in moves.items() if after > before)


def codes(clients: set[int]) -> set[str]:
    return set(Client.objects.filter(pk__in=clients).values_list("code", flat=True))

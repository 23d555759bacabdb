"""Officers in browsers of their own who approve the same proposals at the same time, over HTTP."""

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.conf import settings
from django.middleware.csrf import _get_new_csrf_string

from crm.models import User
from tests.tiering.helpers import publish
from tests.tiering.pages.making import client_with, visitor_of, waiting
from tests.tiering.reviews.deciding import officer
from tiering.models import Assignment, Proposal, Vote

LOST = "already_decided"


def approve_at_once(live_server, officers: int, proposals: int) -> None:
    """Every officer approves every proposal, each in an order of their own; the first of them had asked for the run.

    Each proposal is decided once, none by its maker, and everybody else was told why not.
    """
    publish()
    people = [officer() for _ in range(officers)]
    maker = people[0]
    found = waiting(*[client_with(1_000_000 * n) for n in range(1, proposals + 1)], requested_by=maker)
    answers = all_at_once(live_server, people, found)
    told = Counter(code for _, _, code in answers)
    assert set(told) <= {"approved", LOST, "own_proposal"}
    assert (told["approved"], told.total()) == (proposals, officers * proposals)
    assert all(person == maker.pk for person, _, code in answers if code == "own_proposal")
    winners = {proposal: person for person, proposal, code in answers if code == "approved"}
    decided = dict(Proposal.objects.filter(status="approved").values_list("pk", "decided_by"))
    assert decided == winners
    assert maker.pk not in decided.values()
    assert Vote.objects.count() == proposals
    in_force = Assignment.objects.filter(valid_to=None, tier__key="Low")
    assert in_force.count() == proposals


def all_at_once(live_server, people: list[User], proposals: list[Proposal]) -> list[tuple[int, int, str]]:
    """Who was told what about which proposal: `approved`, or the code of the refusal."""
    together, answers = threading.Barrier(len(people)), []
    sessions = {person.pk: dict(cookies_of(person)) for person in people}

    def work(person: User) -> None:
        mine = [proposal.pk for proposal in proposals]
        random.Random(person.pk).shuffle(mine)
        together.wait()
        for pk in mine:
            answers.append((person.pk, pk, approved(live_server, sessions[person.pk], pk)))

    threads = [threading.Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def cookies_of(user: User) -> Iterator[tuple[str, str]]:
    """The cookies of a browser in which somebody is signed in."""
    yield settings.SESSION_COOKIE_NAME, visitor_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    yield settings.CSRF_COOKIE_NAME, _get_new_csrf_string()


def approved(live_server, cookies: dict[str, str], pk: int) -> str:
    """Approve a proposal; its status then, or the code of the refusal."""
    request = Request(
        f"{live_server.url}/api/v1/proposals/{pk}/decide/",
        data=json.dumps({"decision": "approve"}).encode(),
        headers={
            "Content-Type": "application/json",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": cookies[settings.CSRF_COOKIE_NAME],
            "Referer": live_server.url,
        },
    )
    try:
        with urlopen(request) as answer:
            return json.load(answer)["status"]
    except HTTPError as refused:
        return json.load(refused)["code"]

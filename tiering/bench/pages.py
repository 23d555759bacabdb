"""How soon the pages on which clients are found answer: server time of each request, and its queries.

Times are processor time of the web process and of its database connection, which others on the machine do not stretch;
beside them what it took on the wall.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import unescape
from typing import Final
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict
from django.test import Client as Visitor
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.garbage import spare_what_lasts
from crm.models import Client, Industry, Role, Team, User
from crm.selectors.client_list import ListQuery
from tiering.bench.book import make_book, settle
from tiering.bench.clocks import Backend, percentile
from tiering.bench.names import name_clients
from tiering.bench.records import make_records
from tiering.bench.report import Line, at_most
from tiering.bench.rows import execute
from tiering.bench.scratch import Scratch
from tiering.bench.visits import served, token_of, visitor_of
from tiering.models import Tier

TEAMS: Final = 100
INDUSTRIES: Final = 20
DEEP: Final = 200
ROUNDS: Final = 40
RECORDED: Final = 20_000
"""So many clients have records; the pages of some of these are asked for."""
LIST_GOAL, SEARCH_GOAL, CLIENT_GOAL = 50.0, 60.0, 120.0
TERMS: Final = {
    "one or two characters": ("恒", "有限"),
    "initials": ("hzhx", "zz"),
    "pinyin, a code, two words": ("hongxin", "C0004", "科技 宁波"),
    "what sounds like it": ("杭州红信",),
    "misspelt": ("hangzhouhongxn", "shanghaihuixn", "Clent 420"),
}
"""What is typed for a name of which one does not know the spelling."""
OTHERS: Final = {
    "today": "crm:today",
    "tasks": "crm:tasks",
    "tier reviews": "tiering:reviews",
    "API, clients": "api:client-list",
    "counted list": "crm:client-count",
}
"""Pages for which there is no goal."""
ASKED_AT_ONCE: Final = re.compile(r'hx-get="([^"]+)" hx-trigger="load"')
SPREAD: Final = """
UPDATE crm_client SET
    team_id = (SELECT min(id) FROM crm_team) + id %% %(teams)s,
    industry_id = (SELECT min(id) FROM crm_industry) + id / 7 %% %(industries)s,
    status = (ARRAY['active', 'active', 'active', 'potential', 'dormant'])[1 + id / 3 %% 5],
    employees = id %% 5000
"""


@dataclass(frozen=True)
class Page:
    """What somebody asks for, in several ways, and within how many milliseconds it should be there."""

    name: str
    visitor: Visitor
    addresses: Sequence[str]
    goal: float | None = None
    with_parts: bool = False
    """Whether what the page asks for by itself, once it is there, counts as well."""


def measured_pages(scratch: Scratch, sizes: Sequence[int]) -> Iterator[Line]:
    """The pages over a book of each size, for somebody who sees all of it and for a relationship manager."""
    for clients in sizes:
        with scratch.database():
            book = make_book(clients)
            _furnish()
            make_records(replace(book, clients=min(clients, RECORDED)))
            spare_what_lasts()  # as a web process does
            for page in _pages(clients):
                yield _line(page, clients)


def _furnish() -> None:
    """Names, teams, industries and statuses, spread over the book."""
    Team.objects.bulk_create(Team(code=f"team-{n}", name=f"Team {n}") for n in range(TEAMS))
    Industry.objects.bulk_create(Industry(code=f"i-{n}", name=f"Industry {n}") for n in range(INDUSTRIES))
    name_clients(SPREAD, {"teams": TEAMS, "industries": INDUSTRIES})
    settle(Client, Client._meta.get_field("search").related_model)


def _pages(clients: int) -> Iterator[Page]:
    officer = User.objects.create_user("officer", role=Role.RISK_OFFICER, name="Officer")
    team = Team.objects.order_by("pk")[5]
    manager = User.objects.create_user("manager", role=Role.RM, name="Manager", team=team)
    execute(
        "UPDATE crm_client SET rm_id = %(rm)s WHERE team_id = %(team)s", {"rm": manager.pk, "team": team.pk}
    )
    seen = {"all": (visitor_of(officer), officer), "one team": (visitor_of(manager), manager)}
    for whose, (visitor, user) in seen.items():
        for name, params in _lists(user).items():
            first = _list(params)
            yield Page(f"list of {whose}: {name}", visitor, [first], LIST_GOAL)
            query = ListQuery.read(QueryDict(urlencode(params, doseq=True)), user)
            if token := token_of(query, DEEP):
                yield Page(
                    f"list of {whose}: {name}, page {DEEP}",
                    visitor,
                    [_list({**params, "after": token})],
                    LIST_GOAL,
                )
        known = Client.objects.visible_to(user).exclude(name_zh="").order_by("pk")[:5]
        for how, terms in {"a whole name": [one.name_zh for one in known], **TERMS}.items():
            searches = [f"{reverse('crm:palette')}?{urlencode({'q': term})}" for term in terms]
            yield Page(f"search of {whose}: {how}", visitor, searches, SEARCH_GOAL)
        visited = [f"{reverse('crm:client', args=[one.pk])}?list=" for one in known]
        yield Page(f"client page of {whose}, from the list", visitor, visited, CLIENT_GOAL, with_parts=True)
        for name, view in OTHERS.items():
            yield Page(f"{name} of {whose}", visitor, [reverse(view)])


def _lists(user: User) -> Mapping[str, Mapping[str, object]]:
    tiers = [str(tier.pk) for tier in Tier.objects.filter(scheme__is_primary=True).order_by("rank")[1:3]]
    industries = [str(item.pk) for item in Industry.objects.order_by("pk")[:6]]
    where = {
        "all": [
            {"metric": "client.employees", "op": ">=", "value": 100},
            {"any": [
                {"metric": "client.status", "op": "in", "values": ["active", "potential"]},
                {"metric": "records.open_facilities", "op": ">", "value": 0},
            ]},
        ]
    }  # fmt: skip
    filters: dict[str, object] = {"tier": tiers, "industry": industries, "status": ["active", "potential"]}
    return {
        "no filter": {},
        "three filters, by score": {**filters, "sort": "-score"},
        "three filters, by name": filters,
        "conditions, by score": {"where": json.dumps(where), "sort": "-score"},
    }


def _list(params: Mapping[str, object]) -> str:
    return f"{reverse('crm:client-list')}?{urlencode(params, doseq=True)}"


def _line(page: Page, clients: int) -> Line:
    for address in page.addresses:  # a cold cache is not what is measured
        _get(page, address)
    backend, spent = Backend(), []
    for _round in range(ROUNDS):
        spent += [served(partial(_get, page, address), backend) for address in page.addresses]
    queries = max(_queries(page, address) for address in page.addresses)
    wall = percentile([1000 * one.wall for one in spent], 0.95)
    effort = [1000 * one.effort for one in spent]
    middle, took = percentile(effort, 0.5), percentile(effort, 0.95)
    measure = f"{clients:,} · {page.name} · {queries} queries · median {middle:.0f} ms · wall {wall:.0f} ms"
    if page.goal is None:
        return Line(measure, f"{took:,.0f} ms")
    return at_most(measure, took, page.goal, " ms", 0)


def _queries(page: Page, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        _get(page, address)
    return len(captured)


def _get(page: Page, address: str) -> None:
    """Ask as a browser would. Raises RuntimeError where no page comes, whose time would say nothing."""
    response = page.visitor.get(address, secure=True)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    if page.with_parts:
        for part in ASKED_AT_ONCE.findall(response.content.decode()):
            _get(replace(page, with_parts=False), unescape(part))

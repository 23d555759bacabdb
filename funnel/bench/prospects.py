"""How soon prospects are scored, listed, found and qualified, of as many as there may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import cycle
from typing import Final
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict
from django.test import Client as Visitor
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Industry, Region, Role, Team, User
from funnel.bench.timing import timed
from funnel.models import LeadSource, Pipeline, Prospect, ProspectEdit, Screening
from funnel.selectors.prospect_list import ProspectList
from funnel.services import prospect_edits
from funnel.services.screening import score_prospects
from tiering.bench.book import make_book
from tiering.bench.clocks import Backend
from tiering.bench.names import name_terms
from tiering.bench.report import Line, at_most
from tiering.bench.rows import execute, insert
from tiering.bench.scratch import Scratch
from tiering.bench.visits import served, token_of, visitor_of
from tiering.criteria_files import template
from tiering.models import CriteriaVersion
from tiering.services.criteria import load_criteria
from tiering.services.lifecycle import put_in_effect

CLIENTS: Final = 1_000
TEAMS: Final = 100
DEEP: Final = 200
QUALIFIED: Final = 1_000
LIST_GOAL, SEARCH_GOAL = 50.0, 60.0
"""Milliseconds, the 95th percentile."""
SCORE_GOAL, QUALIFY_GOAL = 20.0, 20.0
"""Seconds for a hundred thousand scored, and for a thousand qualified."""
LISTS: Final[Mapping[str, dict[str, object]]] = {
    "by arrival": {},
    "by score": {"sort": "-score"},
    "by name": {"sort": "name"},
    "of two tiers, by score": {"tier": ["P1", "P2"], "sort": "-score"},
}
TERMS: Final = {
    "one or two characters": ("恒", "有限", "宁波"),
    "pinyin, initials, a number": ("hongxin", "hzhx", "R4200"),
    "two words": ("科技 宁波",),
    "what sounds like it": ("杭州红信",),
    "misspelt": ("hangzhouhongxn",),
}
FACTS: Final = """jsonb_build_object(
    'leverage', 0.2 + (id * 7919 %% 700) / 1000.0, 'operating_margin', (id * 104729 %% 300) / 1000.0 - 0.05,
    'interest_cover', (id * 611953 %% 120) / 10.0, 'revenue_growth', (id * 15485863 %% 400) / 1000.0 - 0.1,
    'credit_score', 500 + id * 1299709 %% 300, 'revenue', 1e7 * (1 + id * 31 %% 97)
) - CASE WHEN id %% 3 = 0 THEN 'credit_score' ELSE '' END"""
FOUND_BY: Final = """
INSERT INTO funnel_prospectsearch (prospect_id, text, grams)
SELECT id, value, crm_search_grams(value) FROM (
    SELECT id, crm_search_text(
        concat_ws(' ', name_zh, external_reference, name_en, registration_number), sort_key, name_zh <> '') AS value
    FROM funnel_prospect
) named
"""


def measured_prospects(scratch: Scratch, prospects: int) -> Iterator[Line]:
    """Scoring, the list, the search and qualification, for somebody who sees every team and for one of a hundred."""
    with scratch.database():
        manager = _furnish(prospects)
        officer = User.objects.create_user("officer", role=Role.RISK_OFFICER, name="Officer")
        yield Line(_("Prospects"), f"{Prospect.objects.count():,}")
        scored, spent = _once(lambda: score_prospects(at=timezone.now()))
        execute("VACUUM ANALYZE funnel_prospectscore")
        share = scored / 100_000
        yield at_most(_("%(count)s scored") % {"count": f"{scored:,}"}, spent, SCORE_GOAL * share, " s")
        for whose, user in (("all", officer), ("one team", manager)):
            yield from _pages(whose, user, visitor_of(user))
        yield from _qualify(manager)


def _once(act: Callable[[], int]) -> tuple[int, float]:
    """What it gave, and the seconds of the processor that it took here and in the database."""
    found: list[int] = []
    spent = served(lambda: found.append(act()), Backend())
    return found[0], spent.effort


def _pages(whose: str, user: User, visitor: Visitor) -> Iterator[Line]:
    for name, params in LISTS.items():
        first = f"{reverse('funnel:prospects')}?{urlencode(params, doseq=True)}"
        yield timed(f"list of {whose}: {name}", partial(_get, visitor, cycle([first])), LIST_GOAL)
        query = ProspectList.read(QueryDict(urlencode(params, doseq=True)), user)
        if token := token_of(query, DEEP):
            deep = f"{reverse('funnel:prospects')}?{urlencode({**params, 'after': token}, doseq=True)}"
            yield timed(
                f"list of {whose}: {name}, page {DEEP}", partial(_get, visitor, cycle([deep])), LIST_GOAL
            )
    following = cycle([reverse("funnel:prospects-next")])
    yield timed(f"next to contact of {whose}", partial(_get, visitor, following), LIST_GOAL)
    known = Prospect.objects.visible_to(user).exclude(name_zh="").order_by("pk")[:5]
    for how, terms in {"a whole name": [one.name_zh for one in known], **TERMS}.items():
        addresses = [f"{reverse('crm:palette')}?{urlencode({'q': term})}" for term in terms]
        yield timed(f"search of {whose}: {how}", partial(_get, visitor, cycle(addresses)), SEARCH_GOAL)


def _get(visitor: Visitor, addresses: Iterator[str]) -> None:
    """Ask for the next of them. Raises RuntimeError where no page comes, whose time would say nothing."""
    address = next(addresses)
    answer = visitor.get(address, secure=True)
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} of {address}")


def _qualify(manager: User) -> Iterator[Line]:
    """Planned and done, as the page and its worker do it."""
    pipeline = Pipeline.objects.order_by("pk")[0]
    free = Prospect.objects.workable_by(manager).open().order_by("pk")[:QUALIFIED]
    edit = prospect_edits.choose(
        by=manager, prospects=Prospect.objects.filter(pk__in=[one.pk for one in free])
    )

    def act() -> int:
        prospect_edits.plan(
            by=manager, edit=edit, act=ProspectEdit.Act.QUALIFY, params={"pipeline": pipeline.pk}
        )
        prospect_edits.apply(by=manager, edit=edit)
        prospect_edits.run_edit(edit.pk)
        return Prospect.objects.filter(pk__in=edit.prospects, status=Prospect.Status.QUALIFIED).count()

    with CaptureQueriesContext(connection) as captured:
        done, spent = _once(act)
    name = _("%(count)s qualified · %(queries)d queries") % {"count": f"{done:,}", "queries": len(captured)}
    yield at_most(name, spent, QUALIFY_GOAL * done / QUALIFIED, " s")


def _furnish(prospects: int) -> User:
    """A source for each of a hundred teams, and prospects spread over them; an RM of one of the teams."""
    make_book(CLIENTS, tiered=False)
    Screening.objects.create(pk=Screening.ONLY, scheme=_criteria().criteria.scheme, capacity={})
    teams = Team.objects.bulk_create(Team(code=f"team-{n}", name=f"Team {n}") for n in range(TEAMS))
    Industry.objects.bulk_create(Industry(code=f"i-{n}", name=f"Industry {n}") for n in range(20))
    Region.objects.bulk_create(Region(code=f"r-{n}", name=f"Region {n}") for n in range(100))
    sources = LeadSource.objects.bulk_create(
        LeadSource(name=f"List {team.code}", kind="import", team=team) for team in teams
    )
    manager = User.objects.create_user("manager", role=Role.RM, name="Manager", team=teams[5])
    make_prospects(prospects, sources[0].pk, teams[0].pk)
    return manager


def _criteria() -> CriteriaVersion:
    author, approver = (
        User.objects.create_user(username=f"screening-{name}", name=name, role=Role.CRITERIA_ADMIN)
        for name in ("author", "approver")
    )
    version = load_criteria(document=template("screening"), author=author)
    return put_in_effect(version=version, approver=approver, effective_from=timezone.now())


def make_prospects(count: int, first_source: int, first_team: int) -> None:
    """So many open prospects with figures, of a hundred sources and teams, nine of ten with a Chinese name."""
    zh, spelt, given = name_terms()
    columns = {
        "id": "id",
        "source_id": "%(source)s + id %% %(teams)s",
        "team_id": "%(team)s + id %% %(teams)s",
        "external_reference": "'L' || id",
        "registration_number": "'R' || id",
        "name_zh": f"CASE WHEN id %% 10 = 0 THEN '' ELSE {zh} END",
        "name_en": "CASE WHEN id %% 10 = 0 THEN 'Prospect ' || id ELSE '' END",
        "sort_key": f"CASE WHEN id %% 10 = 0 THEN 'prospect ' || lpad(id::text, 9, '0') ELSE {spelt} END",
        "industry_id": "(SELECT min(id) FROM crm_industry) + g.id %% 20",
        "region_id": "(SELECT min(id) FROM crm_region) + g.id / 7 %% 100",
        "facts": FACTS,
        "product": "(ARRAY['term_loan', 'lease', 'guarantee'])[1 + id %% 3]",
        "amount": "1000 * (1 + id * 7919 %% 99991)",
        "status": "(ARRAY['new', 'new', 'contacted'])[1 + id / 11 %% 3]",
        "arrived_at": "now() - (id * 611953 %% 90000) * interval '1 minute'",
    }
    values = {**given, "n": count, "source": first_source, "team": first_team, "teams": TEAMS}
    execute("ALTER TABLE funnel_prospect DISABLE TRIGGER USER")  # made-up rows need no history
    insert(Prospect, "generate_series(1::bigint, %(n)s) AS g (id)", columns, values)
    execute("ALTER TABLE funnel_prospect ENABLE TRIGGER USER")
    execute("SELECT setval(pg_get_serial_sequence('funnel_prospect', 'id'), %(n)s)", values)
    execute(FOUND_BY)
    for table in ("funnel_prospect", "funnel_prospectsearch"):
        execute(f"VACUUM ANALYZE {table}")

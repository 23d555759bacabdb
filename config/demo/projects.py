"""Projects with their parties: one borrower, and sponsors, contractors and others with their shares of the revenue.

Some shares are agreed and recorded with the part; the others only show in what each party brings in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from config.demo.clock import moment
from config.demo.places import CITIES
from config.demo.streams import cycle, pick, rounded, stream
from config.demo.subjects import Reference, Subject
from crm.models import Client, Participation, Project
from crm.names import sort_key

CLIENTS_PER_PROJECT = 6.5
STATUS_WEIGHTS = {"proposed": 22, "approved": 14, "active": 44, "completed": 15, "cancelled": 5}
CATEGORY_WEIGHTS = {"A": 15, "B": 50, "C": 35}
PHASES = (("Phase I", "一期"), ("Phase II", "二期"), ("", ""), ("", ""))
OTHER_PARTS = ("sponsor", "contractor", "offtaker", "guarantor")
PARTIES = {1: 20, 2: 38, 3: 28, 4: 14}
NOT_AGREED = 0.3
"""Projects whose shares are not recorded."""
LEAVES = 0.12
EARLIEST_LEAVE = 150


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A project and who takes part; the first participation is the borrower's. `shares` are the parties' true ones."""

    project: Project
    parties: tuple[Participation, ...]
    shares: tuple[float, ...]

    @property
    def borrower(self) -> Client:
        return self.parties[0].client


def make_undertakings(subjects: Sequence[Subject], anchor: date, reference: Reference) -> list[Undertaking]:
    """About one project for every six or seven clients; each borrows for one project at most."""
    firms = [subject for subject in subjects if not subject.is_person]
    count = int(len(subjects) / CLIENTS_PER_PROJECT)
    step = max(len(firms) // max(count, 1), 1)
    return [
        make_undertaking(index, firms[index * step % len(firms)], firms, anchor, reference)
        for index in range(count)
    ]


def make_undertaking(
    index: int, borrower: Subject, firms: Sequence[Subject], anchor: date, reference: Reference
) -> Undertaking:
    source = stream("project", index)
    city = cycle(CITIES, source.randrange(len(CITIES)))
    work_zh, work_en = source.choice(borrower.trade.works)
    phase_en, phase_zh = source.choice(PHASES)
    status = pick(source, STATUS_WEIGHTS)
    dates = milestones(source, status, anchor)
    name_zh, name_en = f"{city.zh}{work_zh}{phase_zh}", " ".join(filter(None, (city.en, work_en, phase_en)))
    project = Project(
        code=f"DP{index + 1:05}",
        name_en=name_en,
        name_zh=name_zh,
        sort_key=sort_key(name_zh, name_en),
        industry=reference.industries[borrower.trade.code],
        region=reference.regions[city.code],
        status=status,
        es_category=pick(source, CATEGORY_WEIGHTS),
        amount=(amount := rounded(borrower.revenue * source.uniform(0.15, 0.8), 2)),
        capex=rounded(amount / stream("capex", index).uniform(0.55, 0.8), 2),
        description=f"{name_zh}\n{name_en}, for {borrower.client.name_en}",
        created_at=moment(dates["disclosed_on"]),
        **dates,
    )
    parties = tuple(make_parties(source, project, borrower, firms))
    shares = tuple(party.revenue_share or 0.0 for party in parties)
    part_ways(parties, stream("parting", index), anchor)
    if is_under_way(project) and stream("agreement", index).random() < NOT_AGREED:
        for party in parties:
            party.revenue_share = None
    return Undertaking(project, parties, shares)


def is_under_way(project: Project) -> bool:
    """Whether the project brings anything in, or did."""
    return project.status in (Project.Status.ACTIVE, Project.Status.COMPLETED)


def part_ways(parties: Sequence[Participation], source: Random, anchor: date) -> None:
    """A few of those who are not the borrower have left the project meanwhile."""
    for party in parties[1:]:
        days = (anchor - party.since).days if party.since else 0
        leaves = source.random() < LEAVES
        if leaves and days > EARLIEST_LEAVE:
            party.until = anchor - timedelta(days=source.randint(1, days - EARLIEST_LEAVE))


def milestones(source: Random, status: str, anchor: date) -> dict[str, date]:
    """The dates that a project of this status has behind it."""
    disclosed_on = anchor - timedelta(
        days=source.randint(5, 150) if status == "proposed" else source.randint(200, 900)
    )
    days = {"disclosed_on": 0, "approved_on": 45, "signed_on": 80, "invested_on": 120}
    reached = {"proposed": 1, "cancelled": 1, "approved": 2}.get(status, 4)
    return {name: disclosed_on + timedelta(days=after) for name, after in list(days.items())[:reached]}


def make_parties(
    source: Random, project: Project, borrower: Subject, firms: Sequence[Subject]
) -> list[Participation]:
    """The borrower and up to three others, sharing what revenue of the project is ours to name."""
    others = source.sample(firms, min(pick(source, PARTIES) - 1, len(firms) - 1))
    firms_in = [borrower, *(firm for firm in others if firm is not borrower)]
    weights = [source.expovariate(1) + 0.8 * (firm is borrower) for firm in firms_in]
    named = source.uniform(0.8, 1.0)
    return [
        Participation(
            client=firm.client,
            project=project,
            part="borrower" if firm is borrower else cycle(OTHER_PARTS, place - 1),
            revenue_share=round(named * weight / sum(weights), 3),
            since=project.disclosed_on,
        )
        for place, (firm, weight) in enumerate(zip(firms_in, weights, strict=True))
    ]

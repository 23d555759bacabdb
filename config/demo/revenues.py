"""What clients bring in by month: interest and fees beside any project, and their shares of what projects bring in."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from config.demo.clock import moment, months_after
from config.demo.projects import Undertaking, is_under_way
from config.demo.streams import stream
from config.demo.subjects import Subject
from crm.models import Client, Facility, Project, Revenue

MONTHS = 25
"""So that the run of a year ago finds a full year."""
LEDGER_DAYS = 9
MARGINS = {
    "term_loan": 0.016,
    "working_capital": 0.018,
    "lease": 0.024,
    "supply_chain": 0.021,
    "letter_of_credit": 0.012,
    "guarantee": 0.011,
    "project_loan": 0.014,
}
PAYS_FEES = 0.55
FEES_OF_REVENUE = 0.0004
PROJECT_RETURN = (0.010, 0.026)
RESTATED = 0.015
QUIET_MONTHS = (7, 18)


def revenues_of(
    subjects: Sequence[Subject], undertakings: Sequence[Undertaking], facilities: Sequence[Facility]
) -> Iterator[Revenue]:
    """The ledger up to the last month that it has closed by the anchor."""
    anchor = subjects[0].quality.anchor
    lent: dict[str, list[Facility]] = defaultdict(list)
    for facility in facilities:
        if facility.project is None:  # what a project brings in is shared among its parties
            lent[facility.client.code].append(facility)
    months = closed_months(anchor)
    for subject in subjects:
        yield from beside_projects(subject, lent[subject.client.code], months)
    for undertaking in undertakings:
        if is_under_way(undertaking.project):
            yield from within_project(undertaking, months, anchor)


def closed_months(anchor: date) -> list[date]:
    """The first days of the latest months that the ledger has closed, oldest first."""
    this_month = anchor.replace(day=1)
    months = [months_after(this_month, -back) for back in range(MONTHS, 0, -1)]
    return [month for month in months if closed_on(month) <= anchor]


def closed_on(month: date) -> date:
    return months_after(month, 1) + timedelta(days=LEDGER_DAYS)


def beside_projects(
    subject: Subject, facilities: Sequence[Facility], months: Sequence[date]
) -> Iterator[Revenue]:
    """The margin on what is lent, and the fees of those who pay any; a dormant client has gone quiet."""
    source = stream("revenue", subject.index)
    pays_fees = subject.client.status != Client.Status.POTENTIAL and source.random() < PAYS_FEES
    fee = subject.revenue * FEES_OF_REVENUE / 12 * source.lognormvariate(0, 1) if pays_fees else 0.0
    often = source.uniform(0.2, 1)
    quiet = source.randint(*QUIET_MONTHS) if subject.client.status == Client.Status.DORMANT else 0
    for month in months[: len(months) - quiet]:
        margin = sum(margin_of(facility) for facility in facilities if is_open(facility, month))
        amount = margin + (fee if source.random() < often else 0.0)
        yield from entries(source, subject.client, None, month, amount, subject.quality.anchor)


def is_open(facility: Facility, month: date) -> bool:
    """Whether it bears interest for the month."""
    return facility.opened_on <= month and (facility.closed_on is None or facility.closed_on > month)


def margin_of(facility: Facility) -> float:
    """What is left of a month's interest."""
    return float(facility.drawn) * MARGINS[facility.product] / 12


def within_project(undertaking: Undertaking, months: Sequence[date], anchor: date) -> Iterator[Revenue]:
    """Each party's share of what the project brings in, from the first payment until it or the project ends."""
    project = undertaking.project
    source = stream("project revenue", project.code)
    begins = project.invested_on or anchor
    ends = anchor
    if project.status == Project.Status.COMPLETED:
        ends = begins + timedelta(days=int((anchor - begins).days * source.uniform(0.5, 0.9)))
    a_month = float(project.amount or 0) * source.uniform(*PROJECT_RETURN) / 12
    for party, share in zip(undertaking.parties, undertaking.shares, strict=True):
        for month in months:
            if begins <= month < min(ends, party.until or ends):
                yield from entries(source, party.client, project, month, a_month * share, anchor)


def entries(
    source: Random, client: Client, project: Project | None, month: date, amount: float, anchor: date
) -> Iterator[Revenue]:
    """A month's entry, and now and then a correction of it some weeks later."""
    booked = round(amount * source.lognormvariate(0, 0.08), 2)
    received_on = closed_on(month)
    corrected_on = received_on + timedelta(days=source.randint(20, 70))
    is_restated = source.random() < RESTATED
    if booked:
        yield entry(client, project, month, booked, received_on)
    if booked and is_restated and corrected_on <= anchor:
        yield entry(client, project, month, round(booked * source.uniform(0.85, 1.1), 2), corrected_on)


def entry(client: Client, project: Project | None, month: date, amount: float, received_on: date) -> Revenue:
    return Revenue(
        client=client,
        project=project,
        month=month,
        amount=amount,
        received_on=received_on,
        source="Revenue ledger",
        created_at=moment(received_on, 6),
    )

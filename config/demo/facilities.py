"""Facilities and their payments: up to four a client, paid as its reserves of the months before allow."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from config.demo.clock import moment, months_after
from config.demo.streams import pick, rounded, stream
from config.demo.subjects import Subject
from crm.models import Client, Facility, Payment, Project

COUNTS = {
    "large": {0: 5, 1: 20, 2: 35, 3: 28, 4: 12},
    "medium": {0: 12, 1: 38, 2: 34, 3: 13, 4: 3},
    "small": {0: 25, 1: 50, 2: 21, 3: 4},
    "micro": {0: 45, 1: 48, 2: 7},
    "": {0: 30, 1: 55, 2: 15},
}
PRODUCTS = {
    "working_capital": 34,
    "term_loan": 26,
    "lease": 14,
    "supply_chain": 12,
    "letter_of_credit": 8,
    "guarantee": 6,
}
TERM_MONTHS = {
    "working_capital": 24,
    "supply_chain": 18,
    "letter_of_credit": 18,
    "guarantee": 24,
    "lease": 48,
}
LONG_TERM_MONTHS = 72
SHORT = ("working_capital", "supply_chain", "letter_of_credit", "guarantee")
AHEAD_MONTHS = 12
RESERVE_MONTHS = 5
LATE, VERY_LATE, DEFAULT = 1.5, 2.1, 2.5
"""Stress from which an instalment slips by weeks, by months, by more than 90 days."""


def facilities_of(subject: Subject, project: Project | None) -> Iterator[Facility]:
    """The client's facilities; the borrower of an active project has the loan of that project first."""
    client = subject.client
    source = stream("facilities", subject.index)
    count = pick(source, COUNTS[client.size_class])
    if client.client_since is None or (client.status == Client.Status.DORMANT and source.random() < 0.7):
        return
    for place in range(count):
        product = "project_loan" if project and place == 0 else pick(source, PRODUCTS)
        yield make_facility(source, subject, place, product, project)


def make_facility(
    source: Random, subject: Subject, place: int, product: str, project: Project | None
) -> Facility:
    anchor = subject.quality.anchor
    term = TERM_MONTHS.get(product, LONG_TERM_MONTHS)
    oldest = min(term + 4 if product in SHORT else 40, months_known(subject))
    age = max(source.randint(min(3, oldest), oldest) for _ in range(2))  # fewer young ones than old ones
    opened_on = months_after(anchor, -age) - timedelta(days=source.randint(0, 27))
    matures_on = months_after(opened_on, term)
    limit = rounded(subject.revenue * source.uniform(0.08, 0.34), 2)
    return Facility(
        client=subject.client,
        project=project if product == "project_loan" else None,
        number=f"F{subject.index + 1:06}-{place + 1}",
        product=product,
        limit=limit,
        drawn=rounded(limit * source.uniform(0.35, 0.98), 3),
        rate=round(
            0.034 + 0.006 * (product not in SHORT) + max(0.0, 0.012 - 0.006 * subject.quality.on(opened_on)),
            4,
        ),
        opened_on=opened_on,
        matures_on=matures_on,
        created_at=moment(opened_on, 10),
    )


def months_known(subject: Subject) -> int:
    since = subject.client.client_since or subject.quality.anchor
    return max((subject.quality.anchor - since).days // 31, 1)


def close_when_repaid(facility: Facility, payments: list[Payment], anchor: date) -> None:
    """A facility ends when it has matured and nothing of it is open."""
    paid = [payment.paid_on for payment in payments if payment.paid_on]
    if facility.matures_on <= anchor and len(paid) == len(payments):
        facility.closed_on = max([facility.matures_on, *paid])


def payments_of(subject: Subject, facility: Facility) -> Iterator[Payment]:
    """Instalments from opening to a year ahead; whoever is behind pays the oldest first."""
    anchor = subject.quality.anchor
    source = stream("payments", facility.number)
    every = 1 if facility.product == Facility.Product.LEASE else 3
    number_of = max(months_total(facility) // every, 1)
    principal = round(facility.drawn / number_of, 2)
    habit = stream("payment habit", subject.index).gauss(0, 0.4)
    paid_up_to = facility.opened_on
    for place in range(1, number_of + 1):
        due_on = months_after(facility.opened_on, place * every)
        if due_on > months_after(anchor, AHEAD_MONTHS):
            return
        paid_on = None
        if due_on <= anchor:
            paid_up_to = max(due_on + timedelta(days=delay(source, subject, due_on, habit)), paid_up_to)
            paid_on = paid_up_to if paid_up_to <= anchor else None
        outstanding = facility.drawn - principal * (place - 1)
        yield Payment(
            facility=facility,
            due_on=due_on,
            principal=principal,
            interest=round(outstanding * facility.rate * every / 12, 2),
            paid_on=paid_on,
        )


def months_total(facility: Facility) -> int:
    return (facility.matures_on.year - facility.opened_on.year) * 12 + (
        facility.matures_on.month - facility.opened_on.month
    )


def delay(source: Random, subject: Subject, due_on: date, habit: float) -> int:
    """Days late (early when negative), from the stress of the months before and the client's own habit."""
    stress = habit - subject.quality.before(due_on, RESERVE_MONTHS) + source.gauss(0, 0.25)
    if stress < LATE:
        return source.randint(3, 12) if source.random() < 0.02 else source.randint(-2, 0)
    if stress < VERY_LATE:
        return source.randint(4, 35)
    if stress < DEFAULT:
        return source.randint(32, 85)
    return source.randint(95, 270)

"""The whole book as unsaved records. No database is asked: the same anchor and size always give the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Model

from config.demo.cast import Cast, make_cast
from config.demo.contacts import interactions_of
from config.demo.declarations import declarations_of
from config.demo.differing import told_otherwise
from config.demo.facilities import close_when_repaid, facilities_of, payments_of
from config.demo.factors import factors_of
from config.demo.groups import relations_of
from config.demo.identity import numbers_of
from config.demo.judgements import make_green_share, observations_of
from config.demo.papers import Papers, papers_of
from config.demo.people import addresses_of, people_of
from config.demo.project_grades import observations_within
from config.demo.projects import Undertaking, is_under_way, make_undertakings
from config.demo.reports import reports_of
from config.demo.revenues import revenues_of
from config.demo.securing import collateral_of
from config.demo.statements import statements_of
from config.demo.subjects import Reference, Subject, make_reference, make_subjects
from config.demo.tags import taggings_of, tags_of
from crm.models import (
    Address,
    ClientTag,
    Collateral,
    ContactPerson,
    CreditReport,
    CustomMetric,
    Facility,
    FinancialStatement,
    IdentityNumber,
    Interaction,
    Observation,
    Payment,
    Relation,
    Revenue,
    Tag,
)


@dataclass(frozen=True, slots=True)
class Book:
    """Everything but tiers and cases, which come about by running the engine over it."""

    anchor: date
    cast: Cast
    reference: Reference
    subjects: list[Subject]
    undertakings: list[Undertaking]
    relations: list[Relation]
    people: list[ContactPerson]
    addresses: list[Address]
    numbers: list[IdentityNumber]
    tags: list[Tag]
    taggings: list[ClientTag]
    statements: list[FinancialStatement]
    reports: list[CreditReport]
    facilities: list[Facility]
    collateral: list[Collateral]
    payments: list[Payment]
    revenues: list[Revenue]
    interactions: list[Interaction]
    custom_metrics: list[CustomMetric]
    observations: list[Observation]
    papers: Papers

    def tables(self) -> list[Sequence[Model]]:
        """The rows of each table, in an order in which every row comes after those it refers to."""
        return [
            list(self.cast.teams.values()),
            list(self.cast.users),
            list(self.reference.industries.values()),
            list(self.reference.regions.values()),
            [subject.client for subject in self.subjects],
            self.relations,
            self.people,
            self.addresses,
            self.numbers,
            self.tags,
            self.taggings,
            self.statements,
            self.reports,
            [undertaking.project for undertaking in self.undertakings],
            [party for undertaking in self.undertakings for party in undertaking.parties],
            self.facilities,
            self.collateral,
            self.payments,
            self.revenues,
            self.interactions,
            self.custom_metrics,
            self.observations,
            self.papers.documents,
            self.papers.attachments,
            self.papers.contents,
            self.papers.versions,
        ]


def make_book(anchor: date, clients: int) -> Book:
    """The book of a day; a larger one begins with the clients of a smaller one."""
    cast, reference = make_cast(anchor), make_reference()
    subjects = make_subjects(clients, anchor, cast, reference)
    undertakings = make_undertakings(subjects, anchor, reference)
    facilities, payments = make_facilities(subjects, undertakings)
    tags = tags_of(cast)
    return Book(
        anchor=anchor,
        cast=cast,
        reference=reference,
        subjects=subjects,
        undertakings=undertakings,
        relations=[*relations_of(subjects)],
        people=[row for subject in subjects for row in people_of(subject)],
        addresses=[row for subject in subjects for row in addresses_of(subject)],
        numbers=[row for subject in subjects for row in numbers_of(subject)],
        tags=tags,
        taggings=[*taggings_of(subjects, tags)],
        statements=[row for subject in subjects for row in statements_of(subject)],
        reports=[row for subject in subjects for row in reports_of(subject)],
        facilities=facilities,
        collateral=[*collateral_of(facilities, anchor)],
        payments=payments,
        revenues=list(revenues_of(subjects, undertakings, facilities)),
        interactions=[row for subject in subjects for row in interactions_of(subject)],
        custom_metrics=[make_green_share()],
        observations=[
            *(row for subject in subjects for row in observations_of(subject)),
            *(row for subject in subjects for row in declarations_of(subject)),
            *(row for subject in subjects for row in told_otherwise(subject)),
            *factors_of(subjects, undertakings, facilities),
            *observations_within(subjects, undertakings),
        ],
        papers=papers_of(subjects),
    )


def make_facilities(
    subjects: list[Subject], undertakings: list[Undertaking]
) -> tuple[list[Facility], list[Payment]]:
    loans = {
        undertaking.borrower.code: undertaking.project
        for undertaking in undertakings
        if is_under_way(undertaking.project)
    }
    facilities, payments = [], []
    for subject in subjects:
        for facility in facilities_of(subject, loans.get(subject.client.code)):
            instalments = list(payments_of(subject, facility))
            close_when_repaid(facility, instalments, subject.quality.anchor)
            facilities.append(facility)
            payments += instalments
    return facilities, payments

"""What is observed within projects: grades of each party, and the cover ratios of the financing models."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from config.demo.judgements import SIZE_INFLUENCE, observe, yearly
from config.demo.projects import Undertaking
from config.demo.streams import clip, stream
from config.demo.subjects import Subject
from crm.models import Observation, Project

GRADED = {"project_risk_capacity": 0.6, "project_market_influence": 0.35}
"""How much of a grade follows the credit quality of the party."""
LIVES_LONGER = 1.09
"""Cover over the life of the loan ÷ the lowest cover of a period."""


def observations_within(
    subjects: Sequence[Subject], undertakings: Sequence[Undertaking]
) -> Iterator[Observation]:
    by_code = {subject.client.code: subject for subject in subjects}
    for undertaking in undertakings:
        if undertaking.project.status != Project.Status.CANCELLED:
            for place, party in enumerate(undertaking.parties):
                yield from grades(by_code[party.client.code], undertaking.project, place)
        if undertaking.project.status == Project.Status.ACTIVE:
            yield from covers(by_code[undertaking.borrower.code], undertaking.project)


def grades(subject: Subject, project: Project, place: int) -> Iterator[Observation]:
    """A judgement of the party a year, since the project was disclosed."""
    source = stream("project grades", project.code, place)
    own = {metric: source.gauss(0, 0.7) for metric in GRADED}
    for day in days_since(project, subject.quality.anchor, yearly(source)):
        for metric, follows in GRADED.items():
            grade = 3.2 + follows * subject.quality.on(day) + own[metric] + size_bonus(subject)
            value = round(clip(grade, 1, 5))
            yield observe(subject, metric, value, day, "Project review", 0, by_rm=True, project=project)


def size_bonus(subject: Subject) -> float:
    return 0.8 * SIZE_INFLUENCE[subject.client.size_class]


def covers(borrower: Subject, project: Project) -> Iterator[Observation]:
    """The ratios of the financing model, which the borrower sends in once a year."""
    source = stream("covers", project.code)
    own = source.gauss(0, 0.12)
    for day in days_since(project, borrower.quality.anchor, yearly(source)):
        dscr = round(clip(1.38 + 0.16 * borrower.quality.on(day) + own, 0.7, 2.8), 2)
        for metric, value in (("project_dscr", dscr), ("project_llcr", round(dscr * LIVES_LONGER, 2))):
            yield observe(borrower, metric, value, day, "Financing model", 21, project=project)


def days_since(project: Project, anchor: date, ages: Sequence[int]) -> Iterator[date]:
    """The days so long before the anchor on which the project was known."""
    for age in ages:
        day = anchor - timedelta(days=age)
        if project.disclosed_on is None or day >= project.disclosed_on:
            yield day

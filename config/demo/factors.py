"""The factors of project finance in words: the security of whoever borrows, all five of who borrows for a project."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from config.demo.judgements import observe, yearly
from config.demo.projects import Undertaking
from config.demo.streams import stream
from config.demo.subjects import Subject
from crm.models import Client, Facility, Observation

SECURITY = "security_package"
OF_PROJECTS = {
    "financial_strength": 0.9,
    "political_legal": 0.2,
    "transaction_characteristics": 0.6,
    "sponsor_strength": 0.7,
}
"""How much of a factor follows the credit quality."""
SECURITY_FOLLOWS = 0.5
LEVELS = ((1.0, "strong"), (-0.1, "good"), (-1.1, "satisfactory"))
NOT_ASSESSED = 0.25


def factors_of(
    subjects: Sequence[Subject], undertakings: Sequence[Undertaking], facilities: Sequence[Facility]
) -> Iterator[Observation]:
    """A review a year; of one project in four nobody has judged the factors yet."""
    secured = {facility.client.code for facility in facilities}
    financed = {undertaking.borrower.code for undertaking in undertakings}
    for subject in subjects:
        if subject.client.code in secured:
            yield from judged(subject, {SECURITY: SECURITY_FOLLOWS}, "Collateral review")
        source = stream("factors assessed", subject.index)
        if subject.client.code in financed and source.random() >= NOT_ASSESSED:
            yield from judged(subject, OF_PROJECTS, "Project finance review")


def judged(subject: Subject, factors: dict[str, float], by: str) -> Iterator[Observation]:
    source = stream("factors", by, subject.index)
    own = {factor: source.gauss(0.2, 0.6) for factor in factors}
    for age in yearly(source):
        day = subject.quality.anchor - timedelta(days=age)
        for factor, follows in factors.items():
            level = level_of(follows * subject.quality.on(day) + own[factor])
            if factor == SECURITY and subject.client.kind == Client.Kind.INSTITUTION:
                level = "not_applicable"  # public bodies pledge nothing, whoever they are
            yield observe(subject, factor, level, day, by, 0, by_rm=True)


def level_of(value: float) -> str:
    return next((level for least, level in LEVELS if value >= least), "weak")

"""What people declare of themselves, once a year: their net worth and their income."""

from collections.abc import Iterator
from datetime import timedelta

from config.demo.judgements import observe, yearly
from config.demo.streams import rounded, stream
from config.demo.subjects import Subject
from crm.models import Observation

NOT_DECLARED = 0.12
NET_WORTH = (5.0, 7.4)
"""Powers of ten."""
INCOME_OF_WEALTH = (0.05, 0.25)
GROWTH = 1.06


def declarations_of(subject: Subject) -> Iterator[Observation]:
    source = stream("declarations", subject.index)
    if not subject.is_person or source.random() < NOT_DECLARED:
        return
    wealth = 10 ** source.uniform(*NET_WORTH)
    amounts = {"net_worth": wealth, "annual_income": wealth * source.uniform(*INCOME_OF_WEALTH)}
    for years, age in enumerate(yearly(source)):
        day = subject.quality.anchor - timedelta(days=age)
        for metric, amount in amounts.items():
            yield observe(subject, metric, rounded(amount / GROWTH**years), day, "Declaration of assets", 5)

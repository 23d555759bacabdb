"""Credit reports: about one a quarter over the last fifteen months, from one bureau a client."""

from collections.abc import Iterator
from datetime import timedelta

from config.demo.clock import moment
from config.demo.streams import clip, logistic, stream
from config.demo.subjects import Subject
from crm.models import CreditReport

DAYS = 460
QUARTER = 91
CLEAN, SUED = 0.045, 0.12
"""Probabilities of default below which nothing is held against a client, and from which a lawsuit is."""
UNKNOWN_TO_BUREAUS = 0.04
BUREAUS = ("National Credit Bureau", "Yangtze Ratings")
RATINGS = (
    ("AAA", 0.002), ("AA", 0.004), ("A", 0.008), ("BBB", 0.018), ("BB", 0.045), ("B", 0.10), ("CCC", 0.20), ("CC", 0.35),
    ("C", 1.0),
)  # fmt: skip
"""Each rating and the probability of default it ends at."""


def reports_of(subject: Subject) -> Iterator[CreditReport]:
    source = stream("credit reports", subject.index)
    if source.random() < UNKNOWN_TO_BUREAUS:
        return
    anchor = subject.quality.anchor
    bureau = BUREAUS[source.random() < 0.3]
    view = source.gauss(0, 0.25)  # what the bureau sees otherwise than it is
    age = source.randint(0, QUARTER)
    while age < DAYS:
        reported_on = anchor - timedelta(days=age)
        quality = subject.quality.on(reported_on) + view + source.gauss(0, 0.12)
        pd = round(clip(logistic(-4.15 - 1.05 * quality), 0.0004, 0.6), 4)
        received_on = min(reported_on + timedelta(days=source.randint(1, 6)), anchor)
        yield CreditReport(
            client=subject.client,
            bureau=bureau,
            reported_on=reported_on,
            received_on=received_on,
            score=round(clip(672 + 62 * quality, 350, 850)),
            pd=pd,
            rating=rating_of(pd),
            reference=f"{bureau[0]}{reported_on:%y%m%d}-{subject.index + 1:05}",
            **negative(pd),
            created_at=moment(received_on, 8),
        )
        age += QUARTER + source.randint(-12, 12)


def negative(pd: float) -> dict[str, object]:
    """What a bureau holds against somebody: nothing, or late payments and a lawsuit."""
    if pd < CLEAN:
        return {"negative_items": 0}
    note = "逾期还款记录；涉诉信息" if pd > SUED else "逾期还款记录"
    return {"negative_items": 1 + (pd > SUED), "negative_note": note}


def rating_of(pd: float) -> str:
    return next(rating for rating, limit in RATINGS if pd <= limit)

"""What people judge of a client: every factor that its method asks for or that was ever judged, with its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from crm.formats import MISSING
from crm.method_readings import Reading
from crm.metrics import ObservableMetric, named
from crm.models import Client, Observation, User

GRADES = {5: _("Excellent"), 4: _("Good"), 3: _("Fair"), 2: _("Below average"), 1: _("Weak")}
"""The words of the grades from 1 to 5."""
SHOWN = 8


@dataclass(frozen=True)
class Judgement:
    """One judgement in words; one that is stale counts as missing."""

    observation: Observation
    words: str
    is_stale: bool


@dataclass(frozen=True)
class Factor:
    """A factor with its judgements, the latest first. `asked_by`: the schemes whose criteria in effect read it."""

    metric: ObservableMetric
    asked_by: list[str] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)

    @property
    def latest(self) -> Judgement | None:
        return self.judgements[0] if self.judgements else None

    @property
    def earlier(self) -> list[Judgement]:
        return self.judgements[1:]

    @property
    def is_due(self) -> bool:
        """Whether somebody should judge it: it is asked for, and not known or stale."""
        return bool(self.asked_by) and (self.latest is None or self.latest.is_stale)


def factors_of(client: Client, user: User, day: date, readings: Sequence[Reading]) -> list[Factor]:
    """The factors of a client as a whole on a day; those that its method asks for first. Two queries."""
    metrics = {key: one for key, one in named().items() if one.is_judgement and one.of_clients}
    asked: dict[str, list[str]] = {}
    for reading in readings:
        schemes = asked.setdefault(reading.metric, [])
        if reading.scheme not in schemes:
            schemes.append(reading.scheme)
    rows = _rows(client, user, metrics, day)
    factors = [
        Factor(metric, asked.get(key, []), [judged(metric, row, day) for row in rows.get(key, ())])
        for key, metric in metrics.items()
        if key in asked or key in rows
    ]
    return sorted(factors, key=lambda one: (not one.asked_by, str(one.metric.label)))


def judged(metric: ObservableMetric, observation: Observation, day: date) -> Judgement:
    """A judgement of a metric in words, as of a day."""
    age = metric.max_age_days
    is_stale = age is not None and observation.observed_on < day - timedelta(days=age)
    return Judgement(observation, grade_words(metric, observation), is_stale)


def grade_words(metric: ObservableMetric, observation: Observation) -> str:
    """What was judged: the word of a category, or a grade with its word."""
    if observation.value is None:
        return str(metric.categories.get(observation.text, observation.text))
    word = GRADES.get(round(observation.value)) if metric.unit == "grade" else None
    number = f"{observation.value:g}"
    return f"{number} · {word}" if word else number or MISSING


def _rows(
    client: Client, user: User, metrics: Mapping[str, ObservableMetric], day: date
) -> dict[str, list[Observation]]:
    rows = Observation.objects.visible_to(user).filter(
        client=client, project=None, metric__in=list(metrics), received_on__lte=day
    )
    found: dict[str, list[Observation]] = {}
    for row in _newest_first(rows.select_related("recorded_by")):
        known = found.setdefault(row.metric, [])
        if len(known) < SHOWN:
            known.append(row)
    return found


def _newest_first(rows: Iterable[Observation]) -> list[Observation]:
    return sorted(rows, key=lambda row: (row.observed_on, row.received_on, row.pk), reverse=True)

"""A project as its page shows it: who takes part, and how well its cash covers its debt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F

from crm.metrics import ObservableMetric, named
from crm.models import Observation, Participation, Project, User

COVERS = ("project_dscr", "project_llcr")


@dataclass(frozen=True)
class Participant:
    """A client in a project; `is_past` where its part is over."""

    participation: Participation
    is_past: bool


@dataclass(frozen=True)
class Cover:
    """The latest value of a cover ratio; a stale one counts as missing. None: never observed."""

    metric: ObservableMetric
    observation: Observation | None
    is_stale: bool


def participants_of(project: Project, user: User, day: date) -> Sequence[Participant]:
    """Everybody in a project whom the user may see, those whose part is over last."""
    rows = Participation.objects.visible_to(user).filter(project=project).select_related("client")
    ordered = rows.order_by("part", F("revenue_share").desc(nulls_last=True), "pk")
    found = [Participant(row, row.until is not None and row.until <= day) for row in ordered]
    return sorted(found, key=lambda one: one.is_past)


def covers_of(project: Project, day: date) -> list[Cover]:
    """DSCR and LLCR as last observed with any client in the project. What others observed counts for all of them."""
    metrics = named()
    rows = Observation.objects.filter(project=project, metric__in=COVERS, received_on__lte=day)
    latest = rows.order_by("metric", "-observed_on", "-received_on", "-pk").distinct("metric")
    known = {row.metric: row for row in latest}
    return [_cover(metrics[key], known.get(key), day) for key in COVERS if key in metrics]


def _cover(metric: ObservableMetric, observation: Observation | None, day: date) -> Cover:
    age = metric.max_age_days
    is_stale = (
        observation is not None and age is not None and observation.observed_on < day - timedelta(days=age)
    )
    return Cover(metric, observation, is_stale)

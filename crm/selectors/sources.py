"""The declared orders of sources, for whoever picks one value among several."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from crm.core.sources import UNRANKED, Ranks, ranks_of
from crm.metrics import named
from crm.models import SourceOrder
from crm.reading import read_once


@read_once
def declared_ranks() -> Ranks:
    """The place of each source by metric. One query; empty where nothing is declared."""
    return ranks_of(SourceOrder.objects.values_list("metric", "sources"))


def rank_of(metrics: Collection[str], day: date) -> list[Combinable]:
    """What observations of these metrics are ordered by before their days: nothing where nothing is declared. What is
    too old on the day has no place."""
    ranks, known = declared_ranks(), named() if declared_ranks() else {}
    whens = []
    for metric in metrics:
        age = known[metric].max_age_days if metric in known else None
        fresh = Q(observed_on__gte=day - timedelta(days=age)) if age else Q()
        for source, place in ranks.get(metric, ranks.get("", {})).items():
            whens.append(When(fresh, metric=metric, source=source, then=Value(place)))
    return [Case(*whens, default=Value(UNRANKED), output_field=IntegerField())] if whens else []

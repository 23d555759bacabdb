"""How much is known: for each metric, the share of the subjects with a value in the facts in force."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet

from crm.models import User
from tiering.core.catalogue import CLIENT_METRICS
from tiering.core.metric import Catalogue
from tiering.models import Facts, ProjectFacts, TieringRun
from tiering.models.tiers import IN_FORCE

KEPT = 24 * 60 * 60
SUBJECTS = "subjects"

Shares = dict[str, float]
"""By metric key, the share from 0 to 1; without the metrics of which no subject is there."""


def known_shares(user: User, metrics: Catalogue) -> Shares:
    """The shares over the clients that the user may see; of what is known only within projects, over clients within
    projects.

    One pass over the facts in force of each kind. The answer is kept until the next run ends or a metric is added.
    """
    key = _cache_key(user, metrics)
    kept: Shares | None = cache.get(key)
    if kept is None:
        kept = _count(user, metrics)
        cache.set(key, kept, KEPT)
    return kept


def shares_at_hand(user: User, metrics: Catalogue) -> Shares | None:
    """The shares if they were counted already; None otherwise."""
    kept: Shares | None = cache.get(_cache_key(user, metrics))
    return kept


def _cache_key(user: User, metrics: Catalogue) -> str:
    over = TieringRun.objects.filter(finished_at__isnull=False).aggregate(run=Max("pk"))["run"]
    reach = "all" if user.sees_every_client else f"team-{user.team_id}"
    own = ",".join(sorted(metrics.keys() - CLIENT_METRICS.keys()))
    return f"known:{over}:{reach}:{hashlib.sha256(own.encode()).hexdigest()[:16]}"


def _count(user: User, metrics: Catalogue) -> Shares:
    facts = Facts.objects.visible_to(user).filter(IN_FORCE)
    within = ProjectFacts.objects.visible_to(user).filter(IN_FORCE)
    of_projects = [key for key, metric in metrics.items() if metric.scope == "project"]
    columns = {key: Count(key) for key in metrics.keys() & CLIENT_METRICS.keys()}
    own = metrics.keys() - CLIENT_METRICS.keys() - set(of_projects)
    return {
        **_shares(facts, columns | _having("custom", own)),
        **_shares(within, _having("values", of_projects)),
    }


def _having(column: str, keys: Iterable[str]) -> dict[str, Any]:
    return {key: Count("pk", Q(**{f"{column}__has_key": key})) for key in keys}


def _shares(rows: QuerySet[Any], counts: dict[str, Any]) -> Shares:
    # Under names of their own: a metric may be called as a column.
    named = {f"known_{key}": count for key, count in counts.items()}
    counted = rows.aggregate(**{SUBJECTS: Count("pk")}, **named)
    subjects = counted.pop(SUBJECTS)
    return (
        {key.removeprefix("known_"): known / subjects for key, known in counted.items()} if subjects else {}
    )

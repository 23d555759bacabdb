"""How clients came to stand where they are."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from crm.models import Client, Project
from tiering.models import Assignment, TierScheme
from tiering.selectors.criteria import primary_scheme


def tier_history(client: Client, scheme: TierScheme, project: Project | None = None) -> QuerySet[Assignment]:
    """The client's tiers as a whole or within a project, newest first, with what each came from: the assessment, its
    run, and the decision."""
    history = Assignment.objects.filter(client=client, project=project, scheme=scheme).order_by("-valid_from")
    return history.select_related("tier", "assessment__run", "proposal__decided_by", "override__decided_by")


def score_series(
    clients: Iterable[int],
    scheme: TierScheme | None = None,
    *,
    months: int = 12,
    until: datetime | None = None,
) -> dict[int, list[float | None]]:
    """By client id, the score in points at each of `months` moments a month apart, the last of them `until` (None: now).

    None where no assessment was in force. One query, for the sparklines of a page.
    """
    scheme = scheme or primary_scheme()
    clients = list(clients)
    if scheme is None or not clients:
        return {client: [None] * months for client in clients}
    with connection.cursor() as cursor:
        cursor.execute(
            SERIES,
            {
                "clients": clients,
                "scheme": scheme.pk,
                "until": until or timezone.now(),
                "months": months,
            },
        )
        return dict(cursor.fetchall())


SERIES = """
SELECT wanted.id, array_agg(scored.score / 1e8::float8 ORDER BY at.moment)
FROM unnest(%(clients)s::bigint[]) AS wanted (id)
CROSS JOIN generate_series(0, %(months)s - 1) AS back
CROSS JOIN LATERAL (SELECT %(until)s::timestamptz - make_interval(months => back) AS moment) AS at
LEFT JOIN LATERAL (
    SELECT a.score FROM tiering_assessment a
    WHERE a.client_id = wanted.id AND a.project_id IS NULL AND a.scheme_id = %(scheme)s AND a.valid_from <= at.moment
    AND (a.valid_to IS NULL OR a.valid_to > at.moment)
    ORDER BY a.valid_from DESC LIMIT 1
) AS scored ON true
GROUP BY wanted.id
"""

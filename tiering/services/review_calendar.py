"""The calendar of periodic reviews: whoever has a tier has a review that is not done, due by the cycle of that tier."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min

from crm.models import Client
from tiering.models import TierScheme
from tiering.selectors.tier_policies import InEffect

RANGE = 20_000
"""So many ids of clients are looked at in one statement."""

# The first tier counts as the first assessment. What has been prepared already keeps the day it was prepared for.
KEEP = """
WITH due AS (
    SELECT a.client_id, since.day AS last_on, (since.day + make_interval(months => t.months))::date AS due_on
    FROM tiering_assignment a
    JOIN unnest(%(tiers)s::bigint[], %(months)s::int[]) AS t (tier_id, months) ON t.tier_id = a.tier_id
    JOIN crm_client c ON c.id = a.client_id AND c.status <> 'potential'
    CROSS JOIN LATERAL (
        SELECT (coalesce(
            (SELECT max(signed_at) FROM tiering_periodicreview
             WHERE client_id = a.client_id AND scheme_id = a.scheme_id AND status = 'done'),
            (SELECT min(valid_from) FROM tiering_assignment
             WHERE client_id = a.client_id AND scheme_id = a.scheme_id AND project_id IS NULL)
        ) AT TIME ZONE %(zone)s)::date AS day
    ) AS since
    WHERE a.scheme_id = %(scheme)s AND a.project_id IS NULL AND a.valid_to IS NULL AND a.client_id {of}
), moved AS (
    UPDATE tiering_periodicreview r SET due_on = d.due_on, last_on = d.last_on
    FROM due d
    WHERE r.client_id = d.client_id AND r.scheme_id = %(scheme)s AND r.status = 'open'
    AND (r.due_on, r.last_on) IS DISTINCT FROM (d.due_on, d.last_on)
    RETURNING 1
), added AS (
    INSERT INTO tiering_periodicreview
        (client_id, scheme_id, due_on, last_on, status, conclusion, findings, remark, evidence)
    SELECT client_id, %(scheme)s, due_on, last_on, 'open', '', '', '', '{{}}' FROM due
    ON CONFLICT (client_id, scheme_id) WHERE NOT (status = 'done') DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM moved) + (SELECT count(*) FROM added)
"""


@transaction.atomic
def keep_calendar(
    *, scheme: TierScheme, policy: InEffect, clients: Collection[int] | range | None = None
) -> int:
    """Give every client of a scheme (or those with the ids) the review that is due by its tier, and move those whose
    tier has another cycle now; how many were added or moved. Safe to repeat."""
    terms = policy.by_tier(scheme)
    params = {
        "tiers": [tier.pk for tier in terms],
        "months": [found.review_months for found in terms.values()],
        "scheme": scheme.pk,
        "zone": settings.TIME_ZONE,
    }
    if isinstance(clients, range):
        of, params = "BETWEEN %(first)s AND %(last)s", params | {"first": clients.start, "last": clients[-1]}
    elif clients is not None:
        of, params = "= ANY(%(clients)s::bigint[])", params | {"clients": list(clients)}
    else:
        return sum(keep_calendar(scheme=scheme, policy=policy, clients=part) for part in ranges())
    with connection.cursor() as cursor:
        cursor.execute(KEEP.format(of=of), params)
        return cursor.fetchone()[0]


def ranges() -> list[range]:
    """The ids of all clients in parts."""
    ends = Client.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return []
    return [
        range(first, min(first + RANGE, ends["last"] + 1))
        for first in range(ends["first"], ends["last"] + 1, RANGE)
    ]

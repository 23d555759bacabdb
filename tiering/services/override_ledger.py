"""What overrides do to tiers: put in force, and undone when they are over. Set-wise, for clients who are locked."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import connection

from crm.models import Observation
from crm.services.observations import NewObservation, put_observation, take_back_observations
from tiering.models import Override
from tiering.services.clock import database_now
from tiering.services.requests import TICK, retier_changed
from tiering.services.retier import latest_moment

SOURCE = Observation.GOVERNED
"""The source of the observation that an input override is."""


def moment_for(clients: Collection[int], at: datetime | None = None) -> datetime:
    """When something may begin for locked clients: at a moment (None: now), after all that holds of them already."""
    moment, latest = at or database_now(), latest_moment([*clients])
    return max(moment, latest + TICK) if latest else moment


def hold_tier(override: Override) -> None:
    """Put the tier of an output override in force from its beginning on, in place of whatever was proposed."""
    with connection.cursor() as cursor:
        cursor.execute(SUPERSEDE, {"override": override.pk})
        cursor.execute(HOLD, {"override": override.pk})


# What waits was proposed from another tier than the one that holds from now on.
SUPERSEDE = """
UPDATE tiering_proposal p SET status = 'superseded'
FROM tiering_override o
WHERE o.id = %(override)s AND p.client_id = o.client_id AND p.scheme_id = o.scheme_id
AND p.project_id IS NOT DISTINCT FROM o.project_id AND p.status = 'pending'
"""

HOLD = """
WITH closed AS (
    UPDATE tiering_assignment AS t SET valid_to = o.starts
    FROM tiering_override o
    WHERE o.id = %(override)s AND t.client_id = o.client_id AND t.scheme_id = o.scheme_id AND t.valid_to IS NULL
    AND t.project_id IS NOT DISTINCT FROM o.project_id
    RETURNING t.id)
INSERT INTO tiering_assignment (client_id, project_id, scheme_id, tier_id, valid_from, assessment_id, override_id)
SELECT o.client_id, o.project_id, o.scheme_id, o.tier_id, o.starts, o.assessment_id, o.id
FROM tiering_override o WHERE o.id = %(override)s AND (SELECT count(*) FROM closed) >= 0
"""


def give_value(override: Override, item: NewObservation) -> Observation:
    """Put the value of an input override on record; the client is re-tiered by the request that this writes."""
    return put_observation(item=item, by=override.decided_by)


def item_of(override: Override, day: date) -> NewObservation:
    """The observation that an input override is if it begins on a day."""
    return NewObservation(
        index=0,
        client_id=override.client_id,
        metric=override.metric,
        value=override.value,
        text=override.category,
        observed_on=day,
        received_on=day,
        source=SOURCE,
        project_id=override.project_id,
    )


def finish(
    ids: Collection[int],
    clients: Collection[int],
    status: Override.Status,
    *,
    by: int | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> list[int]:
    """Let overrides of locked clients be over, and give back to the criteria what they held; the ids of those that were
    open until now.

    Tiers: the clients are assessed afresh while the overrides still hold, so that nothing moves or is proposed, and what
    the criteria say after overlays is assigned. Values: their observations are taken back, and the clients re-tiered.
    """
    open_ = Override.objects.filter(pk__in=ids, client__in=clients, ended_at=None)
    holding = set(open_.filter(kind="output", status="in_force").values_list("client_id", flat=True))
    if holding:
        retier_changed(sorted(holding), at=at)
    moment = moment_for(clients, at)
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, _closing(open_, status, by, reason, moment))
        closed = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(RESTORE, {"overrides": closed, "at": moment})
    given = Override.objects.filter(pk__in=closed, observation__isnull=False)
    take_back_observations(ids=list(given.values_list("observation_id", flat=True)))
    return closed


def _closing(
    open_: Any, status: Override.Status, by: int | None, reason: str, moment: datetime
) -> dict[str, Any]:
    return {
        "overrides": list(open_.values_list("pk", flat=True)),
        "status": status,
        "by": by,
        "reason": reason,
        "at": moment,
    }


CLOSE = """
UPDATE tiering_override SET status = %(status)s, ended_at = %(at)s, ended_by_id = %(by)s::bigint, end_reason = %(reason)s
WHERE id = ANY(%(overrides)s::bigint[]) AND ended_at IS NULL RETURNING id
"""

# Of a subject that is no more, nothing is left to assign: its tier has ended.
RESTORE = """
WITH closed AS (
    UPDATE tiering_assignment AS t SET valid_to = %(at)s
    FROM tiering_override o JOIN tiering_assessment a ON a.client_id = o.client_id AND a.scheme_id = o.scheme_id
        AND a.project_id IS NOT DISTINCT FROM o.project_id AND a.valid_to IS NULL
    WHERE o.id = ANY(%(overrides)s::bigint[]) AND t.override_id = o.id AND t.valid_to IS NULL
    AND t.valid_from = o.starts
    RETURNING o.id, o.client_id, o.project_id, o.scheme_id, a.id AS assessment_id, a.overlay_tier_id)
INSERT INTO tiering_assignment (client_id, project_id, scheme_id, tier_id, valid_from, assessment_id, override_id)
SELECT client_id, project_id, scheme_id, overlay_tier_id, %(at)s, assessment_id, id FROM closed
"""

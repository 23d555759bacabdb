"""Keeping how well clients are known, set by set: each night for everybody, and soon after records change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils.translation import gettext_lazy

from crm.errors import DomainError, NotPermitted
from crm.models import Client, User
from crm.services.tasks import TaskRow, add_tasks
from tiering.models import DataGap, QualityRound
from tiering.selectors.quality import Asked, asked
from tiering.services.told import renew_told

TASK: Final = "data-gap"
"""The kind of task that asks for a missing thing."""
AT_A_TIME: Final = 20_000
WATERMARKS: Final = (
    "facts", "clients", "people", "addresses", "observations", "statements", "reports", "orders",
)  # fmt: skip
MOST_TASKS: Final = 500
SOME: Final = "= ANY(%(quality_clients)s::bigint[])"
RANGE: Final = "BETWEEN %(quality_first)s AND %(quality_last)s"


class TooManyTasks(DomainError):
    code = "too_many_tasks"
    message = gettext_lazy("Choose at most %(most)d things at once.")
    status = 400


# What two schemes ask for counts once, by the worse of what they say.
FOUND: Final = """
CREATE TEMPORARY TABLE quality_found ON COMMIT DROP AS
SELECT client_id, thing, bool_or(missing) AS missing, bool_or(stale AND NOT missing) AS stale
FROM ({things}) AS things GROUP BY client_id, thing
"""
SCORES: Final = """
INSERT INTO tiering_dataquality (client_id, asked, known, fresh, score)
SELECT client_id, count(*), count(*) FILTER (WHERE NOT missing), count(*) FILTER (WHERE NOT missing AND NOT stale),
       100 * count(*) FILTER (WHERE NOT missing AND NOT stale) / count(*)
FROM quality_found GROUP BY client_id
ON CONFLICT (client_id) DO UPDATE SET asked = EXCLUDED.asked, known = EXCLUDED.known, fresh = EXCLUDED.fresh,
    score = EXCLUDED.score
WHERE (tiering_dataquality.asked, tiering_dataquality.known, tiering_dataquality.fresh)
    IS DISTINCT FROM (EXCLUDED.asked, EXCLUDED.known, EXCLUDED.fresh)
"""
# What is told differently is a gap too, whether the criteria ask for it or not: it lowers no score.
LACKING: Final = """
CREATE TEMPORARY TABLE quality_lacking ON COMMIT DROP AS
SELECT client_id, thing, CASE WHEN missing THEN 'missing' ELSE 'stale' END AS state FROM quality_found
WHERE missing OR stale
UNION ALL SELECT c.client_id, c.metric, 'conflict' FROM tiering_sourceconflict c
WHERE c.client_id {of} AND c.settled = '' AND NOT EXISTS (
    SELECT FROM quality_found q WHERE q.client_id = c.client_id AND q.thing = c.metric AND (q.missing OR q.stale))
"""
FILLED: Final = """
DELETE FROM tiering_datagap g WHERE g.client_id {of} AND NOT EXISTS (
    SELECT FROM quality_lacking q WHERE q.client_id = g.client_id AND q.thing = g.thing)
"""
GAPS: Final = """
INSERT INTO tiering_datagap (client_id, thing, state, distance, exposure)
SELECT q.client_id, q.thing, q.state, d.distance, f.exposure
FROM quality_lacking q
LEFT JOIN (SELECT client_id, min(distance) AS distance FROM ({distances}) near GROUP BY client_id) d
    ON d.client_id = q.client_id
LEFT JOIN tiering_facts f ON f.client_id = q.client_id AND f.valid_to IS NULL
ON CONFLICT (client_id, thing) DO UPDATE
SET state = EXCLUDED.state, distance = EXCLUDED.distance, exposure = EXCLUDED.exposure
WHERE (tiering_datagap.state, tiering_datagap.distance, tiering_datagap.exposure)
    IS DISTINCT FROM (EXCLUDED.state, EXCLUDED.distance, EXCLUDED.exposure)
"""
GONE: Final = """
DELETE FROM tiering_dataquality q USING crm_client c
WHERE c.id = q.client_id AND c.merged_into_id IS NOT NULL AND q.client_id {of}
"""
DONE: Final = f"""
UPDATE crm_task t SET status = 'done', finished_at = now()
WHERE t.kind = '{TASK}' AND t.status = 'open' AND t.client_id {{of}} AND NOT EXISTS (
    SELECT FROM tiering_datagap g WHERE g.client_id = t.client_id AND g.thing = t.params ->> 'thing')
"""  # noqa: S608 - a word of ours


@transaction.atomic
def renew_quality(*, at: datetime, day: date, clients: Collection[int]) -> None:
    """Look anew at some clients: their scores, their gaps, and the tasks of gaps that are filled."""
    if clients:
        _renew(asked(at, day), at, SOME, {"quality_clients": list(clients)})


def renew_every_quality(*, at: datetime, day: date) -> int:
    """Look anew at everybody, range by range of ids; how many ranges that were."""
    ends = Client.objects.aggregate(first=Min("pk"), last=Max("pk"))
    wanted, ranges = asked(at, day), 0
    for first in range(ends["first"] or 0, (ends["last"] or -1) + 1, AT_A_TIME):
        with transaction.atomic():
            _renew(wanted, at, RANGE, {"quality_first": first, "quality_last": first + AT_A_TIME - 1})
        ranges += 1
    return ranges


def _renew(wanted: Asked, at: datetime, of: str, params: dict[str, Any]) -> None:
    things = " UNION ALL ".join(wanted.things)
    renew_told(at=at, of=of, params=params)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.quality_found, pg_temp.quality_lacking")
        for statement in (
            FOUND.format(things=things.format(of=of)),
            SCORES,
            LACKING.format(of=of),
            FILLED.format(of=of),
            GAPS.format(distances=wanted.distances.format(of=of)),
            GONE.format(of=of),
            DONE.format(of=of),
        ):
            cursor.execute(statement, {**wanted.params, **params})


CHANGED: Final = """
SELECT array(SELECT DISTINCT id FROM (
    SELECT client_id AS id FROM tiering_facts WHERE id > %(facts)s AND id <= w.facts
    UNION ALL SELECT pgh_obj_id FROM crm_clientevent WHERE pgh_id > %(clients)s AND pgh_id <= w.clients
    UNION ALL SELECT client_id FROM crm_contactpersonevent WHERE pgh_id > %(people)s AND pgh_id <= w.people
    UNION ALL SELECT client_id FROM crm_addressevent WHERE pgh_id > %(addresses)s AND pgh_id <= w.addresses
    UNION ALL SELECT client_id FROM crm_observationevent WHERE pgh_id > %(observations)s AND pgh_id <= w.observations
    UNION ALL SELECT client_id FROM crm_financialstatementevent
        WHERE pgh_id > %(statements)s AND pgh_id <= w.statements
    UNION ALL SELECT client_id FROM crm_creditreportevent WHERE pgh_id > %(reports)s AND pgh_id <= w.reports
    UNION ALL SELECT o.client_id FROM crm_sourceorderevent e JOIN crm_observation o ON e.metric IN ('', o.metric)
        WHERE e.pgh_id > %(orders)s AND e.pgh_id <= w.orders
    UNION ALL SELECT k.client_id FROM crm_sourceorderevent e CROSS JOIN crm_creditreport k
        WHERE e.metric IN ('', 'credit_score', 'pd', 'rating') AND e.pgh_id > %(orders)s AND e.pgh_id <= w.orders
) changed WHERE id IS NOT NULL), w.*
FROM (SELECT (SELECT coalesce(max(id), 0) FROM tiering_facts) AS facts,
             (SELECT coalesce(max(pgh_id), 0) FROM crm_clientevent) AS clients,
             (SELECT coalesce(max(pgh_id), 0) FROM crm_contactpersonevent) AS people,
             (SELECT coalesce(max(pgh_id), 0) FROM crm_addressevent) AS addresses,
             (SELECT coalesce(max(pgh_id), 0) FROM crm_observationevent) AS observations,
             (SELECT coalesce(max(pgh_id), 0) FROM crm_financialstatementevent) AS statements,
             (SELECT coalesce(max(pgh_id), 0) FROM crm_creditreportevent) AS reports,
             (SELECT coalesce(max(pgh_id), 0) FROM crm_sourceorderevent) AS orders) w
"""


def renew_changed_quality(*, at: datetime, day: date) -> int:
    """Look anew at the clients whose facts or records changed since the last time; how many. The first time, at all."""
    last = QualityRound.objects.order_by("-id").first()
    since = {name: getattr(last, name) if last else 0 for name in WATERMARKS}
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, since)
        changed, *reached = cursor.fetchone()
    if last and not changed:
        return 0
    for first in range(0, len(changed), AT_A_TIME):
        renew_quality(at=at, day=day, clients=changed[first : first + AT_A_TIME])
    QualityRound.objects.create(looked_at=len(changed), **dict(zip(WATERMARKS, reached, strict=True)))
    return len(changed)


@transaction.atomic
def ask_for(*, by: User, gaps: Sequence[int], due_on: date, today: date) -> int:
    """Give the managers of clients a task for each gap; how many are new. A gap that has an open task gets no other.

    Gaps of clients that one may not change are left out. Raises NotPermitted and TooManyTasks.
    """
    if not by.has_perm("crm.write_tasks"):
        raise NotPermitted
    if len(gaps) > MOST_TASKS:
        raise TooManyTasks(most=MOST_TASKS)
    rows = DataGap.objects.editable_by(by).filter(pk__in=gaps).select_related("client")
    return add_tasks(
        kind=TASK,
        rows=[
            TaskRow(
                origin=f"{TASK}:{row.client_id}:{row.thing}:{row.since:%Y%m%d%H%M%S}",
                assignee=row.client.rm_id or by.pk,
                due_on=max(due_on, today),
                params={"thing": row.thing},
                client=row.client_id,
            )
            for row in rows
        ],
    )


def soon(today: date) -> date:
    """By when a missing thing is asked for unless somebody says otherwise."""
    return today + timedelta(days=14)

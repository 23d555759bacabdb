"""What the people of the demo did about alerts: resolved with an outcome, worked on, put to sleep, made a task of."""

from datetime import date, timedelta

from django.db import connection

from config.demo.clock import moment
from crm.services.tasks import TaskRow, add_tasks
from tiering.models import Alert
from tiering.services.alerts import TASK
from tiering.warnings.library import library

DONE = (
    "Paid in full; bank statement on file.",
    "客户已补交报表，指标恢复正常。",
    "Explained by a one-off; the auditor's letter is attached to the file.",
    "已与客户及担保人面谈，落实补充担保。",
)


def work_off(anchor: date) -> None:
    """What became of the alerts of earlier days: most are dealt with, others are being worked on or sleep, some as
    tasks, and a few nobody has looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            WORKED_OFF,
            {
                "last": moment(anchor - timedelta(days=1), 16),
                "texts": list(DONE),
                "until": anchor + timedelta(days=21),
                "because": "下月报送新报表。 New statements are due.",
            },
        )
    give_tasks(anchor)


def give_tasks(anchor: date) -> None:
    """Every third alert that somebody works on is a task of its owner."""
    worked_on = Alert.objects.filter(status=Alert.Status.ACKNOWLEDGED, client__isnull=False).order_by("pk")
    chosen = list(worked_on.values_list("pk", "owner", "client", "indicator")[::3])
    labels = {one["key"]: one["label"] for one in library()["indicators"]}
    add_tasks(
        kind=TASK,
        rows=[
            TaskRow(
                origin=f"{TASK}:{pk}",
                assignee=owner,
                due_on=anchor + timedelta(days=place % 17 - 2),
                params={"alert": pk, "label": labels[indicator]},
                client=client,
            )
            for place, (pk, owner, client, indicator) in enumerate(chosen)
        ],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tiering_alert a SET task_id = t.id FROM crm_task t WHERE t.origin = 'alert:' || a.id"
        )


def begin_the_day(anchor: date) -> None:
    """By nine most of what the night raised has been seen, and its notices are read."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN_TODAY, {"at": moment(anchor, 8), "opened": moment(anchor, 1)})


# By place among the owned alerts: of twenty, eighteen are resolved, one sleeps and one is worked on; of critical ones
# twelve are resolved and eight worked on. At one in so many nobody looks, and it is escalated. Places go by sevens, so
# that the alerts of a small book do not all end alike.
WORKED_OFF = """
WITH placed AS (
    SELECT id, severity, opened_at, row_number() OVER (PARTITION BY severity = 'critical' ORDER BY id) * 7 AS place
    FROM tiering_alert WHERE owner_id IS NOT NULL AND status = 'open'
), fate AS (
    SELECT id, opened_at, place, CASE
        WHEN place %% 400 = 49 OR severity = 'critical' AND place %% 30 = 19 THEN 'open'
        WHEN place %% 20 < CASE severity WHEN 'critical' THEN 12 ELSE 18 END THEN 'resolved'
        WHEN place %% 20 = 18 AND severity <> 'critical' THEN 'snoozed'
        ELSE 'acknowledged' END AS status
    FROM placed
)
UPDATE tiering_alert a SET status = f.status, acknowledged_by_id = a.owner_id,
    acknowledged_at = f.opened_at + make_interval(days => 1 + (f.place %% 3)::int, hours => 9),
    resolved_by_id = CASE f.status WHEN 'resolved' THEN a.owner_id END,
    resolved_at = CASE f.status WHEN 'resolved' THEN
        least(f.opened_at + make_interval(days => 4 + (f.place %% 19)::int, hours => 14), %(last)s::timestamptz) END,
    resolution = CASE f.status WHEN 'resolved' THEN
        (%(texts)s::text[])[1 + f.place %% cardinality(%(texts)s::text[])] ELSE '' END,
    snoozed_until = CASE f.status WHEN 'snoozed' THEN %(until)s::date END,
    snooze_reason = CASE f.status WHEN 'snoozed' THEN %(because)s ELSE '' END
FROM fate f WHERE a.id = f.id AND f.status <> 'open'
"""
SEEN_TODAY = """
WITH seen AS (
    UPDATE tiering_alert a SET status = 'acknowledged', acknowledged_by_id = owner_id,
        acknowledged_at = %(at)s::timestamptz + make_interval(mins => (id %% 55)::int)
    WHERE status = 'open' AND owner_id IS NOT NULL AND opened_at = %(opened)s AND id %% 10 <> 0
    RETURNING id, owner_id, acknowledged_at
)
UPDATE crm_notice n SET read_at = s.acknowledged_at FROM seen s
WHERE n.event = 'alert:' || s.id AND n.recipient_id = s.owner_id
"""

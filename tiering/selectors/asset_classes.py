"""The five classes of assets: the best class that the records allow, and what stands in which class.

After the Measures on Risk Classification of Financial Assets of 2023: what is more than 90 days overdue is substandard
at least, whatever secures it; and where more than a tenth of what a debtor owes is not performing, all of it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from crm.models import User
from tiering.models import AssetClass

NON_PERFORMING_DAYS: Final = 90
TENTH: Final = 0.1
GRADES: Final = tuple(AssetClass.Grade.values)
"""From the best to the worst."""


@dataclass(frozen=True)
class Floor:
    """The best class that a client's records allow as a whole, and by facility id; `share` is the part of what it owes
    that is not performing."""

    whole: str
    facilities: dict[int, str]
    share: float


@dataclass(frozen=True)
class ClassLine:
    """What stands in a class: clients by their own class, None where nobody gave them one, and what is owed."""

    grade: str
    label: str
    clients: int
    exposure: float


def floor_of(client: int, day: date) -> Floor:
    """The best classes that the records of a client allow on a day."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {OWED} SELECT facility_id, balance, is_late, share FROM judged",  # noqa: S608
            {**_params(day), "clients": [client]},
        )
        rows = cursor.fetchall()
    share = rows[0][3] if rows else 0.0
    is_whole = share > TENTH
    facilities = {
        facility: "substandard" if is_late or is_whole else "normal" for facility, _, is_late, _ in rows
    }
    return Floor("substandard" if is_whole else "normal", facilities, share)


def classes_of_the_book(user: User, day: date) -> list[ClassLine]:
    """Clients and exposure in each class, as far as the user may see them; the best class first, those without last.

    A facility stands in the worst of its own class, that of the client, and what the records allow.
    """
    visible: dict[str, Any] = {"every": user.sees_every_client, "team": user.team_id or 0}
    with connection.cursor() as cursor:
        cursor.execute(BOOK, {**_params(day), **visible, "clients": None})
        found = {grade: (clients, exposure) for grade, clients, exposure in cursor.fetchall()}
    labels = dict(AssetClass.Grade.choices)
    return [
        ClassLine(
            grade, str(labels.get(AssetClass.Grade(grade), "") if grade else ""), *found.get(grade, (0, 0.0))
        )
        for grade in (*GRADES, "")
    ]


def in_force(clients: Sequence[int]) -> dict[int, AssetClass]:
    """The class of each client as a whole that somebody gave."""
    rows = AssetClass.objects.filter(client__in=clients, facility=None, valid_to=None).select_related(
        "classed_by"
    )
    return {row.client_id: row for row in rows}


def _params(day: date) -> dict[str, Any]:
    return {"day": day, "late": NON_PERFORMING_DAYS, "tenth": TENTH}


OWED: Final = """
owed AS (
    SELECT f.client_id, f.id AS facility_id, greatest(f.drawn - p.repaid, 0)::float8 AS balance,
           coalesce(p.overdue, 0) > %(late)s AS is_late
    FROM crm_facility f CROSS JOIN LATERAL (
        SELECT coalesce(sum(principal) FILTER (WHERE paid_on <= %(day)s), 0) AS repaid,
               max(%(day)s::date - due_on) FILTER (WHERE due_on < %(day)s AND (paid_on IS NULL OR paid_on > %(day)s)) AS overdue
        FROM crm_payment WHERE facility_id = f.id
    ) p
    WHERE f.opened_on <= %(day)s AND (f.closed_on IS NULL OR f.closed_on > %(day)s)
    AND (%(clients)s::bigint[] IS NULL OR f.client_id = ANY(%(clients)s::bigint[]))
), judged AS (
    SELECT *, coalesce(sum(balance) FILTER (WHERE is_late) OVER (PARTITION BY client_id)
        / nullif(sum(balance) OVER (PARTITION BY client_id), 0), 0) AS share FROM owed
)"""  # noqa: E501

BOOK: Final = f"""
WITH {OWED}, classes AS (
    SELECT client_id, facility_id, array_position(ARRAY['normal', 'special_mention', 'substandard', 'doubtful', 'loss'],
        grade::text) AS place FROM tiering_assetclass WHERE valid_to IS NULL
), seen AS (
    SELECT id FROM crm_client WHERE %(every)s OR team_id = %(team)s
), owing AS (
    SELECT j.client_id, j.balance, greatest(w.place, o.place,
        CASE WHEN j.is_late OR j.share > %(tenth)s THEN 3 WHEN w.place IS NULL AND o.place IS NULL THEN NULL ELSE 1 END) AS place
    FROM judged j JOIN seen ON seen.id = j.client_id
    LEFT JOIN classes w ON w.client_id = j.client_id AND w.facility_id IS NULL
    LEFT JOIN classes o ON o.facility_id = j.facility_id
), named AS (
    SELECT coalesce((ARRAY['normal', 'special_mention', 'substandard', 'doubtful', 'loss'])[place], '') AS grade, client_id, balance
    FROM owing
), worst AS (SELECT client_id, coalesce(max(place), 0) AS place FROM owing GROUP BY client_id)
SELECT grade, (SELECT count(*) FROM worst
    WHERE coalesce((ARRAY['normal', 'special_mention', 'substandard', 'doubtful', 'loss'])[nullif(place, 0)], '') = grade),
    sum(balance) FROM named GROUP BY grade
"""  # noqa: S608, E501

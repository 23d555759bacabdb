"""Who may leave the watch list: whether the exit conditions of entries hold, since when, and telling whoever owns them.

All entries that are looked at are one statement, part of the transaction that renewed the facts of their clients. That a
condition holds decides nothing: leaving is asked for and decided by people.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection

from crm.services.notices import NoticeRow, notify_many
from tiering.core.catalogue import METRICS
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.texts import N_
from tiering.core.warnings import Trigger, check_trigger, read_trigger
from tiering.querysets import WatchlistQuerySet
from tiering.selectors.catalogue import catalogue, open_catalogue
from tiering.warnings.asked import as_warnings
from tiering.warnings.statement import core_catalogue, finding, of_clients

MAY_LEAVE: Final = "watchlist-may-leave"
"""The kind of notice that the owner of an entry gets when its exit condition begins to hold."""


def exit_refusals(data: object) -> Sequence[Refusal]:
    """Every reason for refusing an exit condition; empty when it may be used.

    It is of the client itself: what is known of partners is not for everybody who may read the entry.
    """
    try:
        trigger = read_trigger(data)
    except CriteriaError as error:
        return error.refusals
    if trigger.asks_partners:
        return (
            Refusal(
                "exit_asks_partners", "$",
                N_("An exit condition is of the client itself, not of its partners."),
                N_("Leave out what is asked of partners."),
            ),
        )  # fmt: skip
    return check_trigger(trigger, open_catalogue())


def look_at_exits(*, entries: WatchlistQuerySet, as_of: datetime) -> int:
    """See whether the exit conditions of these entries hold by the facts in force, in the transaction of the caller, and
    tell of those that begin to; how many do."""
    asked = list(entries.conditional().order_by("pk").values_list("pk", "client", "exit_when"))
    if not asked:
        return 0
    triggers = _distinct(when for _, _, when in asked)
    warnings = as_warnings((key, trigger) for key, trigger in triggers.values())
    names = METRICS if core_catalogue(warnings) else catalogue()
    statement, params = finding(warnings, of_clients([client for _, client, _ in asked]), as_of, names)
    rows = [
        {"entry": pk, "client": client, "key": triggers[json.dumps(when, sort_keys=True)][0]}
        for pk, client, when in asked
    ]
    with connection.cursor() as cursor:
        cursor.execute(LOOK.format(found=statement), {**params, "asked": json.dumps(rows)})
        begun = cursor.fetchall()
    notices = [
        NoticeRow(
            event=f"{MAY_LEAVE}:{entry}:{as_of:%Y-%m-%d}",
            recipient=owner,
            params={"entry": entry, "client": name, "values": json.loads(values)},
            client=client,
        )
        for entry, client, values, owner, name in begun
        if owner is not None
    ]
    notify_many(kind=MAY_LEAVE, rows=notices)
    return len(begun)


def _distinct(conditions: Iterable[Any]) -> dict[str, tuple[str, Trigger]]:
    """Each condition once, by its JSON: its key in the statement, and what it asks."""
    texts = sorted({json.dumps(when, sort_keys=True) for when in conditions})
    return {text: (str(at), read_trigger(json.loads(text))) for at, text in enumerate(texts)}


# Who is told: the owner of the entry, else the client's RM, the lead of its team, a risk officer.
LOOK: Final = """
WITH found AS MATERIALIZED ({found}),
asked AS MATERIALIZED (
    SELECT a.entry, a.client, f.values
    FROM jsonb_to_recordset(%(asked)s::jsonb) AS a (entry bigint, client bigint, key text)
    LEFT JOIN found f ON f.client_id = a.client AND f.indicator = a.key
),
ended AS (
    UPDATE tiering_mayleave m SET until = greatest(m.since, %(as_of)s::timestamptz) FROM asked a
    WHERE m.entry_id = a.entry AND m.until IS NULL AND a.values IS NULL
),
begun AS (
    INSERT INTO tiering_mayleave (entry_id, since, "values")
    SELECT a.entry, %(as_of)s::timestamptz, a.values FROM asked a
    WHERE a.values IS NOT NULL
    AND NOT EXISTS (SELECT FROM tiering_mayleave m WHERE m.entry_id = a.entry AND m.until IS NULL)
    ON CONFLICT DO NOTHING
    RETURNING entry_id, "values"
)
SELECT e.id, e.client_id, b.values, coalesce(
           (SELECT id FROM crm_user WHERE id = e.owner_id AND is_active),
           (SELECT id FROM crm_user WHERE id = c.rm_id AND is_active),
           (SELECT min(id) FROM crm_user WHERE team_id = c.team_id AND role = 'team_lead' AND is_active),
           (SELECT min(id) FROM crm_user WHERE role = 'risk_officer' AND is_active)),
       coalesce(nullif(c.name_zh, ''), c.name_en)
FROM begun b JOIN tiering_watchlistentry e ON e.id = b.entry_id JOIN crm_client c ON c.id = e.client_id
ORDER BY e.id
"""

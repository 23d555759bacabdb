"""Alerts raised by what indicators hold, and what becomes of those whose condition no longer holds.

All of it is one statement for however many clients, part of the transaction that renewed their facts: whoever sees the
facts sees the alerts. Nobody is locked; of two who raise the same alert one finds it there.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from crm.models import Role, User
from crm.services.following import tell_followers
from crm.services.notices import NoticeRow, notify_many
from tiering.core.catalogue import METRICS
from tiering.core.metric import Catalogue
from tiering.core.warnings import Indicator, Warnings, read
from tiering.models import Alert, Policy, PolicyVersion, WatchlistEntry
from tiering.selectors.catalogue import catalogue
from tiering.selectors.policies import versions_in_effect
from tiering.services.leaving import look_at_exits
from tiering.services.prepared import execute
from tiering.warnings.drift import drifted
from tiering.warnings.statement import Scope, compiled, core_catalogue, of_clients, params_of

RAISED: Final = "alert-raised"
CRITICAL: Final = "alert-critical"
"""Kinds of notices: the second cannot be switched off."""
FOLLOWED: Final = "followed-alert"
"""The kind of notice that followers of a client get of its alerts."""


@dataclass(frozen=True)
class Raised:
    """An alert that is new, and who is told of it."""

    alert: int
    client: int | None
    indicator: str
    severity: str
    told: frozenset[int]
    name: str


def _raised(
    alert: int, client: int | None, indicator: str, severity: str, told: list[int], name: str
) -> Raised:
    return Raised(alert, client, indicator, severity, frozenset(told), name)


def warn(*, clients: Sequence[int], as_of: datetime) -> int:
    """Raise what the facts in force of these clients ask for, and of who shares a project with them, and see who of them
    may leave the watch list; how many alerts are new. Part of the transaction that renewed the facts."""
    look_at_exits(entries=WatchlistEntry.objects.of_clients(clients), as_of=as_of)
    policy = versions_in_effect(Policy.Kind.WARNINGS, as_of).defer("document").first()
    return raise_alerts(policy=policy, scope=of_clients(clients), as_of=as_of) if policy else 0


def raise_alerts(*, policy: PolicyVersion, scope: Scope, as_of: datetime) -> int:
    """Raise the alerts of a scope in the transaction of the caller, and tell their owners; how many are new.

    Open alerts whose condition no longer holds say since when, and end where their indicator says so.
    """
    warnings = warnings_of(policy)
    if not warnings.of_clients:
        return 0
    statement, params = _statement(policy, warnings, scope), params_of(scope, as_of)
    shared = [one.key for one in warnings.of_clients if one.trigger and one.trigger.asks_partners]
    with connection.cursor() as cursor:
        execute(
            cursor,
            RAISE.format(found=statement, own=scope.clients.format("a"), near=scope.partners.format("a")),
            {
                **params,
                "policy": policy.pk,
                "terms": terms_of(warnings.of_clients),
                "keys": [one.key for one in warnings.of_clients if one.key not in shared],
                "shared": shared,
                "officers": officers(),
            },
        )
        raised = [_raised(*row) for row in cursor.fetchall()]
    tell(raised, warnings)
    return len(raised)


def raise_drifts(*, policy: PolicyVersion, as_of: datetime) -> int:
    """Raise the alerts of segments in the transaction of the caller; how many are new."""
    warnings = warnings_of(policy)
    names, people = catalogue_of(warnings), officers()
    rows = [
        {
            "indicator": one.key,
            "segment": segment.name,
            "values": _averages(segment.now, segment.then, segment.clients),
        }
        for one in warnings.of_segments
        if one.drift
        for segment in drifted(one.drift, as_of, names)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            RAISE_DRIFTS,
            {
                "found": json.dumps(rows),
                "terms": terms_of(warnings.of_segments),
                "keys": [one.key for one in warnings.of_segments],
                "policy": policy.pk,
                "as_of": as_of,
                "owner": people[0] if people else None,
            },
        )
        raised = [_raised(*row) for row in cursor.fetchall()]
    tell(raised, warnings)
    return len(raised)


def _averages(now: float, then: float, clients: int) -> dict[str, float]:
    return {"now": now, "then": then, "clients": clients}


def tell(raised: Iterable[Raised], warnings: Warnings) -> int:
    """Tell of new alerts whoever owns them, of critical ones the team's lead and a risk officer too, and followers."""
    labels = {one.key: one.label for one in warnings.indicators}
    rows: dict[str, list[NoticeRow]] = {RAISED: [], CRITICAL: []}
    followed: list[NoticeRow] = []
    told_anyway: dict[int, set[int]] = {}
    for one in raised:
        kind = CRITICAL if one.severity == Alert.Severity.CRITICAL else RAISED
        params = {
            "alert": one.alert,
            "client": one.name,
            "severity": one.severity,
            "label": dict(labels[one.indicator]),
        }
        event = f"alert:{one.alert}"
        rows[kind] += [
            NoticeRow(event=event, recipient=person, params=params, client=one.client)
            for person in sorted(one.told)
        ]
        followed.append(NoticeRow(event=event, recipient=0, params=params, client=one.client))
        if one.client is not None:
            told_anyway.setdefault(one.client, set()).update(one.told)
    followers = tell_followers(kind=FOLLOWED, rows=followed, but=told_anyway)
    return followers + sum(notify_many(kind=kind, rows=told) for kind, told in rows.items() if told)


def terms_of(indicators: Iterable[Indicator]) -> str:
    """What is done about each indicator, for the statements."""
    return json.dumps(
        [
            {
                "key": one.key,
                "severity": one.severity,
                "owner": one.owner,
                "cooldown": one.cooldown_days,
                "escalate": one.escalate_after_days,
                "ends": one.resolves_itself,
            }
            for one in indicators
        ]
    )


def officers() -> list[int]:
    """The risk officers at work, by id: each client falls to one of them."""
    return list(
        User.objects.filter(role=Role.RISK_OFFICER, is_active=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def warnings_of(policy: PolicyVersion) -> Warnings:
    """The values of a policy's document, read once for each content."""
    if policy.content_hash not in _READ:
        if len(_READ) >= MOST_KEPT:
            _READ.clear()
        _READ[policy.content_hash] = read(policy.document)
    return _READ[policy.content_hash]


def _statement(policy: PolicyVersion, warnings: Warnings, scope: Scope) -> str:
    """What the indicators are compiled to, once for each content and kind of scope, unless they name metrics that the
    institution may change."""
    names = catalogue_of(warnings)
    if names is not METRICS:
        return compiled(warnings, scope, names)
    key = (policy.content_hash, scope.clients, scope.held)
    if key not in _COMPILED:
        if len(_COMPILED) >= MOST_KEPT:
            _COMPILED.clear()
        _COMPILED[key] = compiled(warnings, scope, names)
    return _COMPILED[key]


MOST_KEPT: Final = 16
_READ: dict[str, Warnings] = {}
_COMPILED: dict[tuple[str, str, str], str] = {}


def catalogue_of(warnings: Warnings) -> Catalogue:
    """The metrics that the indicators may name, with no query where all are Strata's."""
    return METRICS if core_catalogue(warnings) else catalogue()


_TERMS: Final = """terms AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(terms)s::jsonb)
        AS t (key text, severity text, owner text, cooldown int, escalate int, ends boolean)
)"""

# The client's RM, else the lead of its team, else a risk officer; critical alerts are told to all three.
RAISE: Final = f"""
WITH found AS MATERIALIZED ({{found}}), {_TERMS},
standing AS MATERIALIZED (
    SELECT a.id, a.client_id, a.indicator, a.no_longer_since FROM tiering_alert a
    WHERE a.status <> 'resolved' AND (({{own}} AND a.indicator = ANY(%(keys)s::text[]))
        OR ({{near}} AND a.indicator = ANY(%(shared)s::text[])))
),
fresh AS MATERIALIZED (
    SELECT x.*, t.severity, t.owner, t.escalate, coalesce(nullif(c.name_zh, ''), c.name_en) AS name, p.lead, p.officer,
           CASE t.owner WHEN 'rm' THEN coalesce(p.rm, p.lead, p.officer) WHEN 'lead' THEN coalesce(p.lead, p.officer)
                ELSE p.officer END AS owner_id
    FROM found x JOIN terms t ON t.key = x.indicator
    JOIN crm_client c ON c.id = x.client_id
    CROSS JOIN LATERAL (
        SELECT (SELECT id FROM crm_user WHERE id = c.rm_id AND is_active) AS rm,
               (SELECT min(id) FROM crm_user WHERE team_id = c.team_id AND role = 'team_lead' AND is_active) AS lead,
               (%(officers)s::bigint[])[1 + c.id %% greatest(cardinality(%(officers)s::bigint[]), 1)] AS officer
    ) p
    WHERE NOT EXISTS (SELECT FROM standing s WHERE s.client_id = x.client_id AND s.indicator = x.indicator)
    AND NOT EXISTS (
        SELECT FROM tiering_alert b WHERE b.client_id = x.client_id AND b.indicator = x.indicator
        AND b.resolved_at > %(as_of)s::timestamptz - make_interval(days => t.cooldown))
),
raised AS (
    INSERT INTO tiering_alert
        (client_id, segment, indicator, policy_id, facts_id, facts_then_id, "values", severity, status, owner_role,
         owner_id, opened_at, due_at, proposal_id)
    SELECT n.client_id, '', n.indicator, %(policy)s::bigint, n.facts_id, n.then_id, n.values, n.severity, 'open',
           n.owner, n.owner_id, %(as_of)s, %(as_of)s::timestamptz + make_interval(days => n.escalate), (
               SELECT max(q.id) FROM tiering_proposal q
               WHERE q.client_id = n.client_id AND q.status = 'pending' AND q.project_id IS NULL)
    FROM fresh n
    ON CONFLICT DO NOTHING
    RETURNING id, client_id, indicator, severity
),
ceased AS (
    UPDATE tiering_alert a
    SET no_longer_since = %(as_of)s, status = CASE WHEN t.ends THEN 'resolved' ELSE a.status END,
        resolved_at = CASE WHEN t.ends THEN %(as_of)s::timestamptz END
    FROM standing s JOIN terms t ON t.key = s.indicator
    WHERE a.id = s.id AND s.no_longer_since IS NULL AND a.status <> 'resolved'
    AND NOT EXISTS (SELECT FROM found x WHERE x.client_id = s.client_id AND x.indicator = s.indicator)
),
resumed AS (
    UPDATE tiering_alert a SET no_longer_since = NULL FROM standing s
    WHERE a.id = s.id AND s.no_longer_since IS NOT NULL AND a.status <> 'resolved'
    AND EXISTS (SELECT FROM found x WHERE x.client_id = s.client_id AND x.indicator = s.indicator)
)
SELECT r.id, r.client_id, r.indicator, r.severity, array_remove(CASE WHEN r.severity = 'critical'
           THEN ARRAY[n.owner_id, n.lead, n.officer] ELSE ARRAY[n.owner_id] END, NULL), n.name
FROM raised r JOIN fresh n ON n.client_id = r.client_id AND n.indicator = r.indicator
"""  # noqa: S608 - statements of ours; values are parameters

RAISE_DRIFTS: Final = f"""
WITH found AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(found)s::jsonb) AS x (indicator text, segment text, "values" jsonb)
), {_TERMS},
standing AS MATERIALIZED (
    SELECT * FROM tiering_alert WHERE client_id IS NULL AND status <> 'resolved' AND indicator = ANY(%(keys)s::text[])
),
raised AS (
    INSERT INTO tiering_alert
        (segment, indicator, policy_id, "values", severity, status, owner_role, owner_id, opened_at, due_at)
    SELECT x.segment, x.indicator, %(policy)s, x.values, t.severity, 'open', t.owner, %(owner)s::bigint, %(as_of)s,
           %(as_of)s::timestamptz + make_interval(days => t.escalate)
    FROM found x JOIN terms t ON t.key = x.indicator
    WHERE NOT EXISTS (SELECT FROM standing s WHERE s.segment = x.segment AND s.indicator = x.indicator)
    AND NOT EXISTS (
        SELECT FROM tiering_alert b WHERE b.client_id IS NULL AND b.segment = x.segment AND b.indicator = x.indicator
        AND b.resolved_at > %(as_of)s::timestamptz - make_interval(days => t.cooldown))
    ON CONFLICT DO NOTHING
    RETURNING id, indicator, severity, owner_id, segment
),
ceased AS (
    UPDATE tiering_alert a
    SET no_longer_since = %(as_of)s, status = CASE WHEN t.ends THEN 'resolved' ELSE a.status END,
        resolved_at = CASE WHEN t.ends THEN %(as_of)s::timestamptz END
    FROM standing s JOIN terms t ON t.key = s.indicator
    WHERE a.id = s.id AND s.no_longer_since IS NULL
    AND NOT EXISTS (SELECT FROM found x WHERE x.segment = s.segment AND x.indicator = s.indicator)
),
resumed AS (
    UPDATE tiering_alert a SET no_longer_since = NULL FROM standing s
    WHERE a.id = s.id AND s.no_longer_since IS NOT NULL
    AND EXISTS (SELECT FROM found x WHERE x.segment = s.segment AND x.indicator = s.indicator)
)
SELECT id, NULL::bigint, indicator, severity, array_remove(ARRAY[owner_id], NULL), segment FROM raised
"""  # noqa: S608

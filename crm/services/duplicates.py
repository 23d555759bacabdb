"""Finding clients that may be one, and keeping what people decide about them.

A round makes the keys of changed clients anew, pairs them with whoever shares a key in one statement, and compares the
pairs. What somebody decided stays, unless both look otherwise than then.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, TypeVar

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.likeness import likeness
from crm.errors import DomainError, Invalid, NotPermitted
from crm.models import Client, DuplicatePair, DuplicateRound, User
from crm.selectors.alike import MOST_IN_COMMON, OF_BOOK, keys_of
from crm.selectors.duplicates import Lookalike, parties

KEPT_FROM: Final = 80
"""The score from which a pair is kept for people to look at."""
AT_A_TIME: Final = 5_000
SOME: Final = OF_BOOK.format(which="c.id = ANY(%(ids)s)")
RENEW_KEYS: Final = f"""
DELETE FROM crm_duplicatekey WHERE client_id = ANY(%(ids)s);
INSERT INTO crm_duplicatekey (client_id, kind, key) {keys_of(SOME)}
"""  # noqa: S608 - statements of ours; values are parameters
T = TypeVar("T")


class DecidedAlready(DomainError):
    code = "decided_already"
    message = gettext_lazy("Somebody decided about these two already. Reload the page to see what.")


@dataclass(frozen=True)
class Changed:
    """Clients whose keys may be other ones now, up to which events of the history."""

    clients: Sequence[int]
    client_event: int
    person_event: int


def refresh_keys(clients: Collection[int]) -> None:
    """Make the keys of some clients anew, in the transaction of the caller."""
    with connection.cursor() as cursor:
        cursor.execute(RENEW_KEYS, {"ids": list(clients)})


def look_once(*, now: datetime) -> DuplicateRound | None:
    """A look as below, unless one is under way already: two at once would make the same keys twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('crm_duplicateround'))")
        if not cursor.fetchone()[0]:
            return None
        try:
            return look_for_duplicates(now=now)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('crm_duplicateround'))")


def look_for_duplicates(*, now: datetime) -> DuplicateRound:
    """Look at the clients that changed since the last round; what it came to. Safe to repeat."""
    begun = time.monotonic()
    changed = _changed()
    compared = found = 0
    with transaction.atomic():
        _wake(now.date())
    for ids in batches(changed.clients, AT_A_TIME):
        with transaction.atomic():
            refresh_keys(ids)
    for ids in batches(changed.clients, AT_A_TIME):
        of_these, kept = compare(ids)
        compared, found = compared + of_these, found + kept
    return DuplicateRound.objects.create(
        client_event=changed.client_event,
        person_event=changed.person_event,
        looked_at=len(changed.clients),
        compared=compared,
        found=found,
        seconds=time.monotonic() - begun,
    )


@transaction.atomic
def look_at(clients: Sequence[int]) -> None:
    """Look at some clients alone: make their keys anew, and compare them with whoever shares one."""
    refresh_keys(clients)
    compare(clients)


@transaction.atomic
def compare(clients: Sequence[int]) -> tuple[int, int]:
    """Pair clients with whoever shares a key; how many pairs were compared, and how many look like one."""
    pairs = _pairs(clients)
    return len(pairs), _keep(pairs, clients)


def batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows, so many at a time."""
    walk = iter(rows)
    while part := list(islice(walk, size)):
        yield part


# A first round, and one after the history was cut, looks at everybody.
CHANGED = """
SELECT (SELECT coalesce(max(pgh_id), 0) FROM crm_clientevent),
       (SELECT coalesce(max(pgh_id), 0) FROM crm_contactpersonevent),
       ARRAY(SELECT DISTINCT id FROM (
           SELECT pgh_obj_id AS id FROM crm_clientevent WHERE pgh_id > %(client_event)s
           UNION ALL SELECT client_id FROM crm_contactpersonevent WHERE pgh_id > %(person_event)s
           UNION ALL SELECT id FROM crm_client WHERE %(everybody)s
       ) changed WHERE id IS NOT NULL ORDER BY id)
"""


def _changed() -> Changed:
    last = DuplicateRound.objects.order_by("-id").first()
    params = {
        "client_event": last.client_event if last else 0,
        "person_event": last.person_event if last else 0,
        "everybody": last is None,
    }
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, params)
        client_event, person_event, clients = cursor.fetchone()
    return Changed(clients, client_event, person_event)


def _wake(day: date) -> None:
    """What was to wait until a day is open again."""
    DuplicatePair.objects.filter(status="later", until__lte=day).update(
        status="open", until=None, reason="", decided_by=None, decided_at=None
    )


# Of keys that too many share nothing is paired. People are not paired by their names.
PAIRS = f"""
WITH mine AS MATERIALIZED (
    SELECT k.client_id, k.kind, k.key, c.kind = 'individual' AS person
    FROM crm_duplicatekey k JOIN crm_client c ON c.id = k.client_id
    WHERE k.client_id = ANY(%(ids)s) AND (c.kind <> 'individual' OR k.kind IN ('number', 'ident', 'phone'))
)
SELECT DISTINCT least(m.client_id, o.client_id), greatest(m.client_id, o.client_id)
FROM (SELECT DISTINCT kind, key FROM mine) shared
CROSS JOIN LATERAL (
    SELECT array_agg(client_id) AS ids FROM (
        SELECT client_id FROM crm_duplicatekey WHERE key = shared.key AND kind = shared.kind
        LIMIT {MOST_IN_COMMON + 1}
    ) sharing
) block
JOIN mine m ON m.kind = shared.kind AND m.key = shared.key
CROSS JOIN LATERAL unnest(block.ids) AS o (client_id)
WHERE cardinality(block.ids) BETWEEN 2 AND {MOST_IN_COMMON} AND o.client_id <> m.client_id
"""  # noqa: S608 - a number of ours


def _pairs(clients: Sequence[int]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {"ids": list(clients)})
        return cursor.fetchall()


# Pairs of changed clients that nobody decided about go when nothing speaks for them any more.
KEEP = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS given (one bigint, other bigint, score int, evidence jsonb)
), gone AS (
    DELETE FROM crm_duplicatepair p WHERE p.status = 'open' AND (p.one_id = ANY(%(ids)s) OR p.other_id = ANY(%(ids)s))
    AND NOT EXISTS (SELECT FROM given g WHERE g.one = p.one_id AND g.other = p.other_id)
)
INSERT INTO crm_duplicatepair (one_id, other_id, score, evidence, status, reason)
SELECT one, other, score, evidence, 'open', '' FROM given ORDER BY one, other
ON CONFLICT (one_id, other_id) DO UPDATE SET score = EXCLUDED.score, evidence = EXCLUDED.evidence
WHERE (crm_duplicatepair.score, crm_duplicatepair.evidence) IS DISTINCT FROM (EXCLUDED.score, EXCLUDED.evidence)
"""


def _keep(pairs: Sequence[tuple[int, int]], clients: Sequence[int]) -> int:
    """Compare pairs and keep those that look like one; how many."""
    rows = list(_compared(pairs))
    with connection.cursor() as cursor:
        cursor.execute(KEEP, {"rows": json.dumps(rows), "ids": list(clients)})
    return len(rows)


def _compared(pairs: Sequence[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    ids = sorted({pk for pair in pairs for pk in pair})
    known = parties(SOME, {"ids": ids})
    for one, other in pairs:
        if one in known and other in known:
            found = likeness(known[one], known[other])
            if found.score >= KEPT_FROM:
                yield {
                    "one": one,
                    "other": other,
                    "score": found.score,
                    "evidence": dict(found.evidence),
                }


@transaction.atomic
def decide_not_same(*, by: User, pair: DuplicatePair, reason: str) -> DuplicatePair:
    """Note that two clients are not one; it is remembered. Raises NotPermitted, DecidedAlready and Invalid."""
    found = _to_decide(by, pair)
    if not reason.strip():
        raise Invalid({"reason": [_("Say how you know that they are not the same.")]})
    return _decided(found, by, DuplicatePair.Status.NOT_SAME, reason=reason.strip())


@transaction.atomic
def decide_later(*, by: User, pair: DuplicatePair, until: date, today: date) -> DuplicatePair:
    """Put a pair away until a day. Raises NotPermitted, DecidedAlready and Invalid."""
    found = _to_decide(by, pair)
    if until <= today:
        raise Invalid({"until": [_("Choose a day that is still to come.")]})
    return _decided(found, by, DuplicatePair.Status.LATER, until=until)


@transaction.atomic
def reopen_pair(*, by: User, pair: DuplicatePair) -> DuplicatePair:
    """Take back that two clients are not one, or that this waits. Raises NotPermitted and DecidedAlready."""
    found = _locked(by, pair)
    if found.status not in (DuplicatePair.Status.NOT_SAME, DuplicatePair.Status.LATER):
        raise DecidedAlready
    found.status, found.reason, found.until = DuplicatePair.Status.OPEN, "", None
    found.decided_by = found.decided_at = None
    found.save()
    return found


def remember_others(*, by: User, client: Client, others: Sequence[Lookalike], reason: str) -> None:
    """Keep that a client is none of those it looks like, in the transaction of the caller."""
    DuplicatePair.objects.bulk_create(
        DuplicatePair(
            one=other.client,
            other=client,
            score=other.likeness.score,
            evidence=dict(other.likeness.evidence),
            status=DuplicatePair.Status.NOT_SAME,
            reason=reason[:300],
            decided_by=by,
            decided_at=timezone.now(),
        )
        for other in others
    )


def may_decide(user: User, one: Client, other: Client) -> bool:
    """Whether somebody may say whether two clients are one: who may change both, and risk officers."""
    return user.has_perm("crm.merge_clients", one) and user.has_perm("crm.merge_clients", other)


def _locked(by: User, pair: DuplicatePair) -> DuplicatePair:
    rows = DuplicatePair.objects.select_for_update(of=("self",)).select_related("one", "other")
    found = rows.get(pk=pair.pk)
    if not may_decide(by, found.one, found.other):
        raise NotPermitted
    return found


def _to_decide(by: User, pair: DuplicatePair) -> DuplicatePair:
    found = _locked(by, pair)
    if found.status != DuplicatePair.Status.OPEN:
        raise DecidedAlready
    return found


def _decided(pair: DuplicatePair, by: User, status: str, **fields: Any) -> DuplicatePair:
    for name, value in fields.items():
        setattr(pair, name, value)
    pair.status, pair.decided_by, pair.decided_at = status, by, Now()
    pair.save()
    pair.refresh_from_db(fields=["decided_at"])
    return pair

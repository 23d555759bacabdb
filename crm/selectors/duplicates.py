"""Clients that look like one: like what somebody is about to enter, and within the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from crm import sealing
from crm.core.likeness import Agreement, Likeness, Party, likeness
from crm.models import Client, DuplicatePair, User
from crm.names import clean_name, sort_key
from crm.selectors.alike import MOST_IN_COMMON, OF_BOOK, OF_WORDS, keys_of

WARNED_FROM: Final = 75
"""The score from which whoever enters a client is asked about another one."""
MOST_WARNED: Final = 5


@dataclass(frozen=True)
class Lookalike:
    """A client that looks like what is being entered, and in what."""

    client: Client
    likeness: Likeness


LIKE_WORDS: Final = f"""
SELECT DISTINCT k.client_id FROM ({keys_of(OF_WORDS)}) typed
JOIN LATERAL (
    SELECT client_id FROM crm_duplicatekey WHERE key = typed.key AND kind = typed.kind LIMIT {MOST_IN_COMMON}
) k ON true
"""  # noqa: S608 - statements of ours


def lookalikes(user: User, fields: Mapping[str, Any], phones: Iterable[str] = ()) -> list[Lookalike]:
    """The clients that the user may see and that what is being entered looks like, the likest first.

    `fields` are those of a client to be. Clients out of the user's sight are not told of: the nightly list shows those
    pairs to whoever sees both.
    """
    params = _typed(fields, phones)
    with connection.cursor() as cursor:
        cursor.execute(LIKE_WORDS, params)
        ids = [pk for (pk,) in cursor.fetchall()]
    seen = Client.objects.visible_to(user).select_related("region", "industry", "rm").in_bulk(ids)
    if not seen:
        return []
    typed = next(iter(parties(OF_WORDS, params).values()))
    compared = parties(OF_BOOK.format(which="c.id = ANY(%(ids)s)"), {"ids": list(seen)})
    found = [Lookalike(seen[pk], likeness(typed, party)) for pk, party in compared.items()]
    likely = [one for one in found if one.likeness.score >= WARNED_FROM]
    return sorted(likely, key=lambda one: (-one.likeness.score, one.client.pk))[:MOST_WARNED]


def _typed(fields: Mapping[str, Any], phones: Iterable[str]) -> dict[str, Any]:
    name_zh, name_en = (clean_name(fields.get(name) or "") for name in ("name_zh", "name_en"))
    industry, region = fields.get("industry"), fields.get("region")
    return {
        "kind": fields.get("kind") or Client.Kind.CORPORATE,
        "name_zh": name_zh,
        "name_en": name_en,
        "sort_key": sort_key(name_zh, name_en),
        "number": fields.get("registration_number") or "",
        "industry": industry.pk if industry else None,
        "region": region.pk if region else None,
        "phones": [sealing.fingerprint(phone) for phone in phones if phone],
    }


def parties(statement: str, params: Mapping[str, Any]) -> dict[int, Party]:
    """What is compared of clients, rows or words, by their id."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return {row[0]: party_of(row[1:]) for row in cursor.fetchall()}


def party_of(row: Sequence[Any]) -> Party:
    kind, region, industry, phones, numbers, chinese, latin, spoken, number = row
    return Party(
        kind=kind,
        chinese=chinese,
        latin=latin,
        sound=spoken or latin.replace(" ", ""),
        number=number,
        phones=frozenset(phones or ()),
        identities=frozenset(numbers or ()),
        region=region,
        industry=industry,
    )


def pairs_for(user: User) -> Any:
    """Possible duplicates of which the user may see both."""
    rows = DuplicatePair.objects.visible_to(user)
    return rows.select_related(
        "one__region",
        "one__industry",
        "one__rm",
        "other__region",
        "other__industry",
        "other__rm",
        "decided_by",
    )


def open_pairs_of(user: User, client: Client) -> Any:
    """Those open ones that a client is part of."""
    return pairs_for(user).open().filter(Q(one=client) | Q(other=client)).order_by("-score", "pk")


@dataclass(frozen=True)
class Compared:
    """A thing that both sides may have, as each has it. `how` is empty where one of them does not have it."""

    label: Any
    ours: str
    theirs: str
    how: Agreement | str

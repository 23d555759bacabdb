"""Telling people of overrides: who has to decide, what was decided, what ends soon and what is over."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from crm.services.notices import NoticeRow, notify, notify_many
from tiering.models import Override
from tiering.override_notices import ASKED, COMMITTEE, DECIDED, ENDING, OVER
from tiering.selectors.override_authority import able_officers
from tiering.selectors.overrides import SHOWN, ending_soon


def tell_asked(override: Override) -> None:
    """Tell those who may decide."""
    notify(
        kind=ASKED,
        event=f"{ASKED}:{override.pk}",
        recipients=able_officers(override, override.client, override.grade),
        params=params_of(override),
        client=override.client_id,
    )


def tell_committee(override: Override, officers: Iterable[int]) -> None:
    """Tell officers (ids) that their vote is asked for."""
    rows = (
        NoticeRow(
            event=f"{COMMITTEE}:{override.pk}",
            recipient=officer,
            params=params_of(override),
            client=override.client_id,
        )
        for officer in officers
    )
    notify_many(kind=COMMITTEE, rows=rows)


def tell_decided(override: Override) -> None:
    """Tell who asked, and the client's RM."""
    notify_many(kind=DECIDED, rows=_rows(DECIDED, [override], officer=False))


def tell_over(overrides: Iterable[Override]) -> int:
    """Tell who asked, who decided and the client's RM that overrides are over; how many notices are new."""
    return notify_many(kind=OVER, rows=_rows(OVER, overrides, officer=True))


def tell_ending(at: datetime) -> int:
    """Tell the same people of what ends within fourteen days, each once; how many notices are new."""
    ending = Override.objects.filter(ending_soon(at), ends__gt=at).select_related(*SHOWN)
    return notify_many(kind=ENDING, rows=_rows(ENDING, ending, officer=True))


def params_of(override: Override) -> dict[str, Any]:
    """What the words of a notice are made of when it is read."""
    return {
        "override": override.pk,
        "client": override.client.name,
        "direction": override.direction,
        "tier": override.tier.key if override.tier else "",
        "metric": override.metric,
        "value": override.given,
        "status": override.status,
        "last_day": override.last_day.isoformat(),
    }


def _rows(kind: str, overrides: Iterable[Override], *, officer: bool) -> Iterator[NoticeRow]:
    """A notice for who asked, for the client's RM and, where that matters, for the officer who decided."""
    for override in overrides:
        people = {override.requested_by_id, override.client.rm_id}
        people |= {override.decided_by_id} if officer else set()
        for person in people:
            if person is not None:
                yield NoticeRow(
                    event=f"{kind}:{override.pk}",
                    recipient=person,
                    params=params_of(override),
                    client=override.client_id,
                )

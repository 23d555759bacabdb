"""What was said of the further clients of cases, and when: the history that database triggers wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.history import events_of
from crm.models import Client, User
from funnel.models import Case, CaseParty
from funnel.selectors.kinds import kinds_of
from funnel.selectors.parties import clients_seen, in_percent, out_of_sight


@dataclass(frozen=True)
class PartyChange:
    """An event of a party: `row` as it was left (or taken out), by whom (None: by the house itself)."""

    at: datetime
    by: User | None
    act: str
    row: Any

    @property
    def words(self) -> str:
        """What became of the part, without whose it is."""
        parts = dict(CaseParty.Part.choices)
        told = ", ".join(
            filter(None, [str(parts[self.row.part]), self.row.share and in_percent(self.row.share)])
        )
        if self.act == "insert":
            return _("takes part as: %(part)s") % {"part": told}
        if self.act == "delete":
            return _("takes part no longer as: %(part)s") % {"part": told}
        return _("now takes part as: %(part)s") % {"part": told}


def changes_of(case: Case, reader: User) -> list[tuple[PartyChange, str]]:
    """What was said of the parties of a case, with the name of each as the reader may be told. Three queries."""
    if CaseParty not in kinds_of(case):
        return []
    rows = list(events_of(CaseParty).filter(case=case).select_related("pgh_context"))
    names = names_of((row.client_id for row in rows), reader)
    return [(change, names.get(change.row.client_id, out_of_sight())) for change in changes_told(rows)]


def changes_told(rows: Iterable[Any]) -> list[PartyChange]:
    """Events, read with their contexts, with who wrote them. One query."""
    rows = list(rows)
    people = User.objects.in_bulk({person for row in rows if (person := _person(row))})
    return [PartyChange(row.pgh_created_at, people.get(_person(row)), row.pgh_label, row) for row in rows]


def names_of(ids: Iterable[int], reader: User) -> Mapping[int, str]:
    """What clients are called that the reader may see; one that was merged into such a client has still its name."""
    wanted = set(ids)
    seen = dict(clients_seen(wanted, reader))
    if left := wanted - seen.keys():
        seen |= Client.objects.merged_visible_to(reader).in_bulk(left)
    return {pk: client.name for pk, client in seen.items()}


def _person(event: Any) -> int | None:
    return (event.pgh_context.metadata or {}).get("user") if event.pgh_context else None

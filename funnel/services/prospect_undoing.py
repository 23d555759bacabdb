"""Taking acts on prospects back: one comes back whole, or stays whole where somebody went on with what it became."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q

from crm.history import events_of
from crm.models import Client, ConsentRecord, ContactPerson, Interaction, KeptRecord, Observation, User
from crm.undoing.records import take_back
from funnel.models import Case, CheckItem, Prospect

WRITTEN: Final[tuple[type[Model], ...]] = (
    *(Prospect, CheckItem, Case, ConsentRecord, ContactPerson, Observation, Interaction, Client),
)
"""What acts write, each kind after those that refer to it."""
OF_CLIENT: Final = (ConsentRecord, ContactPerson, Observation, Interaction)


class _Tried(Exception):
    """What was tried is rolled back."""


def take_prospects_back(*, written_in: UUID, by: User) -> int:
    """Undo what an act wrote, in the transaction of the caller; how many records stayed.

    It is tried first: what would stay keeps everything else of its prospect. Who stayed and why become KeptRecords.
    """
    kept = _try(written_in, by)
    take_back(written_in=written_in, by=by, models=WRITTEN, spared=_belonging(kept) if kept else None)
    KeptRecord.objects.bulk_create(kept, ignore_conflicts=True)
    return len(kept)


def _try(written_in: UUID, by: User) -> list[KeptRecord]:
    kept: list[KeptRecord] = []
    try:
        with transaction.atomic():
            take_back(written_in=written_in, by=by, models=WRITTEN)
            kept = list(KeptRecord.objects.filter(written_in=written_in))
            raise _Tried
    except _Tried:
        for row in kept:
            row.pk = None
    return kept


def _belonging(kept: Iterable[KeptRecord]) -> dict[type[Model], list[int]]:
    """Everything that became of the prospects of which something stays, by model."""
    by_model: dict[str, list[int]] = {}
    for row in kept:
        by_model.setdefault(row.model, []).append(row.record_id)
    ids = {model: by_model.get(model._meta.label_lower, []) for model in WRITTEN}
    cases = [*ids[Case], *CheckItem.objects.filter(pk__in=ids[CheckItem]).values_list("case", flat=True)]
    clients = [*ids[Client], *(pk for model in OF_CLIENT for pk in _clients_of(model, ids[model]))]
    prospects = Prospect.objects.filter(
        Q(pk__in=ids[Prospect]) | Q(case__in=cases) | Q(client__in=clients)
    ).values_list("pk", "client", "case")
    rows = list(prospects)
    clients, cases = [row[1] for row in rows if row[1]], [row[2] for row in rows if row[2]]
    own: Any = {model: model._base_manager.filter(client__in=clients) for model in OF_CLIENT}
    return {
        Prospect: [row[0] for row in rows],
        Client: clients,
        Case: cases,
        CheckItem: list(CheckItem.objects.filter(case__in=cases).values_list("pk", flat=True)),
        **{model: list(found.values_list("pk", flat=True)) for model, found in own.items()},
    }


def _clients_of(model: type[Model], ids: list[int]) -> list[int]:
    """Whose the rows are, or were where they are gone."""
    if not ids:
        return []
    return list(events_of(model).filter(pgh_obj_id__in=ids).values_list("client_id", flat=True).distinct())

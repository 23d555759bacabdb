"""Of which kinds a case has records: one statement instead of one for each kind, of which most cases have few."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Exists, Model, QuerySet

from crm.history import events_of
from crm.prepared import Given, prepared
from crm.reading import read_once
from funnel.models import Approval, Case, CaseParty, CoLender, GateWaiver, Recut, TeamMember, TermSheet

Kind = type[Model]
STAY: Final[tuple[Kind, ...]] = (Approval, GateWaiver, Recut)
GO: Final[tuple[Kind, ...]] = (CaseParty, TeamMember, CoLender, TermSheet)
"""Kinds whose records may be removed: a case that had one has its history."""


@read_once
def kinds_of(case: Case) -> frozenset[Kind]:
    """The kinds of which the case has or had any. One query."""
    (row,) = _any(case=case.pk)
    return frozenset(kind for kind, is_there in zip((*STAY, *GO), row, strict=True) if is_there)


@prepared
def _any(case: Given) -> QuerySet:
    rows: list[Any] = [*(kind._default_manager for kind in STAY), *map(events_of, GO)]
    return Case.objects.filter(pk=case).values_list(*(Exists(of_kind.filter(case=case)) for of_kind in rows))

"""Cases as what campaigns may have led to (`crm.slots.Outcome`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.urls import reverse

from crm.formats import localized
from crm.models import User
from crm.slots import Outcome
from funnel.models import Case


def cases_of_clients(clients: Sequence[int], user: User) -> Mapping[int, Sequence[Outcome]]:
    """The cases of clients that the user may see, by client id, the newest first."""
    found: dict[int, list[Outcome]] = {}
    for case in _cases(user).filter(client__in=clients):
        found.setdefault(case.client_id, []).append(_told(case))
    return found


def cases_of_ids(ids: Sequence[int], user: User) -> Sequence[Outcome]:
    """Those of some cases that the user may see."""
    return [_told(case) for case in _cases(user).filter(pk__in=ids)]


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user).select_related("stage").order_by("-pk")


def _told(case: Case) -> Outcome:
    return Outcome(
        pk=case.pk,
        label=case.code,
        url=reverse("funnel:case", args=[case.pk]),
        amount=case.amount,
        currency=case.currency,
        stage=localized(case.stage),
    )

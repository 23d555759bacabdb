"""Cases by their code, and by the names of their clients and project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.urls import reverse

from crm import slots
from crm.core.terms import WHOLE
from crm.models import Client, User
from crm.selectors.nearest import Rank, nearest, ranks_of
from funnel.models import Case, CaseParty


def find_cases(user: User, words: Sequence[str], most: int) -> list[slots.Hit]:
    """A code before a name, open cases before closed ones."""
    cases = Case.objects.visible_to(user)
    coded = cases.filter(code__startswith="".join(words).upper()).order_by("code")
    ranked: dict[int, Rank] = dict.fromkeys(coded.values_list("pk", flat=True)[:most], (WHOLE, 0))
    for path in ("client__search", "project__search"):
        for pk, rank in ranks_of(cases, words, most, path, forgiving=False).items():
            ranked.setdefault(pk, rank)
    shown = cases.select_related("client", "project", "stage__pipeline").in_bulk(ranked) if ranked else {}
    hits = [_hit(shown[pk], *rank) for pk, rank in ranked.items() if pk in shown]
    hits += [hit for case, hit in _joined(user, words, most) if case not in ranked]
    return sorted(hits, key=lambda hit: hit.rank)[:most]


def _joined(user: User, words: Sequence[str], most: int) -> Iterator[tuple[int, slots.Hit]]:
    """Cases in which a client of that name takes part beside the leading one, with its part."""
    rows = CaseParty.objects.visible_to(user).standing().filter(client__in=Client.objects.visible_to(user))
    rows = rows.select_related("client", "case__client", "case__project", "case__stage__pipeline")
    for row, (level, rest) in nearest(rows, words, most, "client__search", forgiving=False):
        part = f"{row.get_part_display()}: {row.client.name}"
        yield row.case_id, _hit(row.case, level, rest, part)


def _hit(case: Case, level: int, rest: int, part: str = "") -> slots.Hit:
    told = (part, case.code, case.get_product_display(), str(case.stage), str(case.project or ""))
    return slots.Hit(
        label=case.client.name,
        detail=" · ".join(filter(None, told)),
        url=reverse("funnel:case", args=[case.pk]),
        rank=(level, case.stage.is_closed, rest),
        icon="square-kanban",
    )

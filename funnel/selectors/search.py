"""Cases by their code, and by the names of their client and project."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from crm import slots
from crm.core.terms import WHOLE
from crm.models import User
from crm.selectors.nearest import nearest
from funnel.models import Case


def find_cases(user: User, words: Sequence[str], most: int) -> list[slots.Hit]:
    """A code before a name, open cases before closed ones."""
    cases = Case.objects.visible_to(user).select_related("client", "project", "stage__pipeline")
    coded = cases.filter(code__startswith="".join(words).upper()).order_by("code")[:most]
    ranked = {case.pk: (case, (WHOLE, 0)) for case in coded}
    for path in ("client__search", "project__search"):
        for case, rank in nearest(cases, words, most, path, forgiving=False):
            ranked.setdefault(case.pk, (case, rank))
    hits = [_hit(case, level, rest) for case, (level, rest) in ranked.values()]
    return sorted(hits, key=lambda hit: hit.rank)[:most]


def _hit(case: Case, level: int, rest: int) -> slots.Hit:
    told = (case.code, case.get_product_display(), str(case.stage), str(case.project or ""))
    return slots.Hit(
        label=case.client.name,
        detail=" · ".join(filter(None, told)),
        url=reverse("funnel:case", args=[case.pk]),
        rank=(level, case.stage.is_closed, rest),
        icon="square-kanban",
    )

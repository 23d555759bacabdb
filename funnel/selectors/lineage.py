"""What became of cases that were cut anew, and what they go back to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from crm.reading import read_once
from funnel.models import Case, CaseDocument, Recut
from funnel.querysets import CaseQuerySet
from funnel.selectors.kinds import kinds_of
from funnel.selectors.rates import rates_on

BEFORE: Final = """
SELECT r.case_id AS id FROM funnel_case c JOIN funnel_recut r ON r.id = c.made_by_id WHERE c.id = line.id
UNION ALL
SELECT c.id FROM funnel_recut r JOIN funnel_case c ON c.dissolved_by_id = r.id
WHERE r.case_id = line.id AND r.kind = 'merge'"""
"""What the case `line` was split from, and what was merged into it."""
LINE: Final = f"""
WITH RECURSIVE line (id) AS (
    SELECT %s::bigint UNION SELECT before.id FROM line CROSS JOIN LATERAL ({BEFORE}) before
) SELECT id FROM line"""  # noqa: S608
"""A case with all that it was split from, and all that was merged into it or into these."""
HANDED_IN: Final = f"""
SELECT DISTINCT asked.id, d.kind FROM unnest(%s) AS asked (id)
CROSS JOIN LATERAL ({LINE.replace("%s", "asked.id")}) AS goes_back_to (id)
JOIN funnel_casedocument d ON d.case_id = goes_back_to.id"""  # noqa: S608


@read_once
def documents_of(case: Case) -> QuerySet[CaseDocument]:
    """What was handed in for the case and for those that it goes back to, the newest of a kind first."""
    documents: QuerySet[CaseDocument] = CaseDocument.objects.filter(case__in=RawSQL(LINE, [case.pk]))  # noqa: S611
    return documents.select_related("attachment", "added_by")


def kinds_handed_in(cases: Collection[Case]) -> Mapping[int, set[str]]:
    """By case, of which kinds documents were handed in for it and for those that it goes back to. One query."""
    found: dict[int, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(HANDED_IN, [[case.pk for case in cases]])
        for case, kind in cursor.fetchall():
            found[case].add(kind)
    return found


@read_once
def recuts_of(case: Case) -> list[Recut]:
    """The splits and merges that the case took part in, the latest first, each with what it came to."""
    other = [pk for pk in (case.made_by_id, case.dissolved_by_id) if pk]
    if not other and Recut not in kinds_of(case):
        return []
    took_part = Recut.objects.filter(pk__in=other)
    found = (took_part | Recut.objects.filter(case=case)).distinct().select_related("case", "by", "undone_by")
    return list(found.prefetch_related("parts__stage", "dissolved__stage").order_by("-pk"))


@dataclass(frozen=True)
class Carried:
    """How much of a case goes over when it is split or merged, and how much stays with it: words of persons, and what
    was offered for its amount."""

    steps: int
    checks: int
    team: int
    co_lenders: int
    parties: int
    documents: int
    approvals: int
    waivers: int
    term_sheets: int


def carried_by_split(case: Case) -> Carried:
    """To each part."""
    return _carried(
        case, case.moves.count(), case.checks, case.team, case.co_lenders, case.parties.standing()
    )


def carried_by_merge(case: Case, into: Case) -> Carried:
    """Into the other: what that one lacks. Its steps are its own."""
    points = set(into.checks.values_list("kind", "name_en"))
    new_points = [point for point in case.checks.values_list("kind", "name_en") if point not in points]
    return _carried(
        case,
        0,
        case.checks.filter(name_en__in=[name for _kind, name in new_points]),
        case.team.exclude(user__in=into.team.values("user")),
        case.co_lenders.exclude(name__in=into.co_lenders.values("name")),
        case.parties.standing().exclude(client__in=into.parties.values("client")),
    )


def _carried(case: Case, steps: int, checks: Any, team: Any, co_lenders: Any, parties: Any) -> Carried:
    return Carried(
        steps=steps,
        checks=checks.count(),
        team=team.count(),
        co_lenders=co_lenders.count(),
        parties=parties.count(),
        documents=documents_of(case).count(),
        approvals=case.approvals.count(),
        waivers=case.waivers.count(),
        term_sheets=case.term_sheets.count(),
    )


def mergeable(case: Case) -> CaseQuerySet:
    """The open cases that the case could be merged into: of the same client and pipeline."""
    alike = Case.objects.standing().filter(
        client=case.client_id, stage__pipeline=case.stage.pipeline_id, stage__outcome="open"
    )
    found: CaseQuerySet = alike.exclude(pk=case.pk).for_cards().in_board_order()
    return found


def together(case: Case, into: Case) -> Decimal | None:
    """What two cases ask for together in the currency of the second, by the rates of the day; None without one."""
    if case.currency == into.currency:
        return case.amount + into.amount
    rates = rates_on(timezone.localdate())
    if case.currency not in rates or into.currency not in rates:
        return None
    worth = case.amount * rates[case.currency] / rates[into.currency]
    return into.amount + round(worth, 2)

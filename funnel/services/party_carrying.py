"""What becomes of the further clients of a case when another case begins like it, or goes on from it."""

from __future__ import annotations

from collections.abc import Sequence

from funnel.models import Case, CaseParty


def copy_parties(case: Case, to: Sequence[Case]) -> None:
    """Each of the cases gets the parties with their shares: the same percentages of its own amount."""
    rows = list(case.parties.standing())
    CaseParty.objects.bulk_create(_same(row, other) for other in to for row in rows)


def bring_parties(case: Case, into: Case) -> None:
    """Those that the other case lacks, without their shares: they were percentages of another amount."""
    there = set(into.parties.values_list("client", flat=True))
    rows = case.parties.standing().exclude(client__in=there)
    CaseParty.objects.bulk_create(_same(row, into, has_share=False) for row in rows)


def _same(row: CaseParty, case: Case, *, has_share: bool = True) -> CaseParty:
    return CaseParty(
        case=case,
        client_id=row.client_id,
        part=row.part,
        share=row.share if has_share else None,
        note=row.note,
    )

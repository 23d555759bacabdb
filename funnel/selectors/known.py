"""What gates ask about cases: read once for all of them, and only what some gate asks about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from crm.models import Client, User
from funnel.models import Approval, Case, CaseParty, CheckItem, TermSheet
from funnel.selectors.approvals import approvals_of, waived_gates
from funnel.selectors.lineage import kinds_handed_in
from funnel.selectors.parties import clients_seen
from funnel.selectors.tier_gates import Held, tiers_held
from tiering.core.document import SCORE_UNIT
from tiering.models import Assessment, Facts
from tiering.models.tiers import IN_FORCE
from tiering.selectors.criteria import primary_scheme
from tiering.selectors.tier_policies import tier_policy


class Known:
    """What is known of some cases, as far as the reader may be told."""

    def __init__(self, cases: Collection[Case], reader: User) -> None:
        self.cases, self.reader = cases, reader
        self.clients = {case.client_id for case in cases}

    @cached_property
    def tiers(self) -> Held:
        """Those of the leading clients."""
        return tiers_held(self.clients)

    @cached_property
    def parties(self) -> Mapping[int, list[CaseParty]]:
        return _by_case(CaseParty.objects.standing().filter(case__in=self.cases))

    @cached_property
    def clients_of_parties(self) -> set[int]:
        return {party.client_id for parties in self.parties.values() for party in parties}

    @cached_property
    def seen(self) -> Mapping[int, Client]:
        """Those of the parties' clients that the reader may see."""
        return clients_seen(self.clients_of_parties, self.reader)

    @cached_property
    def tiers_of_parties(self) -> Held:
        return tiers_held(self.clients_of_parties)

    @cached_property
    def scores(self) -> Mapping[int, float]:
        """Points by the primary scheme, by client."""
        found = Assessment.objects.filter(IN_FORCE, client__in=self.clients, scheme__is_primary=True)
        return {client: score / SCORE_UNIT for client, score in found.values_list("client", "score")}

    @cached_property
    def facts(self) -> Mapping[int, Mapping[str, Any]]:
        found = Facts.objects.filter(IN_FORCE, client__in=self.clients)
        return {one.client_id: one.values() for one in found}

    @cached_property
    def documents(self) -> Mapping[int, set[str]]:
        return kinds_handed_in(self.cases)

    @cached_property
    def checks(self) -> Mapping[int, list[CheckItem]]:
        return _by_case(CheckItem.objects.filter(case__in=self.cases))

    @cached_property
    def approvals(self) -> Mapping[int, Mapping[int, list[Approval]]]:
        return approvals_of(self.cases)

    @cached_property
    def term_sheets(self) -> Mapping[int, TermSheet]:
        """The one issued of each case."""
        issued = TermSheet.objects.filter(case__in=self.cases, status=TermSheet.Status.ISSUED)
        return {sheet.case_id: sheet for sheet in issued}

    @cached_property
    def waived(self) -> Collection[tuple[int, int]]:
        return waived_gates(self.cases)

    def documents_of_tier(self, case: Case) -> tuple[str, ...]:
        """Those that the tier policy asks for."""
        scheme = primary_scheme()
        policy = tier_policy(scheme) if scheme else None
        held = self.tiers.get((case.client_id, scheme.pk)) if scheme else None
        terms = policy.terms(held.tier) if policy and held else None
        return terms.documents if terms else ()


def _by_case(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found

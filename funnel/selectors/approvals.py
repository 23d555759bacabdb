"""Who has said what about a case's entering a stage, as far as it still counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from crm.models import User
from crm.reading import read_once
from crm.selectors.absences import has_interest
from funnel.core.approvals import Panel, Said, Standing
from funnel.models import Approval, Case, GateWaiver, Stage, StageGate, StageMove

BEGINS: Final = Q(from_stage=None) | ~Q(from_stage__outcome="open")
"""The steps that begin a round: a case is opened, or reopened. What was agreed before one does not count after it."""


def _of_this_round(rows: QuerySet[Any], cases: Collection[Case]) -> QuerySet[Any]:
    """Those of the cases, since each was opened or last reopened."""
    began = StageMove.objects.filter(BEGINS, case=OuterRef("case")).order_by("-pk").values("moved_at")[:1]
    since = rows.filter(case__in=cases).annotate(began=Subquery(began))
    return since.filter(Q(began=None) | Q(at__gte=F("began")))


@read_once
def approvals_that_count(case: Case) -> Mapping[int, list[Approval]]:
    """By stage, the latest word of each person in this round about the amount as it is now; in the order given."""
    return approvals_of([case]).get(case.pk, {})


def approvals_of(cases: Collection[Case]) -> Mapping[int, Mapping[int, list[Approval]]]:
    """The same of several cases, by case. One query."""
    given = _of_this_round(Approval.objects.filter(amount=F("case__amount")), cases)
    latest: dict[tuple[int, int, int], Approval] = {}
    for one in given.select_related("by").order_by("pk"):
        latest.pop((one.case_id, one.stage_id, one.by_id), None)
        latest[one.case_id, one.stage_id, one.by_id] = one
    by_case: dict[int, dict[int, list[Approval]]] = defaultdict(lambda: defaultdict(list))
    for (case, stage, _person), one in latest.items():
        by_case[case][stage].append(one)
    return by_case


def standing_of(gate: StageGate, said: list[Approval]) -> Standing:
    """How the approvals stand that a gate asks for."""
    return Panel.read(gate.params).standing([Said(one.role, one.is_approved) for one in said])


def waived_gates(cases: Collection[Case]) -> Collection[tuple[int, int]]:
    """Cases with the gates that they need not meet in this round, by ids. One query."""
    waivers = _of_this_round(GateWaiver.objects.all(), cases).values_list("case", "gates")
    return {(case, gate) for case, gates in waivers for gate in gates}


def is_party(user: User, case: Case) -> bool:
    """Whether the user works on the case or has an interest in its client, and so decides nothing about it."""
    works = user.pk in (case.opened_by_id, case.client.rm_id) or case.team.filter(user=user).exists()
    return works or has_interest(user, case.client_id)


@dataclass(frozen=True)
class Asked:
    """The approvals that a stage ahead asks for: how they stand, what was said, and whether the reader may say more."""

    stage: Stage
    gate: StageGate
    standing: Standing
    said: list[Approval]
    may_say: bool


def panels_of(case: Case, user: User) -> list[Asked]:
    """What the stages ahead ask for, in their order."""
    gates = StageGate.objects.filter(
        stage__pipeline=case.stage.pipeline_id,
        stage__position__gt=case.stage.position,
        stage__is_retired=False,
        kind=StageGate.Kind.APPROVALS,
    ).select_related("stage")
    asking = list(gates.order_by("stage__position", "pk"))
    if not asking:
        return []
    said = approvals_that_count(case)
    may = may_decide(case, user)
    found = []
    for gate in asking:
        words = said.get(gate.stage_id, [])
        standing = standing_of(gate, words)
        spoke = user.pk in {one.by_id for one in words}
        found.append(Asked(gate.stage, gate, standing, words, may and (spoke or user.role in standing.asked)))
    return found


def may_decide(case: Case, user: User) -> bool:
    """Whether the user may approve or refuse something about the case."""
    return case.is_open and user.has_perm("funnel.approve_cases") and not is_party(user, case)

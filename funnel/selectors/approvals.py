"""Who has said what about a case's entering a stage, as far as it still counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from crm.models import User
from crm.reading import read_once
from crm.selectors.absences import has_interest
from funnel.core.approvals import Panel, Said, Standing
from funnel.models import Approval, Case, GateWaiver, Stage, StageGate, StageMove


@read_once
def round_began(case: Case) -> datetime | None:
    """When the case was opened or last reopened: what was agreed before does not count any more."""
    starts = Q(from_stage=None) | ~Q(from_stage__outcome="open")
    last = StageMove.objects.filter(starts, case=case).order_by("-pk").first()
    return last.moved_at if last else None


@read_once
def approvals_that_count(case: Case) -> Mapping[int, list[Approval]]:
    """By stage, the latest word of each person in this round about the amount as it is now; in the order given."""
    given = Approval.objects.filter(case=case, amount=case.amount).select_related("by")
    if began := round_began(case):
        given = given.filter(at__gte=began)
    latest: dict[tuple[int, int], Approval] = {}
    for one in given.order_by("pk"):
        latest.pop((one.stage_id, one.by_id), None)
        latest[one.stage_id, one.by_id] = one
    by_stage: dict[int, list[Approval]] = defaultdict(list)
    for (stage, _person), one in latest.items():
        by_stage[stage].append(one)
    return by_stage


def standing_of(gate: StageGate, said: list[Approval]) -> Standing:
    """How the approvals stand that a gate asks for."""
    return Panel.read(gate.params).standing([Said(one.role, one.is_approved) for one in said])


def waived_gates(case: Case) -> set[int]:
    """The ids of the gates that the case need not meet in this round."""
    waivers = GateWaiver.objects.filter(case=case)
    if began := round_began(case):
        waivers = waivers.filter(at__gte=began)
    return {gate for gates in waivers.values_list("gates", flat=True) for gate in gates}


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
    said = approvals_that_count(case)
    may = may_decide(case, user)
    found = []
    for gate in gates.order_by("stage__position", "pk"):
        words = said.get(gate.stage_id, [])
        standing = standing_of(gate, words)
        spoke = user.pk in {one.by_id for one in words}
        found.append(Asked(gate.stage, gate, standing, words, may and (spoke or user.role in standing.asked)))
    return found


def may_decide(case: Case, user: User) -> bool:
    """Whether the user may approve or refuse something about the case."""
    return case.is_open and user.has_perm("funnel.approve_cases") and not is_party(user, case)

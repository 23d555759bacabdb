"""Gates that ask for a tier: of the leading client, or of every further one with a part in the case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.formats import listed
from crm.models import Client
from funnel.errors import Missing
from funnel.models import Case, CaseParty, StageGate
from funnel.selectors.parties import out_of_sight
from tiering.models import Assessment, Assignment, Tier
from tiering.models.tiers import IN_FORCE

Found = tuple[str, Missing | None]
"""What a gate asks for, in words, and what of it is missing."""
Held = Mapping[tuple[int, int], Any]
"""Tiers in force, by client and scheme."""


def tiers_held(clients: Iterable[int]) -> Held:
    """Whether a tier is provisional is asked of the assessment in force: newer facts may have settled what was missing
    when the tier was assigned, or have gone out of date since."""
    provisional = Assessment.objects.filter(
        IN_FORCE, client=OuterRef("client"), scheme=OuterRef("scheme"), provisional=True
    )
    held = Assignment.objects.filter(IN_FORCE, client__in=list(clients), project=None)
    held = held.select_related("tier").annotate(is_provisional=Exists(provisional))
    return {(assignment.client_id, assignment.scheme_id): assignment for assignment in held}


def of_leading_client(gate: StageGate, case: Case, held: Held) -> Found:
    asks = _("“%(stage)s” takes tier %(minimum)s or better") % _asked(gate)
    return asks, None if _is_met(gate, case.client_id, held) else _lacking(gate, case.client, held)


def of_parties(
    gate: StageGate, case: Case, parties: Iterable[CaseParty], seen: Mapping[int, Client], held: Held
) -> list[Found]:
    """For each party with one of the gate's parts that does not meet it, what is missing; of one who is not `seen` no
    more than that. A part that nobody has is missing too, unless the gate asks only of those there are."""
    parties, labels = list(parties), dict(CaseParty.Part.choices)
    found = (
        []
        if gate.is_if_any
        else _nobody_with(set(gate.parts) - {party.part for party in parties}, gate, case)
    )
    for party in parties:
        if party.part not in gate.parts or _is_met(gate, party.client_id, held):
            continue
        client = seen.get(party.client_id)
        missing = _lacking(gate, client, held) if client else _out_of_sight(gate, case)
        text = _("%(part)s: %(missing)s") % {"part": labels[party.part], "missing": missing.text}
        found.append(missing._replace(code=f"{missing.code}_of_party", text=text))
    asks = _asked_of_parties(gate)
    return [(asks, missing) for missing in found] or [(asks, None)]


def _asked_of_parties(gate: StageGate) -> str:
    labels = dict(CaseParty.Part.choices)
    text = (
        _("“%(stage)s” takes tier %(minimum)s or better of each party, if any, that is: %(parts)s")
        if gate.is_if_any
        else _("“%(stage)s” takes tier %(minimum)s or better of each party that is: %(parts)s")
    )
    return text % {**_asked(gate), "parts": listed(str(labels[part]) for part in gate.parts)}


def _nobody_with(parts: Collection[str], gate: StageGate, case: Case) -> list[Missing]:
    """What to say of the parts that the gate asks of and that no party has."""
    text = _(
        "“%(stage)s” takes tier %(minimum)s or better of its %(part)s, and the case has none. Add one to its clients."
    )
    return [
        Missing("gate_party_missing", text % {**_asked(gate), "part": label}, _parties_page(case))
        for part, label in CaseParty.Part.choices
        if part in parts
    ]


def _parties_page(case: Case) -> str:
    return f"{reverse('funnel:case', args=[case.pk])}#parties"


def _minimum(gate: StageGate) -> Tier:
    assert gate.minimum_tier is not None, "the database holds that it has one"
    return gate.minimum_tier


def _asked(gate: StageGate) -> dict[str, Any]:
    return {"stage": str(gate.stage), "minimum": _minimum(gate).key}


def _is_met(gate: StageGate, client_id: int, held: Held) -> bool:
    minimum = _minimum(gate)
    has = held.get((client_id, minimum.scheme_id))
    return bool(has and not has.is_provisional and has.tier.rank <= minimum.rank)


def _lacking(gate: StageGate, client: Client, held: Held) -> Missing:
    has = held.get((client.pk, _minimum(gate).scheme_id))
    if has is None:
        code, text = (
            "gate_tier_missing",
            _(
                "“%(stage)s” takes tier %(minimum)s or better, and %(client)s has no tier yet."
                " Complete the client's records; the next run assigns one."
            ),
        )
    elif has.is_provisional:
        code, text = (
            "gate_tier_provisional",
            _(
                "“%(stage)s” takes tier %(minimum)s or better, and the tier %(tier)s of %(client)s is provisional."
                " Supply the records that are missing or out of date; the next run confirms the tier."
            ),
        )
    else:
        code, text = (
            "gate_tier_too_low",
            _(
                "“%(stage)s” takes tier %(minimum)s or better, and %(client)s is in tier %(tier)s."
                " The client page shows what would lift it."
            ),
        )
    facts = {**_asked(gate), "client": client.name, "tier": has.tier.key if has else ""}
    return Missing(code, text % facts, reverse("crm:client", args=[client.pk]))


def _out_of_sight(gate: StageGate, case: Case) -> Missing:
    """What the tier is, or whether there is one, is not for this reader."""
    text = _(
        "“%(stage)s” takes tier %(minimum)s or better, and %(client)s does not have it. Ask who holds it."
    )
    facts = {**_asked(gate), "client": out_of_sight()}
    return Missing("gate_tier_unmet", text % facts, _parties_page(case))

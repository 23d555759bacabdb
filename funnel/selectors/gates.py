"""What stages ask of a case, and what of it is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.formats import listed, reads_chinese
from crm.models import CasePaper, Client, Role, User
from funnel.errors import Missing
from funnel.models import Approval, Case, CaseParty, CheckItem, Stage, StageGate, TermSheet
from funnel.selectors.approvals import approvals_that_count, standing_of, waived_gates
from funnel.selectors.lineage import documents_of
from funnel.selectors.parties import clients_seen
from funnel.selectors.terms import policy_of
from funnel.selectors.tier_gates import Found, Held, of_leading_client, of_parties, tiers_held
from tiering import display
from tiering.core.conditions import holds, parse
from tiering.core.document import SCORE_UNIT
from tiering.models import Assessment, Facts
from tiering.models.tiers import IN_FORCE
from tiering.selectors.catalogue import catalogue

Kind = StageGate.Kind
FIELDS = ("expected_close", "purpose", "project", "source", "next_step", "competition")
"""The fields of a case that a gate may ask for."""


@dataclass(frozen=True)
class Requirement:
    """A gate of a stage as one case meets it: `asks` says what for, `missing` what is not there (None: it is met). One
    that is asked of several parties is there for each that does not meet it."""

    gate: StageGate
    asks: str
    missing: Missing | None
    is_waived: bool = False

    @property
    def bars(self) -> bool:
        return self.missing is not None and not self.is_waived


def requirements(case: Case, stages: Iterable[Stage], reader: User) -> list[Requirement]:
    """Every gate of the stages, in their order, held against the case, as the reader may be told. As many queries as
    there are kinds of gate."""
    return _all_held(StageGate.objects.filter(stage__in=list(stages)), case, reader)


def lapsed(case: Case, reader: User) -> list[Requirement]:
    """The gates behind the case that it does not meet any more, as they stand now."""
    return _all_held(StageGate.objects.filter(lapses__case=case), case, reader)


def _all_held(gates: QuerySet[StageGate], case: Case, reader: User) -> list[Requirement]:
    known = _Known(case, reader)
    ordered = gates.select_related("stage", "minimum_tier").order_by("stage__position", "pk")
    return [one for gate in ordered for one in _held(gate, known)]


def stages_between(origin: Stage, target: Stage) -> Sequence[Stage]:
    """The stages whose gates lie on the way forwards, the target among them; declining asks for none."""
    if target.outcome == Stage.Outcome.LOST:
        return []
    # A retired stage has no place any more: whoever leaves it is asked for all that lies before the target.
    passed = -1 if origin.is_retired else origin.position
    if target.position <= passed:
        return []
    return list(
        Stage.objects.filter(
            pipeline=target.pipeline_id,
            position__gt=passed,
            position__lte=target.position,
            is_retired=False,
        ).exclude(outcome=Stage.Outcome.LOST)
    )


class _Known:
    """What is known of a case, read once and only where a gate asks for it."""

    def __init__(self, case: Case, reader: User) -> None:
        self.case, self.reader = case, reader

    @cached_property
    def tiers(self) -> Held:
        """Those of the leading client."""
        return tiers_held([self.case.client_id])

    @cached_property
    def parties(self) -> list[CaseParty]:
        return list(self.case.parties.standing())

    @cached_property
    def seen(self) -> Mapping[int, Client]:
        """Those of the parties' clients that the reader may see."""
        return clients_seen((party.client_id for party in self.parties), self.reader)

    @cached_property
    def tiers_of_parties(self) -> Held:
        return tiers_held(party.client_id for party in self.parties)

    @cached_property
    def score(self) -> float | None:
        """Points by the primary scheme."""
        found = Assessment.objects.filter(IN_FORCE, client=self.case.client_id, scheme__is_primary=True)
        score = found.values_list("score", flat=True).first()
        return None if score is None else score / SCORE_UNIT

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        found = Facts.objects.filter(IN_FORCE, client=self.case.client_id).first()
        return found.values() if found else {}

    @cached_property
    def documents(self) -> set[str]:
        return set(documents_of(self.case).order_by().values_list("kind", flat=True))

    @cached_property
    def documents_of_tier(self) -> tuple[str, ...]:
        """Those that the tier policy asks for."""
        policy = policy_of(self.case)
        return policy.documents if policy else ()

    @cached_property
    def checks(self) -> list[CheckItem]:
        return list(self.case.checks.all())

    @cached_property
    def approvals(self) -> Mapping[int, list[Approval]]:
        return approvals_that_count(self.case)

    @cached_property
    def waived(self) -> set[int]:
        return waived_gates(self.case)

    def page(self, part: str) -> str:
        """The part of the case's page where something is put right."""
        return f"{reverse('funnel:case', args=[self.case.pk])}#{part}"


def _held(gate: StageGate, known: _Known) -> Iterator[Requirement]:
    if gate.parts:
        found = of_parties(gate, known.case, known.parties, known.seen, known.tiers_of_parties)
    else:
        found = [_KINDS[Kind(gate.kind)](gate, known)]
    for asks, missing in found:
        yield Requirement(gate, asks, missing, missing is not None and gate.pk in known.waived)


def _tier(gate: StageGate, known: _Known) -> Found:
    return of_leading_client(gate, known.case, known.tiers)


def _score(gate: StageGate, known: _Known) -> Found:
    facts = {"stage": str(gate.stage), "minimum": gate.params["minimum"]}
    asks = _("“%(stage)s” takes a score of %(minimum)s or more") % facts
    if known.score is not None and known.score >= gate.params["minimum"]:
        return asks, None
    if known.score is None:
        text = _("“%(stage)s” takes a score of %(minimum)s or more, and the client has none yet.") % facts
    else:
        text = _("“%(stage)s” takes a score of %(minimum)s or more, and the client has %(score).1f.") % {
            **facts,
            "score": known.score,
        }
    return asks, Missing("gate_score", text, reverse("crm:client", args=[known.case.client_id]))


def _fields(gate: StageGate, known: _Known) -> Found:
    names = [name for name in FIELDS if name in gate.params["fields"]]
    facts = {"stage": str(gate.stage), "fields": listed(map(field_label, names))}
    asks = _("“%(stage)s” asks for %(fields)s") % facts
    empty = [field_label(name) for name in names if not getattr(known.case, name)]
    if not empty:
        return asks, None
    text = _("“%(stage)s” asks for %(fields)s: fill it in.") % {**facts, "fields": listed(empty)}
    return asks, Missing("gate_fields", text, reverse("funnel:edit-case", args=[known.case.pk]))


def _documents(gate: StageGate, known: _Known) -> Found:
    of_tier = known.documents_of_tier if gate.params.get("of_tier") else ()
    kinds = [CasePaper(kind) for kind in dict.fromkeys([*gate.params["documents"], *of_tier])]
    names = listed(str(kind.label) for kind in kinds)
    facts = {"stage": str(gate.stage), "documents": names or _("none that the tier policy names")}
    asks = _("“%(stage)s” asks for documents: %(documents)s") % facts
    lacking = [str(kind.label) for kind in kinds if kind not in known.documents]
    if not lacking:
        return asks, None
    text = _("“%(stage)s” asks for documents that are missing: %(documents)s.") % {
        **facts,
        "documents": listed(lacking),
    }
    return asks, Missing("gate_documents", text, known.page("documents"))


def _checklist(gate: StageGate, known: _Known) -> Found:
    kind = CheckItem.Kind(gate.params["checks"])
    points = [check for check in known.checks if check.kind == kind]
    facts: dict[str, Any] = {"stage": str(gate.stage), "checklist": kind.label}
    asks = _("“%(stage)s” asks that every point is finished: %(checklist)s") % facts
    still = [str(check) for check in points if not check.is_settled]
    if points and not still:
        return asks, None
    if points:
        facts |= {"count": len(still), "points": listed(still[:3])}
        text = ngettext(
            "“%(stage)s” asks for a finished checklist (%(checklist)s); %(count)d point is open: %(points)s.",
            "“%(stage)s” asks for a finished checklist (%(checklist)s); %(count)d points are open: %(points)s.",
            len(still),
        )
    else:
        text = _(
            "“%(stage)s” asks for a finished checklist (%(checklist)s), and there is none yet: add its points."
        )
    return asks, Missing("gate_checklist", text % facts, known.page("checks"))


def _approvals(gate: StageGate, known: _Known) -> Found:
    standing = standing_of(gate, known.approvals.get(gate.stage_id, []))
    roles = listed(str(Role(role).label) for role in gate.params["roles"])
    facts = {
        "stage": str(gate.stage),
        "needed": standing.needed,
        "roles": roles,
        "approved": standing.approved,
    }
    asks = (
        ngettext(
            "“%(stage)s” takes %(needed)d approval of: %(roles)s",
            "“%(stage)s” takes %(needed)d approvals of: %(roles)s",
            standing.needed,
        )
        % facts
    )
    if standing.is_met:
        return asks, None
    if standing.is_barred:
        text = _("“%(stage)s” takes approvals, and too many were refused. What was said stands on the case.")
    else:
        facts["asked"] = listed(str(Role(role).label) for role in standing.asked)
        text = _("“%(stage)s” takes %(needed)d approvals, %(approved)d of them are there. Next: %(asked)s.")
    return asks, Missing("gate_approvals", text % facts, known.page("approvals"))


def _condition(gate: StageGate, known: _Known) -> Found:
    condition = parse(gate.params["when"])
    words = (gate.params.get("name_zh") if reads_chinese() else "") or gate.params.get("name_en", "")
    facts = {
        "stage": str(gate.stage),
        "condition": words or display.condition_text(condition, catalogue=catalogue()),
    }
    asks = _("“%(stage)s” asks that: %(condition)s") % facts
    if holds(condition, known.facts):
        return asks, None
    text = _("“%(stage)s” asks that: %(condition)s. By the facts in force this does not hold.") % facts
    return asks, Missing("gate_condition", text, reverse("crm:client", args=[known.case.client_id]))


def _term_sheet(gate: StageGate, known: _Known) -> Found:
    facts = {"stage": str(gate.stage)}
    asks = (
        _("“%(stage)s” asks for a term sheet that is issued, valid, and for the amount of the case") % facts
    )
    issued = known.case.term_sheets.filter(status=TermSheet.Status.ISSUED).first()
    if issued is None:
        text = _("“%(stage)s” asks for a term sheet, and none is issued.")
    elif issued.amount != known.case.amount:
        text = _(
            "“%(stage)s” asks for a term sheet, and the one issued is for another amount. Issue a new version."
        )
    elif issued.valid_until < timezone.localdate():
        text = _(
            "“%(stage)s” asks for a term sheet, and the one issued is not valid any more. Issue a new version."
        )
    else:
        return asks, None
    return asks, Missing("gate_term_sheet", text % facts, known.page("term-sheet"))


def field_label(name: str) -> str:
    """The name of a field of a case, as a gate asks for it."""
    column: Any = Case._meta.get_field(name)
    return str(column.verbose_name)


_KINDS: Mapping[Kind, Callable[[StageGate, _Known], Found]] = {
    Kind.TIER: _tier,
    Kind.SCORE: _score,
    Kind.FIELDS: _fields,
    Kind.DOCUMENTS: _documents,
    Kind.CHECKLIST: _checklist,
    Kind.APPROVALS: _approvals,
    Kind.CONDITION: _condition,
    Kind.TERM_SHEET: _term_sheet,
}

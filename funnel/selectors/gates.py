"""What stages ask of a case, and what of it is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.formats import listed, reads_chinese
from crm.models import CasePaper, Role, User
from crm.reading import one_reading
from funnel.errors import Missing
from funnel.models import Case, CheckItem, Stage, StageGate
from funnel.selectors.approvals import standing_of
from funnel.selectors.known import Known
from funnel.selectors.tier_gates import Found, of_leading_client, of_parties
from tiering import display
from tiering.core.conditions import holds, parse
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
    return requirements_of({case: stages}, reader)[case]


@one_reading()
def requirements_of(ways: Mapping[Case, Iterable[Stage]], reader: User) -> dict[Case, list[Requirement]]:
    """The same of several cases, each with the stages that it is to enter. As many queries as for one."""
    entered = {case: {stage.pk for stage in stages} for case, stages in ways.items()}
    known = Known(list(ways), reader)
    gates = list(_in_order(StageGate.objects.filter(stage__in=set().union(*entered.values()))))
    return {
        case: [one for gate in gates if gate.stage_id in stages for one in _held(gate, case, known)]
        for case, stages in entered.items()
    }


def lapsed(case: Case, reader: User) -> list[Requirement]:
    """The gates behind the case that it does not meet any more, as they stand now."""
    known = Known([case], reader)
    gates = _in_order(StageGate.objects.filter(lapses__case=case))
    return [one for gate in gates for one in _held(gate, case, known)]


def _in_order(gates: QuerySet[StageGate]) -> QuerySet[StageGate]:
    return gates.select_related("stage", "minimum_tier").order_by("stage__position", "pk")


def stages_between(origin: Stage, target: Stage) -> list[Stage]:
    """The stages whose gates lie on the way forwards, the target among them; declining asks for none."""
    return on_the_way(origin, target, Stage.objects.filter(pipeline=target.pipeline_id))


def on_the_way(origin: Stage, target: Stage, stages: Iterable[Stage]) -> list[Stage]:
    """Those of the pipeline's stages whose gates lie between the two."""
    if target.outcome == Stage.Outcome.LOST:
        return []
    # A retired stage has no place any more: whoever leaves it is asked for all that lies before the target.
    passed = -1 if origin.is_retired else origin.position
    return [
        stage
        for stage in stages
        if passed < stage.position <= target.position
        and not stage.is_retired
        and stage.outcome != Stage.Outcome.LOST
    ]


def _page(case: Case, part: str) -> str:
    """The part of the case's page where something is put right."""
    return f"{reverse('funnel:case', args=[case.pk])}#{part}"


def _held(gate: StageGate, case: Case, known: Known) -> Iterator[Requirement]:
    if gate.parts:
        parties = known.parties.get(case.pk, [])
        found = of_parties(gate, case, parties, known.seen, known.tiers_of_parties)
    else:
        found = [_KINDS[Kind(gate.kind)](gate, case, known)]
    for asks, missing in found:
        yield Requirement(gate, asks, missing, missing is not None and (case.pk, gate.pk) in known.waived)


def _tier(gate: StageGate, case: Case, known: Known) -> Found:
    return of_leading_client(gate, case, known.tiers)


def _score(gate: StageGate, case: Case, known: Known) -> Found:
    facts = {"stage": str(gate.stage), "minimum": gate.params["minimum"]}
    asks = _("“%(stage)s” takes a score of %(minimum)s or more") % facts
    score = known.scores.get(case.client_id)
    if score is not None and score >= gate.params["minimum"]:
        return asks, None
    if score is None:
        text = _("“%(stage)s” takes a score of %(minimum)s or more, and the client has none yet.") % facts
    else:
        text = _("“%(stage)s” takes a score of %(minimum)s or more, and the client has %(score).1f.") % {
            **facts,
            "score": score,
        }
    return asks, Missing("gate_score", text, reverse("crm:client", args=[case.client_id]))


def _fields(gate: StageGate, case: Case, known: Known) -> Found:
    names = [name for name in FIELDS if name in gate.params["fields"]]
    facts = {"stage": str(gate.stage), "fields": listed(map(field_label, names))}
    asks = _("“%(stage)s” asks for %(fields)s") % facts
    empty = [field_label(name) for name in names if not _said(case, name)]
    if not empty:
        return asks, None
    text = _("“%(stage)s” asks for %(fields)s: fill it in.") % {**facts, "fields": listed(empty)}
    return asks, Missing("gate_fields", text, reverse("funnel:edit-case", args=[case.pk]))


def _documents(gate: StageGate, case: Case, known: Known) -> Found:
    of_tier = known.documents_of_tier(case) if gate.params.get("of_tier") else ()
    kinds = [CasePaper(kind) for kind in dict.fromkeys([*gate.params["documents"], *of_tier])]
    names = listed(str(kind.label) for kind in kinds)
    facts = {"stage": str(gate.stage), "documents": names or _("none that the tier policy names")}
    asks = _("“%(stage)s” asks for documents: %(documents)s") % facts
    lacking = [str(kind.label) for kind in kinds if kind not in known.documents.get(case.pk, ())]
    if not lacking:
        return asks, None
    text = _("“%(stage)s” asks for documents that are missing: %(documents)s.") % {
        **facts,
        "documents": listed(lacking),
    }
    return asks, Missing("gate_documents", text, _page(case, "documents"))


def _checklist(gate: StageGate, case: Case, known: Known) -> Found:
    kind = CheckItem.Kind(gate.params["checks"])
    points = [check for check in known.checks.get(case.pk, ()) if check.kind == kind]
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
    return asks, Missing("gate_checklist", text % facts, _page(case, "checks"))


def _approvals(gate: StageGate, case: Case, known: Known) -> Found:
    standing = standing_of(gate, known.approvals.get(case.pk, {}).get(gate.stage_id, []))
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
    return asks, Missing("gate_approvals", text % facts, _page(case, "approvals"))


def _condition(gate: StageGate, case: Case, known: Known) -> Found:
    condition = parse(gate.params["when"])
    words = (gate.params.get("name_zh") if reads_chinese() else "") or gate.params.get("name_en", "")
    facts = {
        "stage": str(gate.stage),
        "condition": words or display.condition_text(condition, catalogue=catalogue()),
    }
    asks = _("“%(stage)s” asks that: %(condition)s") % facts
    if holds(condition, known.facts.get(case.client_id, {})):
        return asks, None
    text = _("“%(stage)s” asks that: %(condition)s. By the facts in force this does not hold.") % facts
    return asks, Missing("gate_condition", text, reverse("crm:client", args=[case.client_id]))


def _term_sheet(gate: StageGate, case: Case, known: Known) -> Found:
    facts = {"stage": str(gate.stage)}
    asks = (
        _("“%(stage)s” asks for a term sheet that is issued, valid, and for the amount of the case") % facts
    )
    issued = known.term_sheets.get(case.pk)
    if issued is None:
        text = _("“%(stage)s” asks for a term sheet, and none is issued.")
    elif issued.amount != case.amount:
        text = _(
            "“%(stage)s” asks for a term sheet, and the one issued is for another amount. Issue a new version."
        )
    elif issued.valid_until < timezone.localdate():
        text = _(
            "“%(stage)s” asks for a term sheet, and the one issued is not valid any more. Issue a new version."
        )
    else:
        return asks, None
    return asks, Missing("gate_term_sheet", text % facts, _page(case, "term-sheet"))


def _said(case: Case, name: str) -> Any:
    """What stands in a field of the case, of another record its id."""
    column: Any = Case._meta.get_field(name)
    return column.value_from_object(case)


def field_label(name: str) -> str:
    """The name of a field of a case, as a gate asks for it."""
    column: Any = Case._meta.get_field(name)
    return str(column.verbose_name)


_KINDS: Mapping[Kind, Callable[[StageGate, Case, Known], Found]] = {
    Kind.TIER: _tier,
    Kind.SCORE: _score,
    Kind.FIELDS: _fields,
    Kind.DOCUMENTS: _documents,
    Kind.CHECKLIST: _checklist,
    Kind.APPROVALS: _approvals,
    Kind.CONDITION: _condition,
    Kind.TERM_SHEET: _term_sheet,
}

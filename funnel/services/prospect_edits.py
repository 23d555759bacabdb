"""Acts on many prospects: chosen, planned, applied in the background, and taken back, each in one transaction.

They go the way of `crm.services.bulk_edits`. One prospect alone goes the same way, at once (`act_on`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, Final

import pghistory
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.errors import DomainError, Invalid, NotPermitted
from crm.models import Client, User
from crm.services import edits
from crm.signals import records_changed
from funnel.errors import NoPipeline
from funnel.models import Pipeline, Prospect, ProspectEdit, ProspectEditItem
from funnel.prospect_bell import ring
from funnel.selectors.pipelines import first_stage
from funnel.selectors.rates import currencies
from funnel.services import prospect_rules
from funnel.services.lead_sources import can_own
from funnel.services.prospect_acts import ACTS, is_twin
from funnel.services.prospect_undoing import take_prospects_back

MOST: Final = 10_000
Status = ProspectEdit.Status
Outcome = ProspectEditItem.Outcome

PLAN = """
INSERT INTO funnel_prospectedititem (edit_id, prospect_id, version, outcome, code)
SELECT %(edit)s, f.id, f.version, CASE WHEN f.code <> '' THEN 'refuse' WHEN f.same THEN 'same' ELSE 'change' END, f.code
FROM (SELECT p.id, p.version, ({same}) AS same, CASE {rules} ELSE '' END AS code
      FROM funnel_prospect p WHERE p.id = ANY(%(prospects)s)) f
"""
STALE = """
WITH n AS (SELECT p.id, p.version, CASE {rules} ELSE '' END AS code
           FROM funnel_prospect p WHERE p.id = ANY(%(prospects)s))
UPDATE funnel_prospectedititem i SET outcome = 'refuse',
    code = CASE WHEN n.code <> '' THEN n.code ELSE 'changed_since' END
FROM n WHERE i.edit_id = %(edit)s AND i.outcome = 'change' AND n.id = i.prospect_id
    AND (n.code <> '' OR n.version <> i.version)
"""


class NobodyChosen(DomainError):
    code = "nobody_chosen"
    message = gettext_lazy("Select at least one prospect first.")
    status = 400


class TooMany(DomainError):
    code = "too_many_prospects"
    message = gettext_lazy("At most %(most)d prospects are worked on at once. Narrow the list.")
    status = 400


class Refused(DomainError):
    """One prospect alone was refused; `reason` says why."""

    code = "prospect_refused"
    message = gettext_lazy("%(reason)s")


@transaction.atomic
def choose(*, by: User, prospects: QuerySet[Prospect]) -> ProspectEdit:
    """Begin an act on prospects, of those that the user sees. Raises NotPermitted, NobodyChosen and TooMany."""
    if not by.has_perm("funnel.write_prospects"):
        raise NotPermitted
    seen = Prospect.objects.visible_to(by).filter(pk__in=prospects.order_by().values("pk"))
    ids = list(seen.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if not ids:
        raise NobodyChosen
    if len(ids) > MOST:
        raise TooMany(most=MOST)
    return ProspectEdit.objects.create(by=by, prospects=ids)


@transaction.atomic
def plan(*, by: User, edit: ProspectEdit, act: str, params: Mapping[str, Any]) -> ProspectEdit:
    """Find what an act would do to each prospect. Raises NotPermitted, WrongMoment and Invalid."""
    found = _own(by, edit, (Status.DRAFT, Status.PLANNED))
    found.act, found.params = act, _checked(by, found, act, params)
    found.items.all().delete()
    _run(PLAN, found)
    return edits.counted(found, Status.PLANNED)


@transaction.atomic
def apply(*, by: User, edit: ProspectEdit) -> ProspectEdit:
    """Do what was planned. Raises NotPermitted and WrongMoment."""
    return _start(_own(by, edit, (Status.PLANNED,)), Status.APPLYING)


@transaction.atomic
def undo(*, by: User, edit: ProspectEdit) -> ProspectEdit:
    """Take it back; prospects with which somebody went on stay as they are. Raises NotPermitted and WrongMoment."""
    return _start(_own(by, edit, (Status.APPLIED,)), Status.UNDOING)


def act_on(
    *, by: User, prospect: Prospect, version: int | None, act: str, params: Mapping[str, Any]
) -> ProspectEdit:
    """Act on one prospect at once, as at `version`. Raises NotPermitted, Invalid, and Refused with the reason."""
    with transaction.atomic():
        edit = choose(by=by, prospects=Prospect.objects.filter(pk=prospect.pk))
        planned = plan(by=by, edit=edit, act=act, params=params)
        if version is not None and planned.items.exclude(version=version).exists():
            raise Refused(reason=prospect_rules.REASONS["changed_since"])
        _check_item(planned)
        started = _start(planned, Status.APPLYING, go=False)
    run_edit(started.pk)
    done = ProspectEdit.objects.get(pk=started.pk)
    _check_item(done)
    return done


def _check_item(edit: ProspectEdit) -> None:
    refused = edit.items.filter(outcome=Outcome.REFUSE).first()
    if refused is not None:
        raise Refused(reason=prospect_rules.REASONS[refused.code])


def run_edit(edit_id: int) -> None:
    """Do the work that an act waits for, unless somebody else holds it. Safe to repeat."""
    edits.run(ProspectEdit, edit_id, _work)


def _work(claimed: ProspectEdit) -> None:
    name = "prospect_edit" if claimed.status == Status.APPLYING else "undone_prospect_edit"
    with pghistory.context(**{name: claimed.pk}, user=claimed.by_id) as context, transaction.atomic():
        edit = edits.still_claimed(claimed)
        if edit is None:
            return
        if not edit.by.has_perm("funnel.write_prospects"):
            status: str = Status.FAILED
        elif edit.status == Status.APPLYING:
            status, edit.written_in = _apply(edit), context.id
        else:
            assert edit.written_in
            edit.counts["kept"] = take_prospects_back(written_in=edit.written_in, by=edit.by)
            status = Status.UNDONE
        edit.lease_until, edit.finished_at = None, Now()
        edits.counted(edit, status)
        records_changed()
        ring()


def _apply(edit: ProspectEdit) -> str:
    """What changed since it was planned is refused rather than overwritten."""
    locked = Prospect.objects.select_for_update(of=("self",)).select_related("source")
    rows = {row.pk: row for row in locked.filter(pk__in=edit.prospects).order_by("pk")}
    _run(STALE, edit)
    changing = (
        edit.items.filter(outcome=Outcome.CHANGE).order_by("prospect").values_list("prospect", flat=True)
    )
    prospects = [rows[pk] for pk in changing]
    if prospects:
        ACTS[edit.act](prospects, edit.by, edit.params)
    return Status.APPLIED


def _run(statement: str, edit: ProspectEdit) -> None:
    pipeline = Pipeline.objects.filter(pk=edit.params.get("pipeline", 0)).first()
    rules = prospect_rules.rules_for(edit, pipeline)
    cases = " ".join(f"WHEN {where} THEN '{code}'" for code, where in rules)
    same = "p.owner_id = %(owner)s" if edit.act == ProspectEdit.Act.ASSIGN else "false"
    params = prospect_rules.values_for(edit, pipeline, currencies())
    prospect_rules.run(
        statement.format(rules=cases, same=same), {**params, "owner": edit.params.get("owner")}
    )


def _checked(by: User, edit: ProspectEdit, act: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of an act, as far as it has any. Raises Invalid."""
    if act == ProspectEdit.Act.QUALIFY:
        return _qualifying(params)
    if act == ProspectEdit.Act.ASSIGN:
        return _assigning(by, params)
    if act == ProspectEdit.Act.REJECT:
        return _rejecting(params)
    if act == ProspectEdit.Act.MERGE and len(edit.prospects) == 1:
        return _merging(by, edit.prospects[0], params)
    raise Invalid({"act": [_("There is no such act. Choose one of the list.")]})


def _qualifying(params: Mapping[str, Any]) -> dict[str, Any]:
    pipeline = Pipeline.objects.filter(pk=params.get("pipeline") or 0, is_retired=False).first()
    if pipeline is None:
        raise Invalid({"pipeline": [_("Choose a funnel.")]})
    try:
        first_stage(pipeline)
    except NoPipeline as error:
        raise Invalid({"pipeline": [str(error)]}) from error
    amount = params.get("amount")
    if amount is not None and amount <= 0:
        raise Invalid({"amount": [_("An amount is above zero.")]})
    return {
        "pipeline": pipeline.pk,
        "product": params.get("product") or "",
        "amount": str(amount) if amount else "",
    }


def _assigning(by: User, params: Mapping[str, Any]) -> dict[str, Any]:
    """An RM takes prospects; a lead gives them to anybody of the team."""
    owner = User.objects.filter(pk=params.get("owner") or 0).first()
    may = owner is not None and by.team is not None and can_own(owner, by.team)
    if owner is None or not may or not (owner.pk == by.pk or by.has_perm("crm.assign_rm")):
        raise Invalid({"owner": [_("Choose somebody of the team who works with clients.")]})
    return {"owner": owner.pk}


def _rejecting(params: Mapping[str, Any]) -> dict[str, Any]:
    reason, remark = params.get("reason"), (params.get("remark") or "").strip()
    if reason not in Prospect.Reason.values:
        raise Invalid({"reason": [_("Choose a reason.")]})
    if reason == Prospect.Reason.OTHER and not remark:
        raise Invalid({"remark": [_("Say what the reason is.")]})
    return {"reason": reason, "remark": remark[:300]}


def _merging(by: User, pk: int, params: Mapping[str, Any]) -> dict[str, Any]:
    """Into a client, or another prospect, that the user sees and that it was found to look like."""
    kind = "other" if params.get("other") else "client"
    rows: Any = Prospect.objects if kind == "other" else Client.objects
    target = rows.visible_to(by).filter(pk=params.get(kind) or 0).first()
    if target is None or not is_twin(Prospect.objects.get(pk=pk), {kind: target.pk}):
        raise Invalid({kind: [_("Choose one of those that it looks like.")]})
    return {kind: target.pk}


def _own(by: User, edit: ProspectEdit, statuses: Collection[str]) -> ProspectEdit:
    found: ProspectEdit = edits.own(edit, by, "funnel.write_prospects", statuses)
    return found


def _start(edit: ProspectEdit, status: str, *, go: bool = True) -> ProspectEdit:
    edits.start(edit, status)
    if go:
        work = partial(edits.go, edit.pk, len(edit.prospects), run_edit, "funnel.tasks.run_prospect_edit")
        transaction.on_commit(work, robust=True)
    return edit

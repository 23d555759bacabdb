"""The page of a case: all that is known of it, and what the reader may do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from crm.formats import localized
from crm.http import Request
from crm.models import User
from funnel import forms_case as forms
from funnel.forms import Move
from funnel.forms_parties import ChangeParty, NewParty
from funnel.models import Case, CheckItem
from funnel.selectors.approvals import is_party, may_decide, panels_of
from funnel.selectors.gates import lapsed, requirements
from funnel.selectors.lineage import documents_of, recuts_of
from funnel.selectors.parties import parties_of, share_left
from funnel.selectors.pipelines import reasons_ever, stages_of
from funnel.selectors.rates import rates_on
from funnel.selectors.terms import terms_of
from funnel.selectors.tiers import primary_tier
from funnel.selectors.timeline import timeline
from funnel.selectors.work import colleagues, points_of, works_on


def visible_case(user: User, pk: int) -> Case:
    """The case, or 404 where the user may not see its client."""
    cases = (
        Case.objects.visible_to(user)
        .for_cards()
        .select_related("project", "opened_by", "stage__pipeline", "cloned_from")
    )
    return get_object_or_404(cases, pk=pk)


def held_case(user: User, pk: int) -> Case:
    """The case, if the user holds its client; refused otherwise."""
    case = visible_case(user, pk)
    if not user.has_perm("funnel.move_case", case.client):
        raise PermissionDenied
    return case


def worked_case(user: User, pk: int) -> Case:
    """The case, if the user works on it; refused otherwise."""
    case = visible_case(user, pk)
    if not works_on(user, case):
        raise PermissionDenied
    return case


def checks_of(case: Case, user: User, works: bool) -> list[dict[str, Any]]:
    """The points by kind, with the forms to plan and to finish it, and whether the reader may decide on a waiver."""
    checks = points_of(case)
    asked = any(check.state == CheckItem.State.ASKED for check in checks)
    decides = asked and may_decide(case, user)
    return [
        {"kind": kind, "points": _points([one for one in checks if one.kind == kind], user, works, decides)}
        for kind in CheckItem.Kind
    ]


def _points(checks: Sequence[CheckItem], user: User, works: bool, decides: bool) -> list[dict[str, Any]]:
    """Those of a kind have one form, whose words the page sets for each."""
    is_open = [check for check in checks if works and check.is_open]
    finish = forms.FinishCheck(check=is_open[0]) if is_open else None
    plan = forms.PlanCheck(check=is_open[0]) if is_open else None
    return [
        {
            "check": check,
            "finish": finish if check in is_open else None,
            "plan": plan if check in is_open else None,
            "decide": decides and check.state == CheckItem.State.ASKED and check.asked_by != user,
        }
        for check in checks
    ]


def parties_shown(
    case: Case, user: User, can_edit: bool, added: NewParty | None, changed: ChangeParty | None
) -> dict[str, Any]:
    """The further clients, and the forms that add one and change each; one of these may have been refused."""
    found = parties_of(case, user)
    rows = [(one, ChangeParty(party=one.row) if can_edit else None) for one in found]
    if changed is not None:
        rows = [(one, changed if one.row == changed.party else form) for one, form in rows]
    new = (added or NewParty(user=user)) if can_edit else None
    chosen = new.chosen if new else None
    return {
        "parties": rows,
        "share_left": share_left(found),
        "new_party": new,
        "chosen": chosen,
        "choices": [{"client": chosen, "tier": primary_tier(chosen)}] if chosen else [],
    }


def case_page(
    request: Request,
    case: Case,
    form: Move | None = None,
    missing: Any = (),
    status: int = 200,
    new_party: NewParty | None = None,
    changed_party: ChangeParty | None = None,
) -> HttpResponse:
    """The page; `form` is a move that was refused, `missing` what its gates asked for, `new_party` and `changed_party`
    what was said of a party and refused."""
    user, is_open, of_end = request.user, case.is_open, (case.stage_id, case.reason)
    ahead = stages_of(case.stage.pipeline).filter(position__gt=case.stage.position)
    works = is_open and works_on(user, case)
    holds = user.has_perm("funnel.move_case", case.client)
    asked = requirements(case, ahead, user) if is_open else []
    sheets = list(case.term_sheets.all())
    rate = rates_on(timezone.localdate()).get(case.currency)
    may_waive = user.has_perm("funnel.waive_gates") and not is_party(user, case)
    context = {
        "case": case,
        "tier": primary_tier(case.client),
        "requirements": asked,
        "lapsed": [one for one in lapsed(case, user) if one.bars],
        "missing": missing,
        "terms": terms_of(case),
        "worth": case.amount * rate if rate else None,
        "reason": next(
            (one for one in reasons_ever(case.stage.pipeline) if of_end == (one.stage_id, one.key)), None
        ),
        "events": timeline(case, user),
        **parties_shown(case, user, holds and is_open, new_party, changed_party),
        "checks": checks_of(case, user, works),
        "owners": [(person.pk, localized(person)) for person in colleagues(case)] if works else [],
        "new_check": forms.NewCheck(case=case) if works else None,
        "panels": panels_of(case, user),
        "documents": documents_of(case),
        "recuts": recuts_of(case),
        "term_sheets": sheets,
        "may_draft": holds and is_open and not any(one.status in one.IN_PREPARATION for one in sheets),
        "new_document": forms.NewDocument() if is_open and user.has_perm("funnel.add_document") else None,
        "team": case.team.select_related("user"),
        "co_lenders": case.co_lenders.all(),
        "form": form or Move(pipeline=case.stage.pipeline),
        "can_move": holds and not case.dissolved_by_id,
        "holds": holds,
        "can_edit": holds and is_open,
        "may_clone": user.has_perm("funnel.add_case", case.client),
        "new_co_lender": forms.NewCoLender() if holds and is_open else None,
        "team_form": forms.Team(case=case) if holds and is_open else None,
        "waive": forms.Waive(case=case) if may_waive and any(one.bars for one in asked) else None,
        "today": timezone.localdate(),
    }
    return render(request, "funnel/case.html", context, status=status)

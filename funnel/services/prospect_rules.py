"""What speaks against an act on prospects, found for all of them at once.

Rules are SQL of our own over the prospect `p`: a code and the condition under which it refuses. The first one counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core.identity import fault_of, looks_like_uscc
from crm.cover import stood_in_for
from crm.models import Role, User
from crm.selectors.duplicates import WARNED_FROM
from funnel.models import Pipeline, Prospect, ProspectEdit

Rule = tuple[str, str]

SEEN: Final = """
EXISTS (SELECT FROM funnel_prospecttwin t
        LEFT JOIN crm_client c ON c.id = t.client_id
        LEFT JOIN funnel_prospect o ON o.id = CASE WHEN t.prospect_id = p.id THEN t.other_id ELSE t.prospect_id END
        WHERE (t.prospect_id = p.id OR t.other_id = p.id) AND NOT t.is_apart AND t.score >= %(warned_from)s
            AND (t.client_id IS NOT NULL AND t.prospect_id = p.id AND c.merged_into_id IS NULL AND c.team_id = p.team_id
                 OR t.other_id IS NOT NULL AND o.status IN ('new', 'contacted', 'qualified') AND o.team_id = p.team_id))
"""
CODE: Final = "'PR' || lpad(p.id::text, greatest(6, length(p.id::text)), '0')"
"""The code of `qualifying.CODE`."""
NUMBER_TAKEN: Final = """
p.registration_number <> '' AND (
    EXISTS (SELECT FROM crm_client c WHERE c.registration_number = p.registration_number)
    OR EXISTS (SELECT FROM funnel_prospect o WHERE o.registration_number = p.registration_number
               AND o.id < p.id AND o.id = ANY(%(prospects)s)))
"""
REASONS: Final = {
    "not_held": _("Somebody else's: only its owner and the lead of the team decide about it."),
    "decided": _("Somebody decided about it already."),
    "changed_since": _("Somebody changed it after you looked."),
    "looks_like": _("It looks like a client or another prospect. Say whether they are the same first."),
    "number_taken": _("Its registration number is that of a client."),
    "number_wrong": _(
        "Its registration number is no unified social credit code; look for a wrong character."
    ),
    "code_taken": _("A client has the code that it would get. Ask a system administrator."),
    "no_product": _("Nobody said which product it asks for."),
    "other_product": _("The funnel does not take its product."),
    "no_amount": _("Nobody said how much it asks for."),
    "no_rate": _("No rate of its currency is known."),
}
"""Why a prospect is refused, by code."""


def rules_for(edit: ProspectEdit, pipeline: Pipeline | None) -> Iterator[Rule]:
    """The rules of an act, in the order in which they are told."""
    yield "not_held", f"NOT coalesce({_held(edit.by)}, false)"
    yield "decided", "p.status NOT IN ('new', 'contacted')"
    if edit.act != ProspectEdit.Act.QUALIFY or pipeline is None:
        return
    yield "looks_like", SEEN
    yield "number_wrong", "p.id = ANY(%(wrong)s)"
    yield "number_taken", NUMBER_TAKEN
    yield (
        "code_taken",
        f"EXISTS (SELECT FROM crm_client c WHERE c.code = {CODE})",
    )
    yield "no_product", "p.product = '' AND %(product)s = ''"
    if pipeline.products:
        yield "other_product", "NOT coalesce(nullif(p.product, ''), %(product)s) = ANY(%(products)s)"
    yield "no_amount", "p.amount IS NULL AND NOT %(has_amount)s"
    yield "no_rate", "NOT p.currency = ANY(%(currencies)s)"


def values_for(edit: ProspectEdit, pipeline: Pipeline | None, currencies: list[str]) -> dict[str, Any]:
    """The parameters of the rules."""
    return {
        "edit": edit.pk,
        "prospects": edit.prospects,
        "team": edit.by.team_id,
        "books": [edit.by_id, *stood_in_for(edit.by)],
        "warned_from": WARNED_FROM,
        "wrong": _wrong_numbers(edit.prospects) if pipeline else [],
        "product": edit.params.get("product", ""),
        "products": pipeline.products if pipeline else [],
        "has_amount": bool(edit.params.get("amount")),
        "currencies": currencies,
    }


def _held(user: User) -> str:
    """Whether the user may work on the prospect `p`, as `funnel.prospect_querysets.held` says it."""
    team = "p.team_id = %(team)s"
    own: dict[str, str] = {
        Role.RM: f"{team} AND (p.owner_id IS NULL OR p.owner_id = ANY(%(books)s))",
        Role.TEAM_LEAD: team,
    }
    return own.get(user.role, "false")


def _wrong_numbers(prospects: list[int]) -> list[int]:
    """Those whose number is meant to be a unified social credit code and is none."""
    numbered = Prospect.objects.filter(pk__in=prospects).exclude(registration_number="")
    rows = numbered.values_list("pk", "registration_number")
    return [pk for pk, number in rows if looks_like_uscc(number) and fault_of("uscc", number)]


def run(statement: str, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)

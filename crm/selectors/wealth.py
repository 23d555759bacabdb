"""How wealthy individuals are: high net worth, middle or ordinary, by the amounts in the house's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from crm import slots
from crm.core.house_fields import ANNUAL_INCOME, NET_WORTH
from crm.models import ClientRules, User
from crm.selectors.profiles import GROUP, Known
from crm.selectors.stages import client_rules

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CLASSES: Mapping[str, _StrOrPromise] = {
    "hnw": _("High net worth"),
    "mid": _("Middle"),
    "ordinary": _("Ordinary"),
}


def wealth_of(known: Sequence[Known]) -> _StrOrPromise:
    """The class of a person by what is known of them; empty where neither amount is."""
    amounts = {one.field.key: one.value for one in known}
    found = classed(amounts.get(NET_WORTH), amounts.get(ANNUAL_INCOME), client_rules())
    return CLASSES[found] if found else ""


def classed(worth: object, income: object, rules: ClientRules) -> str:
    """Either amount suffices for a class; "" where neither is known."""
    if worth is None and income is None:
        return ""
    for name, worth_from, income_from in _classes(rules):
        if (isinstance(worth, float) and worth >= worth_from) or (
            isinstance(income, float) and income >= income_from
        ):
            return name
    return "ordinary"


def condition_fields(user: User, day: date) -> list[slots.Field]:
    """The class as what conditions may ask of a client."""
    worth, income = _latest(NET_WORTH, day), _latest(ANNUAL_INCOME, day)
    cases = " ".join(
        f"WHEN {worth} >= {worth_from!r} OR {income} >= {income_from!r} THEN '{name}'"
        for name, worth_from, income_from in _classes(client_rules())
    )
    sql = (
        f"CASE WHEN c.kind = 'individual' THEN CASE {cases}"
        f" WHEN {worth} IS NOT NULL OR {income} IS NOT NULL THEN 'ordinary' END END"
    )
    return [
        slots.Field(
            key="client.wealth",
            label=_("class of wealth"),
            group=GROUP,
            sql=sql,
            type="category",
            categories=CLASSES,
        )
    ]


def _classes(rules: ClientRules) -> tuple[tuple[str, float, float], ...]:
    return (
        ("hnw", rules.wealthy_worth, rules.wealthy_income),
        ("mid", rules.middle_worth, rules.middle_income),
    )


def _latest(metric: str, day: date) -> str:
    return (
        f"(SELECT o.value FROM crm_observation o WHERE o.client_id = c.id AND o.metric = '{metric}'"  # noqa: S608
        f" AND o.project_id IS NULL AND o.observed_on <= DATE '{day.isoformat()}'"
        " ORDER BY o.observed_on DESC, o.received_on DESC, o.id DESC LIMIT 1)"
    )

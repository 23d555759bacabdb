"""Sources, and prospects of them."""

from itertools import count
from typing import Any

from crm.models import Role, User
from crm.names import sort_key
from funnel.models import LeadSource, Prospect
from tests.factories import make_user

numbers = count(1)
TEXTS = {
    "title_en": "Finance with us",
    "title_zh": "融资需求",
    "consent_en": "You may contact me.",
    "consent_zh": "同意联系。",
}


def make_source(by: User | None = None, **fields: Any) -> LeadSource:
    """A source of the team of `by`, with a web form that is open where `is_open` says so."""
    by = by or make_user(Role.TEAM_LEAD)
    return LeadSource.objects.create(
        **{"name": f"List {next(numbers)}", "kind": "import", "team": by.team, **TEXTS, **fields}
    )


def make_prospect(owner: User | None = None, source: LeadSource | None = None, **fields: Any) -> Prospect:
    """A prospect of a source of the owner's team, with a product and an amount."""
    source = source or make_source(owner)
    defaults = {
        "name_en": f"Quartz {next(numbers)} Mining",
        "product": "term_loan",
        "amount": 5_000_000,
        "team": source.team,
        "owner": owner,
    }
    made = {**defaults, **fields}
    key = sort_key(made.get("name_zh", ""), made["name_en"])
    return Prospect.objects.create(source=source, sort_key=key, **made)

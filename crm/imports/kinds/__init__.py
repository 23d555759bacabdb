"""The kinds of import: which fields each has, in which order, and what headers mean them."""

from crm.imports.kinds.clients import CLIENTS
from crm.imports.kinds.common import Kind
from crm.imports.kinds.dealings import COLLATERAL, FACILITIES, INTERACTIONS, NOTES, PAYMENTS, TASKS
from crm.imports.kinds.projects import PROJECTS
from crm.imports.kinds.records import CREDIT_REPORTS, OBSERVATIONS, REVENUE, STATEMENTS
from crm.imports.kinds.who import ADDRESSES, CONSENTS, NUMBERS, PEOPLE, RELATIONS, TAGS

__all__ = ["KINDS", "Kind"]

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        CLIENTS,
        PEOPLE,
        NUMBERS,
        ADDRESSES,
        RELATIONS,
        CONSENTS,
        TAGS,
        STATEMENTS,
        CREDIT_REPORTS,
        OBSERVATIONS,
        PROJECTS,
        FACILITIES,
        PAYMENTS,
        COLLATERAL,
        REVENUE,
        INTERACTIONS,
        NOTES,
        TASKS,
    )
}

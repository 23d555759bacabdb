"""The kinds of import: which fields each has, in which order, and what headers mean them."""

from crm.imports.kinds.clients import CLIENTS
from crm.imports.kinds.common import Kind
from crm.imports.kinds.projects import PROJECTS
from crm.imports.kinds.records import OBSERVATIONS, REVENUE, STATEMENTS

__all__ = ["KINDS", "Kind"]

KINDS: dict[str, Kind] = {kind.name: kind for kind in (CLIENTS, STATEMENTS, OBSERVATIONS, PROJECTS, REVENUE)}

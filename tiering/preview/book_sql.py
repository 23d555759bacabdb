"""What is read of a book beside what criteria read: the same whether it becomes columns or is joined to a stored run.

In every statement ``f`` is a row of `tiering_facts`, ``p`` one of `tiering_projectfacts` where subjects are clients
within projects, ``c`` the client and ``l`` the open facilities of the subject; ``%(day)s`` is the day.
"""

from collections.abc import Mapping
from typing import Final

from tiering.core.document import SubjectKind

# Of a client as a whole exposure is the fact that its tier was found by; within a project it is what is owed on the
# facilities of that project.
CLIENTS: Final[Mapping[str, str]] = {
    "exposure": "coalesce(f.exposure, 0)",
    "revenue": "coalesce(f.revenue_12m, 0)",
}
WITHIN: Final[Mapping[str, str]] = {
    "exposure": "coalesce(l.exposure, 0)",
    "revenue": "coalesce((p.values ->> 'project_revenue_12m')::float8, 0)",
}
BOTH: Final[Mapping[str, str]] = {
    "facilities": "coalesce(l.facilities, 0)",
    "limits": "coalesce(l.limits, 0)",
    "sector": "coalesce(c.industry_id, 0)",
    "rm": "coalesce(c.rm_id, 0)",
    "team": "coalesce(c.team_id, 0)",
    "region": "coalesce(c.region_id, 0)",
}

_OPEN = "a.opened_on <= %(day)s AND (a.closed_on IS NULL OR a.closed_on > %(day)s)"

OF_CLIENTS: Final = """
LEFT JOIN (
    SELECT a.client_id, count(*)::int AS facilities, sum(a."limit")::float8 AS limits
    FROM crm_facility a WHERE {is_open} GROUP BY a.client_id
) AS l ON l.client_id = {client}"""

OF_PROJECTS: Final = """
LEFT JOIN (
    SELECT a.client_id, a.project_id, count(*)::int AS facilities, sum(a."limit")::float8 AS limits,
           sum(greatest(a.drawn - coalesce(r.repaid, 0), 0))::float8 AS exposure
    FROM crm_facility a
    LEFT JOIN LATERAL (
        SELECT sum(y.principal) AS repaid FROM crm_payment y WHERE y.facility_id = a.id AND y.paid_on <= %(day)s
    ) AS r ON true
    WHERE a.project_id IS NOT NULL AND {is_open} GROUP BY a.client_id, a.project_id
) AS l ON l.client_id = {client} AND l.project_id = {project}"""


def described(subject: SubjectKind) -> dict[str, str]:
    """The expressions by name."""
    return {**(CLIENTS if subject == "client" else WITHIN), **BOTH}


def joined(subject: SubjectKind, client: str, project: str) -> str:
    """What joins ``c`` and ``l`` to the subjects, given the expressions of their ids."""
    facilities = OF_CLIENTS if subject == "client" else OF_PROJECTS
    joins = facilities.format(client=client, project=project, is_open=_OPEN)
    return f"JOIN crm_client c ON c.id = {client}{joins}"

"""What may become of a client after a day: outcomes that source records tell, set-wise for everybody.

Each outcome is a relation of those who could have it (``client_id``) and whether they did (``bad``) between the day
after ``start`` and ``end``, both dates. Who had it already is not among them: it could not be foretold any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LATE_DAYS: Final = 90
FALLEN_TO: Final = 0.5
"""Revenue below this share of the same stretch before counts as fallen."""
SILENT_MONTHS: Final = 6
"""Who brings nothing in for so long at the end, and owes nothing, is lost."""


@dataclass(frozen=True)
class Outcome:
    """``relation`` is SQL over the parameters ``start``, ``end`` and those of ``span``; ``least_months`` is the
    shortest horizon that it can be told for."""

    key: str
    label: str | Promise
    help: str | Promise
    relation: str
    least_months: int = 1


def until(start: date, end: date) -> dict[str, Any]:
    """The parameters of the relation of what is overdue: what happens after a day and until another."""
    return {"start": start, "end": end, "late": LATE_DAYS}


def span(start: date, months: int) -> dict[str, Any]:
    """The parameters of any relation: what happens in so many months after a day."""
    end = start + relativedelta(months=months)
    return {
        **until(start, end),
        "before": start - relativedelta(months=months),
        "year_before": start - relativedelta(years=1),
        "silent_from": end - relativedelta(months=SILENT_MONTHS),
        "fallen_to": FALLEN_TO,
    }


# The day on which an instalment is so late for the first time, if it ever was. One that was never paid is late for good.
_LATE = """
SELECT f.client_id, p.due_on + %(late)s + 1 AS since, coalesce(p.paid_on, 'infinity'::date) AS until
FROM crm_payment p JOIN crm_facility f ON f.id = p.facility_id
WHERE p.due_on + %(late)s + 1 <= %(end)s AND coalesce(p.paid_on, 'infinity'::date) > p.due_on + %(late)s
"""

# Owing something on the day: an open facility.
_BORROWERS = """
SELECT DISTINCT client_id FROM crm_facility
WHERE opened_on <= %(start)s AND matures_on > %(start)s AND coalesce(closed_on, 'infinity'::date) > %(start)s
"""

_OVERDUE = f"""
SELECT b.client_id, bool_or(l.since > %(start)s) IS TRUE AS bad
FROM ({_BORROWERS}) b LEFT JOIN ({_LATE}) l ON l.client_id = b.client_id
GROUP BY b.client_id
HAVING NOT coalesce(bool_or(l.since <= %(start)s AND l.until > %(start)s), false)
"""

_RATED_D = """
SELECT client_id, min(reported_on) AS since FROM crm_creditreport
WHERE rating = 'D' AND reported_on <= %(end)s GROUP BY client_id
"""

_DEFAULT = f"""
SELECT o.client_id, o.bad OR d.since IS NOT NULL AS bad
FROM ({_OVERDUE}) o LEFT JOIN ({_RATED_D}) d ON d.client_id = o.client_id
WHERE d.since IS NULL OR d.since > %(start)s
"""

DEFAULTS: Final = f"""
SELECT client_id, since, until FROM ({_LATE}) l
UNION ALL SELECT client_id, since, 'infinity'::date FROM ({_RATED_D}) d
"""
"""Each stretch of time that a client is in default: from ``since``, a date, to the day before ``until``; those that
begin by ``end``."""

# The latest statement of each month counts, whoever restated it.
_REVENUE = """
SELECT DISTINCT ON (client_id, month, project_id, source) client_id, month, amount FROM crm_revenue
WHERE month >= least(%(before)s, %(year_before)s) AND month < %(end)s
ORDER BY client_id, month, project_id, source, received_on DESC
"""

_FALLEN = f"""
SELECT client_id, coalesce(sum(amount) FILTER (WHERE month >= %(start)s), 0)
    < %(fallen_to)s * sum(amount) FILTER (WHERE month < %(start)s) AS bad
FROM ({_REVENUE}) r WHERE month >= %(before)s
GROUP BY client_id HAVING sum(amount) FILTER (WHERE month < %(start)s) > 0
"""

_LOST = f"""
SELECT r.client_id, coalesce(sum(amount) FILTER (WHERE month >= %(silent_from)s), 0) <= 0 AND NOT EXISTS (
    SELECT FROM crm_facility f WHERE f.client_id = r.client_id AND f.opened_on <= %(end)s
    AND f.matures_on > %(end)s AND coalesce(f.closed_on, 'infinity'::date) > %(end)s) AS bad
FROM ({_REVENUE}) r GROUP BY r.client_id
HAVING sum(amount) FILTER (WHERE month >= %(year_before)s AND month < %(start)s) > 0
"""

OUTCOMES: Final[Mapping[str, Outcome]] = {
    outcome.key: outcome
    for outcome in (
        Outcome(
            "default",
            _("Default"),
            _(
                "More than 90 days overdue, or rated D. Of clients with an open facility who were neither on the day."
            ),
            _DEFAULT,
        ),
        Outcome(
            "overdue",
            _("More than 90 days overdue"),
            _(
                "An instalment was late by more than 90 days. Of clients with an open facility without such a one."
            ),
            _OVERDUE,
        ),
        Outcome(
            "lost",
            _("Lost"),
            _(
                "No revenue in the last six months and nothing owed. Of clients with revenue in the year before."
            ),
            _LOST,
            least_months=SILENT_MONTHS,
        ),
        Outcome(
            "revenue_fall",
            _("Revenue fallen by half"),
            _("Revenue below half of that of as many months before. Of clients who had some."),
            _FALLEN,
            least_months=3,
        ),
    )
}

"""What the rule makes of the records of clients: their status and life-cycle stage on a day, each with why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import formats
from crm.core.house_fields import FOUNDED_ON
from crm.models import Axis, Client, ClientRules, StageChange, StageHold, User
from crm.models.stages import reason_words
from crm.prepared import prepared
from crm.presence import may_have
from crm.reading import read_once

# A share of what a project brings in is booked on every party of it, sponsors included whom we do no business with: it
# shows that somebody is not dormant, but makes nobody a client. Everything is asked of one client at a time by an
# index, so that a batch costs what its clients have.
RECORDS = """
SELECT c.id, c.kind, c.status, c.life_cycle,
    (SELECT max(i.at)::date FROM crm_interaction i
     WHERE i.client_id = c.id AND i.at < %(day)s::date + 1) AS contact,
    (SELECT least(max(r.month) + interval '1 month - 1 day', %(day)s)::date FROM crm_revenue r
     WHERE r.client_id = c.id AND r.amount > 0 AND r.month <= %(day)s AND r.received_on <= %(day)s) AS revenue,
    EXISTS (SELECT FROM crm_revenue r WHERE r.client_id = c.id AND r.amount > 0 AND r.project_id IS NULL
            AND r.month <= %(day)s AND r.received_on <= %(day)s) AS pays,
    f.lends, f.lent, f.ended, (%(day)s::date - founding.day) / 365.25 AS years, growth.growth
FROM crm_client c
LEFT JOIN LATERAL (
    SELECT count(*) > 0 AS lent, max(x.closed_on) AS ended,
           coalesce(bool_or(x.closed_on IS NULL OR x.closed_on > %(day)s), false) AS lends
    FROM crm_facility x WHERE x.client_id = c.id AND x.opened_on <= %(day)s
) f ON true
LEFT JOIN LATERAL (
    SELECT v.day FROM crm_profilevalue v JOIN crm_profilefield d ON d.id = v.field_id AND d.key = %(founded)s
    WHERE v.client_id = c.id AND v.day <= %(day)s
) founding ON true
LEFT JOIN LATERAL (
    SELECT (now.revenue / nullif(before.revenue, 0) - 1)::float8 AS growth FROM (
        SELECT s.period_end, s.revenue FROM crm_financialstatement s
        WHERE s.client_id = c.id AND s.received_on <= %(day)s AND s.revenue IS NOT NULL
        ORDER BY s.period_end DESC, s.received_on DESC LIMIT 1
    ) now JOIN LATERAL (
        SELECT s.revenue FROM crm_financialstatement s
        WHERE s.client_id = c.id AND s.received_on <= %(day)s AND s.revenue > 0
            AND s.period_end BETWEEN now.period_end - 430 AND now.period_end - 300
        ORDER BY s.period_end DESC, s.received_on DESC LIMIT 1
    ) before ON true
) growth ON true
"""
JUDGED = """
SELECT k.*, greatest(k.contact, k.revenue, k.ended) AS latest,
    CASE WHEN k.lends THEN 'lends'
         WHEN NOT k.lent AND NOT k.pays THEN 'no_business'
         WHEN greatest(k.contact, k.revenue, k.ended) >= %(day)s::date - %(dormant_days)s THEN 'recent'
         ELSE 'silent' END AS status_code,
    CASE WHEN k.kind = 'individual' THEN NULL
         WHEN k.years < %(start_up_years)s THEN 'young'
         WHEN k.growth <= %(decline_to)s THEN 'shrinks'
         WHEN k.growth >= %(growth_from)s THEN 'grows'
         WHEN k.growth IS NOT NULL THEN 'steady'
         WHEN k.years >= %(mature_years)s THEN 'old' END AS life_code
FROM ({records}) k
"""
STATUS = {"lends": "active", "no_business": "potential", "recent": "active", "silent": "dormant"}
LIFE = {"young": "start_up", "shrinks": "decline", "grows": "growth", "steady": "mature", "old": "mature"}


@read_once
def client_rules() -> ClientRules:
    """The rules in force."""
    (rules,) = _rules()
    return rules


@prepared
def _rules() -> QuerySet[ClientRules]:
    return ClientRules.objects.all()


def judged_sql(which: str) -> str:
    """The statement that judges the clients `c` of a condition, over the parameters of `judged_params`."""
    return JUDGED.format(records=f"{RECORDS} WHERE {which}")


def judged_params(day: date, rules: ClientRules) -> dict[str, Any]:
    names = ("dormant_days", "start_up_years", "mature_years", "growth_from", "decline_to")
    return {"day": day, "founded": FOUNDED_ON, **{name: getattr(rules, name) for name in names}}


@dataclass(frozen=True)
class Stage:
    """One axis of a client: what holds, what the rule says and why, and what somebody set by hand."""

    axis: Axis
    value: str
    derived: str
    why: Mapping[str, Any]
    hold: StageHold | None

    @property
    def label(self) -> str:
        return stage_label(self.axis, self.value)

    @property
    def derived_label(self) -> str:
        return stage_label(self.axis, self.derived)

    @property
    def reason(self) -> str:
        """Why the rule says what it says, in words."""
        return reason_text(self.why)


def stages_of(client: Client, day: date) -> list[Stage]:
    """Both axes of a client on a day; of a person only the status."""
    params = judged_params(day, client_rules())
    with connection.cursor() as cursor:
        judged = judged_sql("c.id = %(client)s")
        figures = f"SELECT status_code, life_code, latest, years, growth FROM ({judged}) j"  # noqa: S608
        cursor.execute(figures, {**params, "client": client.pk})
        status, life, latest, years, growth = cursor.fetchone()
    holds = {hold.axis: hold for hold in holds_on(client, day)} if may_have(client, StageHold) else {}
    days = (day - latest).days if latest else None
    found = [
        Stage(Axis.STATUS, client.status, STATUS[status], {"code": status, "days": days}, holds.get("status"))
    ]
    if client.kind != Client.Kind.INDIVIDUAL:
        why = {"code": life or "unknown", "years": years and float(years), "growth": growth}
        hold = holds.get(Axis.LIFE_CYCLE)
        found.append(Stage(Axis.LIFE_CYCLE, client.life_cycle, LIFE.get(life, ""), why, hold))
    return found


def holds_on(client: Client, day: date) -> Sequence[StageHold]:
    """What was set by hand and stands on the day."""
    rows = StageHold.objects.filter(client=client, lifted_at=None).select_related("by")
    return [row for row in rows if row.until is None or row.until >= day]


def changes_of(client: Client, user: User, most: int) -> list[StageChange]:
    """The latest changes, newest first."""
    rows = StageChange.objects.visible_to(user).filter(client=client).select_related("by")
    return list(rows[:most])


def stage_label(axis: str, value: str) -> str:
    return str(choices_of(axis).get(value, value))


def choices_of(axis: str) -> dict[str, Any]:
    """The stages of an axis with their labels."""
    field: Any = Client._meta.get_field(axis)
    return dict(field.choices)


def reason_text(why: Mapping[str, Any]) -> str:
    """Why a stage holds, in the reader's language: the rule's reason, or that of whoever set it."""
    return _status_text(why) or _life_text(why) or reason_words(str(why.get("reason", "")))


def _status_text(why: Mapping[str, Any]) -> str:
    code, days = why.get("code"), why.get("days")
    if code == "lends":
        return _("a facility is open")
    if code == "no_business":
        return _("neither a facility nor revenue yet")
    if code == "recent":
        return ngettext(
            "contact or revenue within %(days)d day", "contact or revenue within %(days)d days", days or 0
        ) % {"days": days or 0}
    if code == "silent" and days is not None:
        return ngettext(
            "no revenue and no contact for %(days)d day", "no revenue and no contact for %(days)d days", days
        ) % {"days": days}
    return _("no revenue and no contact on record") if code == "silent" else ""


def _life_text(why: Mapping[str, Any]) -> str:
    code, growth, years = why.get("code"), why.get("growth"), why.get("years")
    if code in ("young", "old") and years is not None:
        return _("founded %(years).1f years ago") % {"years": years}
    if code in ("shrinks", "grows", "steady") and growth is not None:
        return _("revenue changed by %(growth)s within a year") % {"growth": formats.percent(growth, 1)}
    if code == "unknown":
        return _("neither the founding nor two years of revenue are known")
    return ""

"""The cases behind a figure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from funnel.models import Case, Stage
from funnel.querysets import CaseQuerySet
from funnel.selectors.figures.criteria import PARTS, courses
from funnel.selectors.figures.forecasts import due, due_params
from funnel.selectors.figures.selection import VISITS, Selection, day_begins
from tiering.models import CriteriaVersion

SIDES: Final = ("before", "after")
KINDS: Final = (
    "began",
    "entered",
    "reached",
    "went_on",
    "lost_from",
    "waiting_from",
    "forward",
    "lost_after",
    "back",
    "staying",
    "stays",
    "came_in",
    "still_there",
    "flow",
    "won",
    "lost",
    "open",
    "not_won",
    "closed",
    "due",
    "won_in",
    "won_in_year",
    "settled",
    "came_won",
    "came_open",
    *(f"{side}_{part}" for side in SIDES for part in PARTS),
)
BY_WINDOW: Final = ("came_in", "forward", "lost_after", "back", "still_there")
"""Of these the selection's days bound when a case entered the stage, not when it began."""
OF_ALL_STAGES: Final = ("began", "won", "lost", "open", "not_won", "closed", "flow")
"""Of these no stage need be said."""


@dataclass(frozen=True)
class Drill:
    """Which of the chosen cases: what became of them (`kind`), in which `stage`, towards which `target`, after how many
    days in the stage (`low` to `high`), lost for which `reason` (None: any); of a forecast in which `month`, of targets
    in which year (`month` is its first); of screening before or after which `version` of the criteria, by how many
    `days`. `in_currency`: only those whose amounts the figure adds up."""

    kind: str = "began"
    stage: Stage | None = None
    target: Stage | None = None
    low: int | None = None
    high: int | None = None
    reason: str | None = None
    month: date | None = None
    version: CriteriaVersion | None = None
    days: int = 0
    in_currency: bool = False

    @property
    def is_of_screening(self) -> bool:
        return self.kind.startswith(SIDES)


def cases_behind(selection: Selection, drill: Drill) -> CaseQuerySet:
    """The cases that a figure counts, with what their rows show."""
    if drill.kind in BY_WINDOW or drill.is_of_screening:
        selection = replace(selection, begun_within=False)
    more = {"month": drill.month}
    if drill.is_of_screening:
        statement, told = _of_screening(selection, drill)
        more |= told
    elif drill.kind == "due":
        relation = due(selection, "({} AT TIME ZONE %(tz)s)::date".format)
        statement = f"SELECT case_id FROM ({relation}) due WHERE month = %(month)s"
        more |= due_params(selection)
    else:
        statement = f"WITH visits AS ({selection.relation(VISITS)}) {_statement(drill)}"
    params = {
        "stages": [stage.pk for stage in selection.stages] or [0],
        "as_of": selection.as_of,
        "won": selection.ids(Stage.Outcome.WON),
        "lost": selection.ids(Stage.Outcome.LOST),
        "open": selection.ids(Stage.Outcome.OPEN),
        "stage": drill.stage.pk if drill.stage else None,
        "target": drill.target.pk if drill.target else None,
        "further": _from(selection, drill.stage, 0),
        "beyond": _from(selection, drill.stage, 1),
        "later": _places_after(selection, drill.stage),
        "tz": timezone.get_default_timezone_name(),
        "low": drill.low,
        "high": drill.high,
        "since": day_begins(selection.since) if selection.since else None,
        "until": day_begins(selection.until) if selection.until else None,
        "currency": selection.currency,
        **more,
    }
    with connection.cursor() as cursor:
        ids = cursor.mogrify(statement, params).decode().replace("%", "%%")
    found = Case.objects.visible_to(selection.user).filter(pk__in=RawSQL(ids, ()))  # noqa: S611 - quoted by the driver
    if drill.reason is not None:
        found = found.filter(reason=drill.reason)
    if drill.in_currency:
        found = found.filter(currency=selection.currency)
    return found.select_related("client__rm", "client__team", "stage")


def _of_screening(selection: Selection, drill: Drill) -> tuple[str, dict[str, Any]]:
    if drill.version is None:
        return "SELECT NULL::bigint", {}
    side, part = drill.kind.split("_", 1)
    relation, params = courses(selection, drill.version, drill.days)
    return (
        f"SELECT case_id FROM ({relation}) courses WHERE after = %(after)s AND {PARTS[part]}",
        {**params, "after": side == "after"},
    )


def _from(selection: Selection, stage: Stage | None, step: int) -> list[int]:
    """The stages of the way from the given one on (0) or beyond it (1)."""
    steps = [one.pk for one in selection.steps]
    return steps[steps.index(stage.pk) + step :] or [0] if stage and stage.pk in steps else [0]


def _places_after(selection: Selection, stage: Stage | None) -> list[int]:
    """The stages that are further on in order, lost ones left out."""
    if stage is None:
        return [0]
    return [one.pk for one in selection.steps if one.position > stage.position] or [0]


def _statement(drill: Drill) -> str:
    """The ids of the cases, over `visits`."""
    here = "stage_id = %(stage)s"
    days = """(((coalesce(left_at, %(as_of)s)) AT TIME ZONE %(tz)s)::date - (entered_at AT TIME ZONE %(tz)s)::date)"""
    window = """(%(since)s::timestamptz IS NULL OR entered_at >= %(since)s)
                AND (%(until)s::timestamptz IS NULL OR entered_at < %(until)s)"""
    far = """SELECT case_id FROM visits GROUP BY case_id HAVING bool_or(stage_id = ANY(%(further)s))
             AND NOT bool_or(stage_id = ANY(%(beyond)s)) AND bool_or(next_id IS NULL AND stage_id = ANY({}))"""
    reached = "SELECT case_id FROM visits WHERE stage_id = ANY({})"
    ended = "SELECT case_id FROM visits WHERE next_id IS NULL AND stage_id = ANY({})"
    between = f"(%(low)s::int IS NULL OR {days} >= %(low)s) AND (%(high)s::int IS NULL OR {days} <= %(high)s)"
    statements = {
        "began": "SELECT case_id FROM visits",
        "entered": f"SELECT case_id FROM visits WHERE {here}",
        "reached": reached.format("%(further)s"),
        "went_on": reached.format("%(beyond)s"),
        "lost_from": far.format("%(lost)s"),
        "waiting_from": far.format("%(open)s"),
        "came_in": f"SELECT case_id FROM visits WHERE {here} AND {window}",
        "still_there": f"SELECT case_id FROM visits WHERE {here} AND {window} AND next_id IS NULL",
        "forward": f"SELECT case_id FROM visits WHERE {here} AND {window} AND next_id = ANY(%(later)s)",
        "lost_after": f"SELECT case_id FROM visits WHERE {here} AND {window} AND next_id = ANY(%(lost)s)",
        "back": f"""SELECT case_id FROM visits WHERE {here} AND {window} AND next_id IS NOT NULL
                    AND next_id <> ALL(%(later)s) AND next_id <> ALL(%(lost)s)""",
        "staying": f"SELECT case_id FROM visits WHERE {here} AND next_id IS NULL AND {between}",
        "stays": f"SELECT case_id FROM visits WHERE {here} AND next_id IS NOT NULL AND {between}",
        "flow": """SELECT case_id FROM visits WHERE CASE
                   WHEN %(stage)s::bigint IS NULL THEN is_first AND stage_id = %(target)s
                   WHEN %(target)s::bigint IS NULL THEN stage_id = %(stage)s AND next_id IS NULL
                   ELSE stage_id = %(stage)s AND next_id = %(target)s END""",
        "won": ended.format("%(won)s"),
        "lost": ended.format("%(lost)s") + " AND (%(stage)s::bigint IS NULL OR stage_id = %(stage)s)",
        "open": ended.format("%(open)s"),
        "not_won": "SELECT case_id FROM visits WHERE next_id IS NULL AND stage_id <> ALL(%(won)s)",
        "closed": f"{ended.format('%(won)s')} UNION ALL {ended.format('%(lost)s')}",
        "won_in": f"""{ended.format("%(won)s")}
            AND date_trunc('month', entered_at AT TIME ZONE %(tz)s)::date = %(month)s
            AND case_id IN (SELECT id FROM funnel_case WHERE currency = %(currency)s)""",
        "won_in_year": f"""{ended.format("%(won)s")}
            AND date_trunc('year', entered_at AT TIME ZONE %(tz)s)::date = %(month)s
            AND case_id IN (SELECT id FROM funnel_case WHERE currency = %(currency)s)""",
        "settled": f"""SELECT case_id FROM visits WHERE {here}
            AND case_id IN ({ended.format("%(won)s")} UNION ALL {ended.format("%(lost)s")})""",
        "came_won": f"SELECT case_id FROM visits WHERE {here} AND case_id IN ({ended.format('%(won)s')})",
        "came_open": f"SELECT case_id FROM visits WHERE {here} AND case_id IN ({ended.format('%(open)s')})",
    }
    return statements[drill.kind]

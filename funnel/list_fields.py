"""What conditions on clients may ask of their cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import slots
from crm.list_fields import sql_day
from crm.models import Facility, User
from crm.related_fields import Rows
from funnel.models import Case, Stage

GROUP = pgettext_lazy("conditions", "Any of its cases")
CASES: Final = (
    "(SELECT id AS case_id, client_id FROM funnel_case UNION ALL SELECT case_id, client_id FROM funnel_caseparty) w "
    "JOIN funnel_case k ON k.id = w.case_id JOIN funnel_stage s ON s.id = k.stage_id "
    "WHERE w.client_id = c.id AND k.dissolved_by_id IS NULL"
)
"""Cases that the client leads or is a further party of."""
OPEN: Final = f"{CASES} AND s.outcome = 'open'"


def register() -> None:
    slots.field_sources.add(
        slots.FieldSource(
            key="its_cases", label=GROUP, order=34, permission="funnel.view_cases", fields=of_cases
        )
    )


def of_cases(user: User, day: date) -> Sequence[slots.Field]:
    """Where the client's cases stand, what they are for, and how long they have been there on the day."""
    stages = Stage.objects.filter(pipeline__is_retired=False, is_retired=False).select_related("pipeline")
    named = {str(one.pk): f"{one.pipeline} · {one}" for one in stages.order_by("pipeline", "position")}
    case, one, today = Rows(GROUP, CASES), Rows(GROUP, OPEN), sql_day(day)
    stood = f"({today} - k.entered_stage_at::date)::float8"
    left = f"(k.expected_close - {today})::float8"
    return [
        case.choice("case.stage", _("a case's stage"), "k.stage_id::text", named),
        case.choice("case.outcome", _("a case's outcome"), "s.outcome", dict(Stage.Outcome.choices)),
        one.choice("case.product", _("an open case's product"), "k.product", dict(Facility.Product.choices)),
        one.choice("case.source", _("an open case's source"), "k.source", dict(Case.Source.choices)),
        one.number("case.stage_days", _("an open case's days in its stage"), stood, "days"),
        one.number("case.closes", _("days until an open case's expected close"), left, "days"),
    ]

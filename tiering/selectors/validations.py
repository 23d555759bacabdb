"""Validations, and the days that one can ask about."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Min, QuerySet

from tiering.facts import local_day
from tiering.models import CriteriaVersion, Facts, TierScheme, Validation

HORIZONS = (12, 6, 3)


def every_validation() -> QuerySet[Validation]:
    """Validations are of the whole book: who may ask may read every one."""
    return Validation.objects.select_related("version__criteria__scheme", "requested_by").defer(
        "version__document"
    )


def schemes_validated() -> list[TierScheme]:
    """The schemes that somebody asked about, the primary one first."""
    asked = TierScheme.objects.filter(criteria__versions__validations__isnull=False).distinct()
    return list(asked.order_by("-is_primary", "name_en", "pk"))


def versions_to_validate() -> list[CriteriaVersion]:
    """Every version of a scheme of clients, the primary scheme's first, the newest of each scheme first."""
    of_clients = CriteriaVersion.objects.filter(criteria__scheme__subject=TierScheme.Subject.CLIENT)
    versions = of_clients.select_related("criteria__scheme").defer("document")
    return list(versions.order_by("-criteria__scheme__is_primary", "criteria__scheme__key", "-number"))


def first_day() -> date | None:
    """The first day of which facts are known."""
    earliest = Facts.objects.aggregate(at=Min("valid_from"))["at"]
    return local_day(earliest) if earliest else None


def month_ends(first: date | None, today: date, months: int, most: int) -> list[date]:
    """The latest month ends since the first day of which facts are known whose horizon is over, oldest first."""
    if first is None:
        return []
    latest = today - relativedelta(months=months)
    begin = latest.replace(day=1) + relativedelta(months=1)
    ends = [begin - relativedelta(months=back, days=1) for back in range(most + 1)]
    return sorted(day for day in ends if first <= day <= latest)[-most:]


def longest_horizon(first: date | None, today: date) -> int:
    """The longest usual horizon of which a month end can be asked."""
    return next((months for months in HORIZONS if month_ends(first, today, months, 1)), HORIZONS[-1])

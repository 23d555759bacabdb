"""Recording what clients bring in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.errors import Invalid
from crm.models import Client, Project, Revenue, User
from crm.models.conduct import today
from crm.services.holding import check_hold
from crm.signals import records_changed


@transaction.atomic
def record_revenue(
    *, by: User, client: Client, month: date, amount: Decimal, source: str, project: Project | None = None
) -> Revenue:
    """Record what a client brought in during a calendar month, within a project or beside any, as known from today on.

    The same month, project and source again restates the amount: as a further row, or in place of what was recorded
    today. Raises NotPermitted, and Invalid for bad fields, a month that has not begun or a project of others.
    """
    check_hold(by, client)
    received_on = today()
    if month > received_on:
        raise Invalid({"month": [_("This month has not begun yet.")]})
    if project and not client.participations.filter(project=project).exists():
        raise Invalid({"project": [_("The client takes no part in such a project.")]})
    place: dict[str, Any] = {
        "client": client,
        "project": project,
        "month": month.replace(day=1),
        "source": source,
    }
    revenue = Revenue(**place, amount=amount, received_on=received_on)
    try:
        revenue.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise Invalid.from_validation(error) from error
    revenue, _new = Revenue.objects.update_or_create(
        **place, received_on=received_on, defaults={"amount": amount}
    )
    records_changed()
    return revenue

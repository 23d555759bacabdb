"""Changes of facilities that follow from tiers, in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.formats import day, money, percent
from tiering.models import FacilityChange


@dataclass(frozen=True)
class ChangeLine:
    """A change as a page and a paper tell it. `note` says what is not plain from the numbers."""

    change: FacilityChange
    created: str
    what: str
    before: str
    after: str
    note: str
    status: str

    @property
    def move(self) -> str:
        return f"{self.before} → {self.after}"


def change_line(change: FacilityChange) -> ChangeLine:
    """One change; `facility` is loaded with it."""
    facility = change.facility
    return ChangeLine(
        change=change,
        created=day(change.created_at),
        what=f"{facility.number} · {facility.get_product_display()} · {change.get_term_display()}",
        before=_shown(change, change.before),
        after=_shown(change, change.after),
        note=_note(change),
        status=str(change.get_status_display()),
    )


def _shown(change: FacilityChange, value: Decimal) -> str:
    return money(value) if change.term == FacilityChange.Term.LIMIT else percent(float(value), 2)


def _note(change: FacilityChange) -> str:
    if change.stops_drawing:
        return _("no further drawing: the limit that follows lies below what is drawn")
    if change.term == FacilityChange.Term.LIMIT and change.ceiling is not None:
        return _("limit ceiling of the client {amount}").format(amount=money(change.ceiling))
    return ""

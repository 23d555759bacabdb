"""Why a record stayed as it was, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.formats import listed, localized, moment
from crm.models import KeptRecord, User

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

REASONS: dict[str, _StrOrPromise] = {
    "changed_since": _("Changed since, at %(at)s by %(by)s."),
    "not_held": _("The client is not in your book any more: only who holds it changes it."),
    "needed": _("Something else has come to need it: %(things)s."),
    "no_history": _("What it was before is not known."),
    "conflict": _("What it was before no longer fits: another record has taken its place."),
    "case_went_on": _("The case went on since."),
}


@dataclass(frozen=True)
class Kept:
    """A record that stayed: what it is, its name, and why."""

    thing: str
    name: str
    reason: str


def explained(kept: Iterable[KeptRecord]) -> list[Kept]:
    """In words. One query for the people, whatever the number of records."""
    rows = list(kept)
    people = User.objects.in_bulk({row.params["by"] for row in rows if row.params.get("by")})
    return [
        Kept(
            thing=str(apps.get_model(row.model)._meta.verbose_name),
            name=row.name,
            reason=str(REASONS[row.code]) % _params(row.params, people),
        )
        for row in rows
    ]


def _params(params: dict[str, Any], people: dict[int, User]) -> dict[str, Any]:
    by = people.get(params.get("by") or 0)
    at = parse_datetime(params["at"]) if "at" in params else None
    things = (apps.get_model(label)._meta.verbose_name_plural for label in params.get("things", ()))
    return {
        "by": localized(by) if by else gettext("the system"),
        "at": moment(at) if at else "",
        "things": listed(str(thing) for thing in things),
    }

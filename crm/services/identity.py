"""Writing down the numbers that identify a client, and looking at one for a reason."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import sealing
from crm.core.identity import compact, fault_of, written
from crm.errors import DomainError, Invalid, NotPermitted
from crm.models import Client, IdentityNumber, IdentityReveal, User
from crm.models.conduct import today
from crm.services.holding import check_hold, check_version, held
from crm.services.people import EndedAlready
from crm.services.saving import save

FIELDS = ("kind", "country", "expires_on", "note")
FAULTS = {
    "form": gettext_lazy(
        "This is not written as a number of this kind is. Compare its length and its letters."
    ),
    "check": gettext_lazy("Its check character does not fit: a character is wrong or two are swapped."),
    "length": gettext_lazy("A number has at least 4 letters or digits and at most 40 characters."),
}


class NumberElsewhere(DomainError):
    """The same number stands at another client: a warning, which whoever enters it can go past."""

    code = "number_elsewhere"
    message = gettext_lazy(
        "Another client has this number already: %(names)s. Look whether the two are one; if not, enter it even so."
    )


@transaction.atomic
def add_number(
    *, by: User, client: Client, number: str, even_so: bool = False, **fields: Any
) -> IdentityNumber:
    """A number of a client. Raises NotPermitted, Invalid with the fields that break a rule, and, unless `even_so`,
    NumberElsewhere for one that another client has."""
    check_hold(by, client)
    row = IdentityNumber(client=client, **_known(fields))
    _give(row, number, by, even_so)
    save(row)
    return row


@transaction.atomic
def change_number(
    *,
    by: User,
    row: IdentityNumber,
    version: int,
    number: str | None = None,
    even_so: bool = False,
    **fields: Any,
) -> IdentityNumber:
    """Correct a number as at `version`; `number` None keeps what is sealed.

    Raises what `add_number` does, and EndedAlready and Conflict.
    """
    found = _to_change(by, row)
    check_version(found, version)
    for name, value in _known(fields).items():
        setattr(found, name, value)
    _give(found, sealing.unseal(found.sealed) if number is None else number, by, even_so or number is None)
    found.version += 1
    save(found)
    return found


@transaction.atomic
def end_number(*, by: User, row: IdentityNumber) -> IdentityNumber:
    """Note that the client no longer goes by a number. Raises NotPermitted and EndedAlready."""
    found = _to_change(by, row)
    found.ended_on = today()
    found.version += 1
    save(found)
    return found


@transaction.atomic
def reveal_number(*, by: User, row: IdentityNumber, reason: str) -> str:
    """The number, for a reason that is kept. Raises NotPermitted and Invalid."""
    if not by.has_perm("crm.reveal", row.client):
        raise NotPermitted
    if not reason.strip():
        raise Invalid({"reason": [_("Say what you need the number for.")]})
    save(IdentityReveal(client=row.client, number=row, by=by, reason=reason.strip()))
    return sealing.unseal(row.sealed)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"Not fields of a number: {', '.join(sorted(unknown))}")
    return fields


def _to_change(by: User, row: IdentityNumber) -> IdentityNumber:
    found = held(row, by)
    if found.ended_on is not None:
        raise EndedAlready
    return found


def _give(row: IdentityNumber, number: str, by: User, even_so: bool) -> None:
    text = written(number)
    if fault := fault_of(row.kind, text):
        raise Invalid({"number": [str(FAULTS[fault])]})
    _check_kind(row)
    row.country = row.country.upper()
    row.sealed, row.hint = sealing.seal(text), sealing.hint(compact(text))
    row.fingerprint = sealing.fingerprint(text)
    if not even_so:
        _warn_of_others(row, by)


def _check_kind(row: IdentityNumber) -> None:
    is_person = row.client.kind == Client.Kind.INDIVIDUAL
    if row.kind in (IdentityNumber.OF_ORGANISATIONS if is_person else IdentityNumber.OF_PERSONS):
        reason = (
            _("A person has no number of this kind.")
            if is_person
            else _("Only a person has a number of this kind.")
        )
        raise Invalid({"kind": [reason]})


def _warn_of_others(row: IdentityNumber, by: User) -> None:
    """Raises NumberElsewhere; of a client out of the user's sight it says no more than that there is one."""
    others = Client.objects.filter(numbers__fingerprint=row.fingerprint, numbers__ended_on=None)
    others = others.exclude(pk=row.client_id).distinct()
    seen = [client.name for client in others.visible_to(by)[:3]]
    if seen or others.exists():
        raise NumberElsewhere(names=", ".join(seen) or _("one that you may not see"))

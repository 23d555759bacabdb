"""Writing down whom we speak to at a client and where it is, and looking at what is sealed."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import sealing
from crm.errors import DomainError, Invalid, NotPermitted
from crm.models import Address, Client, ContactPerson, Reveal, User
from crm.models.conduct import today
from crm.phones import is_phone
from crm.services.holding import check_hold, check_version, held
from crm.services.saving import save

PERSON_FIELDS = (
    "name",
    "position",
    "roles",
    "email",
    "language",
    "do_not_contact",
    "consent",
    "consent_on",
    "note",
)
ADDRESS_FIELDS = ("kind", "region", "text", "postcode")

Row = TypeVar("Row", ContactPerson, Address)


class EndedAlready(DomainError):
    code = "ended_already"
    message = gettext_lazy("This has been ended already. Reload the page to see its state.")


class NoPhone(DomainError):
    code = "no_phone"
    message = gettext_lazy("No telephone number of this person is known.")


@transaction.atomic
def add_person(*, by: User, client: Client, phone: str = "", **fields: Any) -> ContactPerson:
    """Somebody at a client. Raises NotPermitted, and Invalid with the fields that break a rule."""
    person = ContactPerson(client=client, **_known(fields, PERSON_FIELDS))
    check_hold(by, client)
    _give_phone(person, phone)
    save(person)
    return person


@transaction.atomic
def change_person(
    *, by: User, person: ContactPerson, version: int, phone: str | None = None, **fields: Any
) -> ContactPerson:
    """Change a person as at `version`; `phone` None keeps the number, an empty one takes it away.

    Raises NotPermitted, Invalid, EndedAlready, and Conflict where somebody changed it since that version.
    """
    found = _to_change(by, person, version)
    if phone is not None:
        _give_phone(found, phone)
    return _changed(found, _known(fields, PERSON_FIELDS))


@transaction.atomic
def end_person(*, by: User, person: ContactPerson) -> ContactPerson:
    """Note that the person is no longer there. Raises NotPermitted and EndedAlready."""
    return _ended(_to_change(by, person))


@transaction.atomic
def reveal_phone(*, by: User, person: ContactPerson, reason: str) -> str:
    """The telephone number of a person, for a reason that is kept. Raises NotPermitted, NoPhone and Invalid."""
    if not by.has_perm("crm.reveal", person.client):
        raise NotPermitted
    if not person.phone_sealed:
        raise NoPhone
    if not reason.strip():
        raise Invalid({"reason": [_("Say what you need the number for.")]})
    save(Reveal(client=person.client, person=person, value=Reveal.Value.PHONE, by=by, reason=reason.strip()))
    return sealing.unseal(person.phone_sealed)


@transaction.atomic
def add_address(*, by: User, client: Client, **fields: Any) -> Address:
    """Where a client is. Raises NotPermitted, and Invalid with the fields that break a rule."""
    address = Address(client=client, **_known(fields, ADDRESS_FIELDS))
    check_hold(by, client)
    save(address)
    return address


@transaction.atomic
def change_address(*, by: User, address: Address, version: int, **fields: Any) -> Address:
    """Change an address as at `version`. Raises NotPermitted, Invalid, EndedAlready and Conflict."""
    return _changed(_to_change(by, address, version), _known(fields, ADDRESS_FIELDS))


@transaction.atomic
def end_address(*, by: User, address: Address) -> Address:
    """Note that the client is no longer there. Raises NotPermitted and EndedAlready."""
    return _ended(_to_change(by, address))


def _known(fields: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    unknown = set(fields) - set(names)
    if unknown:
        raise TypeError(f"Not fields to set: {', '.join(sorted(unknown))}")
    return fields


def _to_change(by: User, row: Row, version: int | None = None) -> Row:
    """The row, locked, where the user may change it and it is still at that version."""
    found = held(row, by)
    if found.ended_on is not None:
        raise EndedAlready
    check_version(found, version)
    return found


def _changed(row: Row, fields: dict[str, Any]) -> Row:
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    save(row)
    return row


def _ended(row: Row) -> Row:
    row.ended_on = today()
    return _changed(row, {})


def _give_phone(person: ContactPerson, phone: str) -> None:
    number = " ".join(phone.split())
    if number and not is_phone(number):
        reason = _("This is no telephone number. Write digits, with + and the country's code for one abroad.")
        raise Invalid({"phone": [reason]})
    person.phone_sealed = sealing.seal(number) if number else ""
    person.phone_fingerprint = sealing.fingerprint(number) if number else ""
    person.phone_hint = sealing.hint(number) if number else ""

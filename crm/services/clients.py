"""Writes to client records. Each checks who may do it, owns its transaction and refuses by name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.identity import fault_of, looks_like_uscc
from crm.errors import DomainError, Invalid, NotAManager, NotPermitted
from crm.models import Client, Role, User
from crm.names import sort_key
from crm.selectors.duplicates import Lookalike, lookalikes
from crm.services.duplicates import refresh_keys, remember_others
from crm.services.fields import settle
from crm.services.holding import check_hold
from crm.services.saving import save
from crm.services.stages import hold_what_was_set
from crm.signals import records_changed

EDITABLE_FIELDS = (
    "kind",
    "name_zh",
    "name_en",
    "registration_number",
    "industry",
    "region",
    "status",
    "life_cycle",
    "size_class",
    "risk_appetite",
    "demand_level",
    "registered_capital",
    "employees",
    "client_since",
)
OF_ORGANISATIONS = frozenset(
    ("registration_number", "life_cycle", "size_class", "registered_capital", "employees")
)
"""Those that individuals do not have."""
OF_THE_HOUSE = ("sort_key", "rm", "team")
"""What services set, and nobody can get wrong."""
ALIKE_BY = ("kind", "name_zh", "name_en", "registration_number")
"""What a client is found by that may be one with another."""


class LooksLike(DomainError):
    """A new client looks like others, and nobody said why it is another one; `found` are these."""

    code = "looks_like_others"
    message = gettext_lazy("This looks like %(names)s. Open that client, or say why this is another one.")

    def __init__(self, found: Sequence[Lookalike]) -> None:
        super().__init__(names=", ".join(f"{one.client.name} ({one.client.code})" for one in found))
        self.found = found


@transaction.atomic
def create_client(*, by: User, code: str, despite: str = "", **fields: Any) -> Client:
    """A new client in the maker's team; an RM makes it part of their own book.

    `despite` says why it is none of those that it looks like; they are then remembered as not the same. Raises
    NotPermitted, LooksLike, and Invalid with the fields that break a rule.
    """
    if not by.has_perm("crm.add_client"):
        raise NotPermitted
    client = Client(code=code, team_id=by.team_id, **_known(fields))
    _check_number(client)
    client.rm = by if by.role == Role.RM else None
    alike = lookalikes(by, fields)
    if alike and not despite.strip():
        raise LooksLike(alike)
    check_and_save(client)
    refresh_keys([client.pk])
    remember_others(by=by, client=client, others=alike, reason=despite.strip())
    records_changed()
    return client


@transaction.atomic
def update_client(*, by: User, client: Client, version: int, **fields: Any) -> Client:
    """Change fields of a client as it was at `version`; what somebody else changed since in other fields stays.

    Raises NotPermitted, Invalid, FieldsChanged where somebody changed the same fields since that version, and Conflict
    where that version is not known.
    """
    current = Client.objects.select_for_update().get(pk=client.pk)
    check_hold(by, current)
    number, before = current.registration_number, copy(current)
    if not settle(current, version, _known(fields)):
        return current
    if current.registration_number != number:
        _check_number(current)
    current.version += 1
    check_and_save(current)
    if any(getattr(before, name) != getattr(current, name) for name in ALIKE_BY):
        refresh_keys([current.pk])
    hold_what_was_set(by=by, before=before, after=current)
    records_changed()
    return current


@transaction.atomic
def assign_rm(*, by: User, client_ids: Collection[int], rm: User) -> int:
    """Put clients of the lead's team into an RM's book; how many changed hands. Clients of other teams are not there."""
    if not by.has_perm("crm.assign_rm"):
        raise NotPermitted
    if rm.role != Role.RM or rm.team_id != by.team_id or not rm.is_active:
        raise NotAManager(name=rm.name)
    changing = Client.objects.editable_by(by).filter(pk__in=client_ids).exclude(rm=rm)
    return changing.update(rm=rm, version=F("version") + 1)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(EDITABLE_FIELDS)
    if unknown:
        raise TypeError(f"Not fields to edit: {', '.join(sorted(unknown))}")
    return fields


def _check_number(client: Client) -> None:
    """Raises Invalid for a registration number that is meant to be a unified social credit code and is none."""
    number = client.registration_number or ""
    if looks_like_uscc(number) and fault_of("uscc", number):
        reason = _(
            "As a unified social credit code its check character does not fit. Look for a wrong character."
        )
        raise Invalid({"registration_number": [reason]})


def check_and_save(client: Client) -> None:
    """Check and save. Raises Invalid with the fields that break a rule."""
    client.registration_number = client.registration_number or None
    client.sort_key = sort_key(client.name_zh, client.name_en)
    save(client, exclude=OF_THE_HOUSE)

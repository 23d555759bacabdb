"""Writing down what clients are to one another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.errors import Conflict, DomainError, Invalid, NotPermitted
from crm.models import Client, Relation, User
from crm.services.saving import save
from crm.signals import records_changed

CHANGEABLE = ("share", "amount", "since", "until", "note")


class RelationOver(DomainError):
    code = "relation_over"
    message = gettext_lazy("This relation has ended already.")


@transaction.atomic
def relate(
    *,
    by: User,
    client: Client,
    party: Client,
    kind: str,
    share: float | None = None,
    amount: Decimal | None = None,
    since: date | None = None,
    until: date | None = None,
    note: str = "",
) -> Relation:
    """Enter that `party` is the parent, shareholder, guarantor or related party of `client`.

    Whoever holds either of them may. Raises NotPermitted, and Invalid with the fields that break a rule: among others
    where control would lead back to where it began.
    """
    _check_hold(by, client, party)
    relation = Relation(
        client=client,
        party=party,
        kind=kind,
        share=share,
        amount=amount,
        since=since,
        until=until,
        note=note.strip(),
    )
    _save(relation)
    return relation


@transaction.atomic
def change_relation(*, by: User, relation: Relation, version: int, **fields: Any) -> Relation:
    """Correct share, amount, days or note of a relation as it was at `version`.

    Raises NotPermitted, Invalid, and Conflict where somebody changed it since that version.
    """
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"Not fields to change: {', '.join(sorted(unknown))}")
    found = _locked(relation)
    _check_hold(by, found.client, found.party)
    if found.version != version:
        raise Conflict
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1
    _save(found)
    return found


@transaction.atomic
def end_relation(*, by: User, relation: Relation, until: date) -> Relation:
    """Let a relation hold up to the day before `until`. Raises NotPermitted, RelationOver and Invalid."""
    found = _locked(relation)
    _check_hold(by, found.client, found.party)
    if found.until is not None and found.until <= until:
        raise RelationOver
    found.until = until
    found.version += 1
    _save(found)
    return found


def _locked(relation: Relation) -> Relation:
    return (
        Relation.objects.select_for_update(of=("self",)).select_related("client", "party").get(pk=relation.pk)
    )


def _check_hold(by: User, client: Client, party: Client) -> None:
    """Whoever holds one end may say what it is to any other client that they see."""
    holds = by.has_perm("crm.change_client", client) or by.has_perm("crm.change_client", party)
    ends = {client.pk, party.pk}
    if not holds or Client.objects.visible_to(by).filter(pk__in=ends).count() < len(ends):
        raise NotPermitted


def _save(relation: Relation) -> None:
    if relation.since and relation.until and relation.since >= relation.until:
        raise Invalid({"until": [_("A relation ends after it begins.")]})
    if relation.kind == Relation.Kind.PARENT:
        _check_control(relation)
    save(relation)
    records_changed()


def _check_control(relation: Relation) -> None:
    """The database refuses circles as well; here they are named."""
    if relation.client.kind == Client.Kind.INDIVIDUAL:
        raise Invalid({"kind": [_("Nobody controls a person. Enter a related party instead.")]})
    if relation.client_id != relation.party_id and _controls(relation):
        reason = _(
            "%(client)s controls %(party)s on these days, directly or through others, so it cannot be controlled by it."
            " End that first."
        )
        names = {"client": relation.client.name, "party": relation.party.name}
        raise Invalid({"party": [reason % names]})


def _controls(relation: Relation) -> bool:
    """Whether the client of a relation controls its party on some of its days."""
    with connection.cursor() as cursor:
        days = DateRange(relation.since, relation.until)
        cursor.execute("SELECT crm_controls(%s, %s, %s)", [relation.client_id, relation.party_id, days])
        return bool(cursor.fetchone()[0])

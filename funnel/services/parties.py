"""Who takes part in a case beside its leading client. Whoever holds that one says so, as long as the case is open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from crm.errors import Invalid
from crm.models import Client, User
from crm.services.saving import save
from funnel.errors import EditedMeanwhile
from funnel.models import Case, CaseParty
from funnel.selectors.parties import WHOLE, in_percent
from funnel.services.cases import changeable

FIELDS: Final = ("part", "share", "note")
"""What may be said of a party anew; another client is another party."""


@transaction.atomic
def add_party(
    *, case: Case, client: Client, part: str, by: User, share: Decimal | None = None, note: str = ""
) -> CaseParty:
    """Let a client that `by` sees take part in an open case; `share` is a percentage of its amount.

    Raises NotTheHolder, CaseDissolved, CaseClosed, and Invalid: for the client that leads the case or takes part in it
    already, and where the shares of a part that is shared out would exceed the whole.
    """
    case = changeable(case, by)
    if not Client.objects.visible_to(by).filter(pk=client.pk).exists():
        raise Invalid({"client": [_("There is no such client among those you may see.")]})
    if client.pk == case.client_id:
        raise Invalid({"client": [_("This client leads the case. Choose another one.")]})
    if case.parties.filter(client=client).exists():
        raise Invalid({"client": [_("This client takes part in the case already. Change its part there.")]})
    party = CaseParty(case=case, client=client, part=part, share=share, note=note.strip())
    _save(party)
    return party


@transaction.atomic
def change_party(*, party: CaseParty, version: int, by: User, **fields: Any) -> CaseParty:
    """Say part, share or note (of FIELDS) anew of a party as it was at `version`.

    Raises NotTheHolder, CaseDissolved, CaseClosed, EditedMeanwhile and Invalid.
    """
    found = _held(party, version, by)
    if unknown := fields.keys() - set(FIELDS):
        raise TypeError(f"Not fields to set: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(found, name, value.strip() if isinstance(value, str) else value)
    found.version += 1
    _save(found)
    return found


@transaction.atomic
def remove_party(*, party: CaseParty, version: int, by: User) -> None:
    """Take a party out of its case; the history keeps it. Raises NotTheHolder, CaseDissolved, CaseClosed and
    EditedMeanwhile."""
    _held(party, version, by).delete()


def _held(party: CaseParty, version: int, by: User) -> CaseParty:
    changeable(party.case, by)
    found = CaseParty.objects.select_for_update().filter(pk=party.pk).first()
    if found is None or found.version != version:
        raise EditedMeanwhile
    return found


def _save(party: CaseParty) -> None:
    """Check the shares with the case locked by the caller."""
    if party.share is not None and party.part != CaseParty.NOT_SHARED_OUT:
        others = CaseParty.objects.standing().filter(case=party.case_id, part=party.part).exclude(pk=party.pk)
        taken = others.aggregate(taken=Sum("share"))["taken"] or Decimal(0)
        if taken + party.share > WHOLE:
            message = _("The others with this part have %(taken)s together; at most %(left)s is left.")
            shares = {"taken": in_percent(taken), "left": in_percent(WHOLE - taken)}
            raise Invalid({"share": [message % shares]})
    save(party)

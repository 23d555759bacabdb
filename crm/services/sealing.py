"""Changing the keys that sealed values are kept under."""

from typing import Any

from django.db import transaction
from django.db.models import Model

from crm.models import ContactPerson, IdentityNumber
from crm.sealing import sealed_anew

AT_ONCE = 1_000


def seal_anew() -> int:
    """Seal every telephone and identity number under the newest key, a thousand in a transaction; how many there are.

    Raises NotReadable for one that no key reads. Repeating it does no harm. What history kept stays under the key of
    its day: nobody reads it, and without that key nobody can.
    """
    return _all_of(ContactPerson, "phone_sealed") + _all_of(IdentityNumber, "sealed")


def _all_of(model: type[Model], name: str) -> int:
    done, last = 0, 0
    while rows := _next(model, name, last):
        last, done = rows[-1].pk, done + len(rows)
    return done


@transaction.atomic
def _next(model: type[Model], name: str, after: int) -> list[Any]:
    sealed = model._default_manager.select_for_update().exclude(**{name: ""}).filter(pk__gt=after)
    rows = list(sealed.only("pk", name).order_by("pk")[:AT_ONCE])
    for row in rows:
        setattr(row, name, sealed_anew(getattr(row, name)))
    model._default_manager.bulk_update(rows, [name])
    return rows

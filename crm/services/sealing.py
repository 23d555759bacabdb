"""Changing the keys that sealed values are kept under."""

from django.db import transaction

from crm.models import ContactPerson
from crm.sealing import sealed_anew

AT_ONCE = 1_000


def seal_anew() -> int:
    """Seal every telephone number under the newest key, a thousand in a transaction; how many there are.

    Raises NotReadable for one that no key reads. Repeating it does no harm. What history kept stays under the key of
    its day: nobody reads it, and without that key nobody can.
    """
    done, last = 0, 0
    while rows := _next(last):
        last, done = rows[-1].pk, done + len(rows)
    return done


@transaction.atomic
def _next(after: int) -> list[ContactPerson]:
    sealed = ContactPerson.objects.select_for_update().exclude(phone_sealed="").filter(pk__gt=after)
    rows = list(sealed.only("pk", "phone_sealed").order_by("pk")[:AT_ONCE])
    for row in rows:
        row.phone_sealed = sealed_anew(row.phone_sealed)
    ContactPerson.objects.bulk_update(rows, ["phone_sealed"])
    return rows

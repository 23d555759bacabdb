"""Doing a write once, however often it is sent."""

import hashlib
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_lazy

from crm.errors import DomainError
from crm.models import IdempotencyKey, User


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    message = gettext_lazy("This idempotency key was used for another body. Send a new key with a new body.")
    status = 422


@transaction.atomic
def once(*, user: User, key: str, body: bytes, act: Callable[[], dict]) -> dict:
    """The answer of `act()`, done at most once for this user and key.

    The key is taken in the transaction of the act: a second sender waits for the first to commit and gets its answer;
    if the act fails, the key is free again.
    """
    digest = hashlib.sha256(body).hexdigest()
    taken, created = IdempotencyKey.objects.get_or_create(
        user=user, key=key, defaults={"body_sha256": digest}
    )
    if taken.body_sha256 != digest:
        raise KeyReused
    if created:
        taken.answer = act()
        taken.save(update_fields=["answer"])
    assert taken.answer is not None, "a key is committed together with its answer"
    return taken.answer

"""Writes that may be sent again: the `Idempotency-Key` header."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from crm.api.rows import Request
from crm.api.schema import IDEMPOTENCY_KEY
from crm.services.idempotency import once

VISIBLE_ASCII = re.compile(r"[!-~]{1,100}")


def do_once(request: Request, act: Callable[[], dict], *, required: bool) -> dict:
    """The answer of `act()`, done once for a key and what is sent with it; without a key, where none is required, done.

    Spacing and order within the JSON do not make it another request; another address does.
    """
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is None and not required:
        return act()
    if key is None or not VISIBLE_ASCII.fullmatch(key):
        message = _("Send a key of your own for this request, up to 100 visible ASCII characters.")
        raise ValidationError({IDEMPOTENCY_KEY: [message]})
    body = json.dumps([request.method, request.path, request.data], sort_keys=True)
    return once(user=request.user, key=key, body=body.encode(), act=act)


def make_once(request: Request, make: Callable[[], Model]) -> int:
    """The id of the row that `make()` gives, made once where the request carries a key."""
    return do_once(request, lambda: {"id": make().pk}, required=False)["id"]

"""Forms that may be sent twice, by a double click or a browser that tries again: `{% once %}` in the form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from crm.http import Request
from crm.services.idempotency import once

FIELD = "once"
NOT_SAID = ("csrfmiddlewaretoken",)


def do_once(request: Request, act: Callable[[], int]) -> int:
    """The id that `act()` gives, done once for a form as it was shown and filled in.

    The same form with something else in it, as after going back in the browser, is another act; a form without
    `{% once %}` is always done.
    """
    if not request.POST.get(FIELD):
        return act()
    said = sorted((name, values) for name, values in request.POST.lists() if name not in NOT_SAID)
    key = hashlib.sha256(json.dumps([request.path, said]).encode()).hexdigest()
    answer = once(user=request.user, key=f"form {key}", body=b"", act=lambda: {"id": act()})
    return answer["id"]

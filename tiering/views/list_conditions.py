"""What the builder of the client list's condition asks while rules are put together. Nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.access import requires
from crm.http import Request
from crm.models import Client
from crm.paging import Count, count_of
from crm.slots import Sentence
from tiering.finding.language import read
from tiering.views.conditions import Told, answered


@requires("crm.view_client")
@require_POST
def of_list(request: Request) -> JsonResponse:
    """Of each of `conditions` on clients its sentence, and how many clients that one may see it describes."""
    visible = Client.objects.visible_to(request.user)

    def understand(data: object, path: str) -> Sentence:
        return read(json.dumps(data), request.user)

    def tell(asked: Sequence[Sentence]) -> Told:
        counts = [count_of(one.narrow(visible)) for one in asked]
        return [
            {"words": one.words or one.refusal, "count": count_text(count), "none": not count.number}
            for one, count in zip(asked, counts, strict=True)
        ]

    return answered(request, understand, tell)


def count_text(count: Count) -> str:
    """How many clients there are, as far as they were counted."""
    if count.is_capped:
        return _("more than %(count)s clients") % {"count": f"{count.number:,}"}
    return ngettext("%(count)s client", "%(count)s clients", count.number) % {"count": f"{count.number:,}"}

"""What the condition builder of the studio asks while rules are put together."""

from __future__ import annotations

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.access import requires
from crm.http import Request
from tiering.core.conditions import Condition, parse
from tiering.core.json_text import json_of
from tiering.core.refusals import CriteriaError
from tiering.pages.studio import Draft
from tiering.pages.studio_conditions import told
from tiering.selectors.criteria import readable_versions

MOST_BYTES = 200_000
MOST_CONDITIONS = 200


@requires("tiering.write_criteria")
@require_POST
def conditions(request: Request, pk: int) -> JsonResponse:
    """Of each of `conditions` its sentence, and how many clients of the book it describes now. Nothing is stored."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    try:
        asked = _conditions(request)
    except CriteriaError as error:
        return JsonResponse({"text": error.refusals[0].text(_)}, status=400)
    except ValueError:
        return JsonResponse({"text": _("The page sent something that is no condition.")}, status=400)
    draft = Draft.of(version, request.user)
    return JsonResponse({"told": told(draft, request.user, asked)})


def _conditions(request: Request) -> list[Condition]:
    """Raises CriteriaError, or ValueError for what holds no list of conditions."""
    if len(request.body) > MOST_BYTES:
        raise ValueError
    sent = json_of(request.body.decode())
    found = sent.get("conditions") if isinstance(sent, dict) else None
    if not isinstance(found, list) or len(found) > MOST_CONDITIONS:
        raise ValueError
    return [parse(one, f"$.conditions[{number}]") for number, one in enumerate(found)]

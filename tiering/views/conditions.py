"""What builders of conditions ask while rules are put together. Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.access import requires
from crm.http import Request
from tiering import display
from tiering.core.conditions import parse
from tiering.core.json_text import json_of
from tiering.core.refusals import CriteriaError
from tiering.core.warnings import Trigger, check_trigger, read_trigger
from tiering.pages.conditions import counted
from tiering.pages.studio import Draft
from tiering.pages.studio_conditions import told
from tiering.pages.warning_words import trigger_text
from tiering.selectors.catalogue import open_catalogue
from tiering.selectors.criteria import readable_versions
from tiering.selectors.described import described
from tiering.services.clock import database_now
from tiering.services.leaving import exit_refusals
from tiering.views.client_panels import find_client
from tiering.warnings.asked import count_clients, holding

MOST_BYTES = 200_000
MOST_CONDITIONS = 200
Read = TypeVar("Read")
Told = list[dict[str, Any]]


@requires("tiering.write_criteria")
@require_POST
def of_draft(request: Request, pk: int) -> JsonResponse:
    """Of each of `conditions` of a draft of criteria its sentence, and how many of the book it describes now."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    draft = Draft.of(version, request.user)
    return answered(request, parse, lambda asked: told(draft, request.user, asked))


@requires("tiering.write_criteria")
@require_POST
def of_policy(request: Request) -> JsonResponse:
    """Of each of `conditions` its sentence, and how many clients of the book it describes now."""
    names = open_catalogue()

    def tell(asked: Sequence[Any]) -> Told:
        found = described(request.user, "client", asked, names)
        return [
            {
                "words": display.condition_text(condition, catalogue=names),
                "count": "" if count is None else counted(count, found.subjects),
                "none": count == 0,
            }
            for condition, count in zip(asked, found.counts, strict=True)
        ]

    return answered(request, parse, tell)


@requires("tiering.write_criteria")
@require_POST
def of_warnings(request: Request) -> JsonResponse:
    """Of each of `conditions` over facts and their change its sentence, and of how many clients it holds now."""
    names = open_catalogue()

    def read(data: object, path: str) -> Trigger:
        trigger = read_trigger(data, path)
        if refusals := check_trigger(trigger, names, path):
            raise CriteriaError(refusals)
        return trigger

    def tell(asked: Sequence[Trigger]) -> Told:
        found = count_clients(asked, database_now(), names)
        about = _("about %(count)s") if found.step > 1 else "%(count)s"
        return [
            {
                "words": trigger_text(trigger, names),
                "count": about % {"count": counted(count, found.clients)},
                "none": count == 0,
            }
            for trigger, count in zip(asked, found.counts, strict=True)
        ]

    return answered(request, read, tell)


@requires("tiering.handle_alerts")
@require_POST
def of_exit(request: Request, pk: int) -> JsonResponse:
    """Of each of `conditions` its sentence, and whether it holds of a client today: an exit from the watch list."""
    client = find_client(request, pk)
    if not request.user.has_perm("tiering.handle_alerts", client):
        raise PermissionDenied
    names = open_catalogue()

    def read(data: object, path: str) -> Trigger:
        if refusals := exit_refusals(data):
            raise CriteriaError(refusals)
        return read_trigger(data, path)

    def tell(asked: Sequence[Trigger]) -> Told:
        held = holding(asked, client.pk, database_now(), names)
        said = {True: _("holds today"), False: _("does not hold today")}
        return [
            {"words": trigger_text(trigger, names), "count": said[holds], "none": False}
            for trigger, holds in zip(asked, held, strict=True)
        ]

    return answered(request, read, tell)


def answered(
    request: Request, read: Callable[[object, str], Read], tell: Callable[[Sequence[Read]], Told]
) -> JsonResponse:
    """What is told of the conditions that were sent, or why they cannot be read."""
    try:
        asked = [read(one, f"$.conditions[{number}]") for number, one in enumerate(_sent(request))]
    except CriteriaError as error:
        return JsonResponse({"text": error.refusals[0].text(_)}, status=400)
    except ValueError:
        return JsonResponse({"text": _("The page sent something that is no condition.")}, status=400)
    return JsonResponse({"told": tell(asked)})


def _sent(request: Request) -> list[Any]:
    """Raises ValueError for what holds no list of conditions."""
    if len(request.body) > MOST_BYTES:
        raise ValueError
    sent = json_of(request.body.decode())
    found = sent.get("conditions") if isinstance(sent, dict) else None
    if not isinstance(found, list) or len(found) > MOST_CONDITIONS:
        raise ValueError
    return found

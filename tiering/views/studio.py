"""The criteria studio: the page on which a draft is edited in place, and what it asks and sends as one works on it."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.access import requires
from crm.errors import DomainError, Invalid
from crm.formats import percent
from crm.http import Request
from crm.ids import id_of
from crm.repeats import do_once
from tiering.core.edits import parse_edits
from tiering.core.json_text import json_of
from tiering.core.refusals import CriteriaError
from tiering.errors_drafting import EditRefused, FieldConflict
from tiering.models import CriteriaEdit, CriteriaVersion
from tiering.pages.studio import Draft
from tiering.pages.studio_answers import answer, conflict, faults, notes
from tiering.pages.studio_conditions import vocabulary
from tiering.pages.studio_recipes import edits_for
from tiering.pages.studio_sections import PARTS, SECTIONS
from tiering.selectors.criteria import readable_versions
from tiering.selectors.drafts import edited
from tiering.selectors.known import known_shares
from tiering.selectors.present import note_presence, others_present
from tiering.services import drafts

MOST_BYTES = 1_000_000


@requires("tiering.write_criteria")
@require_http_methods(["GET", "HEAD", "POST"])
def studio(request: Request, pk: int) -> HttpResponse:
    """The editor of a draft; with `section`, as often as one likes, the parts of it that are to be shown anew, and with
    `open` the indicators of which everything is shown. A POST changes the draft: JSON with `edits`, or with the name of
    an `act`."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    if request.method == "POST":
        return _change(request, version)
    if version.status not in CriteriaVersion.IN_PREPARATION:
        return redirect("tiering:criteria-version", pk)
    draft = Draft.of(version, request.user, request.GET.getlist("open"))
    if asked := request.GET.getlist("section"):
        return HttpResponse(mark_safe("".join(_section(request, draft, name) for name in asked)))  # noqa: S308 - templates of our own
    now = edited(version, request.user)
    context = {
        "draft": draft,
        "version": version,
        "now": now,
        "refusals": json.dumps(notes(now.refusals), ensure_ascii=False),
        "sections": {name: _section(request, draft, name) for name in SECTIONS},
        "others": others_present(version, request.user),
        "vocabulary": vocabulary(draft),
    }
    return render(request, "tiering/studio/page.html", context)


@requires("tiering.write_criteria")
@require_POST
def begin(request: Request, pk: int) -> HttpResponse:
    """A draft that begins with what a version says, opened in the studio."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    draft = do_once(request, lambda: drafts.start_draft(author=request.user, based_on=version).pk)
    return redirect("tiering:studio", draft)


@requires("tiering.write_criteria")
@require_safe
def news(request: Request, pk: int) -> HttpResponse:
    """What happened to a draft since the revision that the page knows, and who else is at it; the page asks again and
    again, which is how others learn that one is there."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    note_presence(version, request.user)
    told = answer(edited(version, request.user, id_of(request.GET.get("since"))), request.user)
    present = render_to_string(
        "tiering/studio/_others.html", {"others": others_present(version, request.user)}, request
    )
    return JsonResponse({**told, "present": present})


@requires("tiering.write_criteria")
@require_safe
def known(request: Request, pk: int) -> HttpResponse:
    """For which share of the book each metric is known, as text by metric key."""
    version = get_object_or_404(readable_versions(request.user), pk=pk)
    shares = known_shares(request.user, Draft.of(version, request.user).catalogue)
    told = _("known for {share}")
    return JsonResponse({key: told.format(share=percent(share)) for key, share in shares.items()})


def _section(request: Request, draft: Draft, name: str) -> SafeString:
    kind, _colon, path = name.partition(":")
    context = PARTS[kind](draft, path) if path and kind in PARTS else None
    if name in SECTIONS:
        context = SECTIONS[name](draft)
    if context is None:
        raise Http404
    template = f"tiering/studio/_{kind}.html"
    return render_to_string(template, {"draft": draft, "version": draft.version, **context}, request)


def _change(request: Request, version: CriteriaVersion) -> JsonResponse:
    try:
        return JsonResponse(_changed(request, version, _asked(request)))
    except CriteriaError as error:
        return JsonResponse({"text": error.refusals[0].text(_)}, status=400)
    except FieldConflict as error:
        return JsonResponse(conflict(error, request.user), status=409)
    except EditRefused as error:
        return JsonResponse(faults(error), status=422)
    except DomainError as error:
        return JsonResponse({"text": str(error)}, status=error.status)


def _asked(request: Request) -> dict[str, Any]:
    try:
        asked = json_of(request.body[:MOST_BYTES].decode())
    except ValueError:
        asked = None
    if not isinstance(asked, dict) or not isinstance(asked.get("revision"), int):
        raise Invalid({"revision": [_("The page sent something that is no edit.")]})
    return asked


def _changed(request: Request, version: CriteriaVersion, asked: dict[str, Any]) -> dict[str, Any]:
    """The draft after what was asked for."""
    user, revision, act = request.user, asked["revision"], asked.get("act")
    if act is None:
        edits = parse_edits(asked.get("edits"))
        now = drafts.edit_draft(version=version, edits=edits, by=user, revision=revision)
        return answer(now, user, own=edits)
    focus = None
    if act in ("undo", "redo"):
        step = drafts.undo if act == "undo" else drafts.redo
        now = step(version=version, by=user, revision=revision)
    else:
        made, focus = edits_for(Draft.seen(version, user, revision), asked)
        now = drafts.edit_draft(version=version, edits=made, by=user, revision=revision)
    return {**answer(now, user, renewed=_written(now.version, revision)), "focus": focus}


def _written(version: CriteriaVersion, known: int) -> list[CriteriaEdit]:
    """The group that was just written: the page that asked for it does not know what it says."""
    rows = CriteriaEdit.objects.filter(version=version, revision=version.revision, revision__gt=known)
    return list(rows.select_related("author"))

"""What the studio answers to an edit: what was saved, what speaks against the draft now, and what others wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from crm.formats import localized
from crm.models import User
from tiering import display
from tiering.core.addresses import ABSENT, Placed, steps_of, value_at
from tiering.core.editing import Edit
from tiering.core.refusals import Refusal
from tiering.core.texts import N_
from tiering.errors_drafting import EditRefused, FieldConflict
from tiering.models import CriteriaEdit
from tiering.pages.studio_sections import EDGE_STEPS, outdated_by, shown_by
from tiering.pages.studio_units import written
from tiering.selectors.catalogue import policy_catalogue
from tiering.selectors.drafts import Edited, edits_in

Json = dict[str, Any]
SHORTEST_TOLD: Final = 60
"""Seconds; what is nearer is “just now”."""


IN_PERCENT: Final[Mapping[str, tuple[str, str]]] = {
    "weights_not_whole": (
        N_("The weights add up to %(total)s and not to %(whole)s."),
        N_("Change them by %(difference)s in all, or even them out."),
    ),
    "weight_limits_unreachable": (
        N_("%(count)s dimensions of %(lowest)s to %(highest)s each cannot add up to %(whole)s."),
        N_("Change the limits, or the number of dimensions."),
    ),
    "weight_outside_limits": (
        N_("The weight of “%(key)s”, %(weight)s, is not between %(lowest)s and %(highest)s."),
        N_("Choose a weight within the limits, or change the limits."),
    ),
}
"""What is said in basis points of a document, as the studio shows shares."""
SHARES: Final = frozenset({"total", "whole", "difference", "lowest", "highest", "weight"})


def notes(placed: Iterable[Placed]) -> list[Json]:
    """What speaks against a draft, at the addresses of its fields."""
    return [
        {"address": one.address, "text": in_percent.text(_), "fix": in_percent.remedy(_)}
        for one in placed
        for in_percent in [_in_percent(one.refusal)]
    ]


def _in_percent(refusal: Refusal) -> Refusal:
    if refusal.code not in IN_PERCENT:
        return refusal
    message, fix = IN_PERCENT[refusal.code]
    shares = {
        name: display.weight(value)
        for name, value in refusal.params.items()
        if name in SHARES and isinstance(value, int)
    }
    return replace(refusal, message=message, fix=fix, params={**refusal.params, **shares})


def answer(now: Edited, user: User, own: Sequence[Edit] = (), renewed: Sequence[CriteriaEdit] = ()) -> Json:
    """How the draft stands. `own` are edits of which the page knows the values, `renewed` groups of which it does not:
    those of others come with `now`."""
    groups = [*now.since, *renewed]
    edits = [edit for group in groups for edit in edits_in(group)]
    return {
        "revision": now.version.revision,
        "status": now.version.status,
        "saved_at": saved_text(),
        "may_undo": now.may_undo,
        "may_redo": now.may_redo,
        "refusals": notes(now.refusals),
        "changes": _changes(now, groups, user),
        "sections": outdated_by([*own, *edits]),
    }


def saved_text() -> str:
    """That everything is saved, and since when."""
    return _("Saved {time}").format(time=time_format(timezone.localtime(), "H:i"))


def _changes(now: Edited, groups: Sequence[CriteriaEdit], user: User) -> list[Json]:
    """The places that others, or an undo, wrote, with what stands there now."""
    found: dict[str, Json] = {}
    for group in groups:
        told = "" if group.author_id == user.pk else _told(group.author, group.at)
        for edit in edits_in(group):
            if edit.op == "set":
                found[edit.path] = _change(now, edit.path, told)
    return list(found.values())


def _change(now: Edited, path: str, told: str) -> Json:
    value, sections = value_at(now.version.document, path), shown_by(path)
    change = {"path": path, "told": told, "section": sections[0]}
    return change if value is ABSENT else {**change, "value": value}


def _told(by: User, at: Any) -> str:
    return _("{name} changed this {when}.").format(name=localized(by), when=_when(at))


def _when(at: Any) -> str:
    if (timezone.now() - at).total_seconds() < SHORTEST_TOLD:
        return _("just now")
    return _("{time} ago").format(time=timesince(at, depth=1))


def conflict(error: FieldConflict, user: User) -> Json:
    """Both values of a field that somebody else wrote in the meantime."""
    theirs = _shown(error.path, error.theirs) or error.params["theirs"]
    if error.by is None or error.at is None:
        told = _("There stands {value} by now.").format(value=theirs)
    else:
        name = _("You, in another window,") if error.by == user else localized(error.by)
        told = _("{name} changed this to {value} {when}.").format(
            name=name, value=theirs, when=_when(error.at)
        )
    found = {"path": error.path, "told": told, "section": shown_by(error.path)[0]}
    return {
        "text": str(error),
        "conflicts": [found if error.theirs is ABSENT else {**found, "value": error.theirs}],
        "sections": list(shown_by(error.path)),
    }


def _shown(path: str, value: Any) -> str:
    """A number as the field of that path shows it; empty for what is no number there."""
    steps = steps_of(path)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if steps[-1] == "weight" or steps[0] == "weight_limits":
        return display.weight(round(value))
    if len(steps) == EDGE_STEPS and steps[-1] in ("lo", "hi"):
        return written(policy_catalogue().get(steps[5])).exact(value)
    return ""


def faults(error: EditRefused) -> Json:
    """Why an edit cannot be saved: beside which field, what is wrong, and what to write instead."""
    return {
        "text": _("Not saved: {reason}").format(reason=error.placed[0].refusal.text(_)),
        "faults": notes(error.placed),
    }

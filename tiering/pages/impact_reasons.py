"""Why a subject moves, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from tiering import display
from tiering.core.document import SCORE_UNIT
from tiering.core.metric import Catalogue
from tiering.preview.reasons import Reason


def reason_texts(reasons: Iterable[Reason], names: Catalogue) -> list[str]:
    """Each reason in a few words: leverage −6.0, gate “Overdue”."""
    return [_text(reason, names) for reason in reasons]


def _text(reason: Reason, names: Catalogue) -> str:
    if reason.metric is not None:
        return f"{display.metric_label(reason.metric, names)} {_signed(reason.change)}"
    name = display.label(reason.name) if reason.name else ""
    match reason.kind:
        case "gate_on":
            return _("gate “{name}”").format(name=name)
        case "gate_off":
            return _("without gate “{name}”").format(name=name)
        case "overlay_on":
            return _("overlay “{name}”").format(name=name)
        case "overlay_off":
            return _("without overlay “{name}”").format(name=name)
        case "scorecard":
            return _("scored as “{name}”").format(name=name)
        case "damped":
            return _("slowed by the rules for moves")
        case "already":
            return _("moves by the criteria in effect too")
        case _:
            return _("other cut-offs")


def _signed(units: int) -> str:
    """A change of the score in points: +3.5, −6.0."""
    points = units / SCORE_UNIT
    return f"{'+' if points >= 0 else '−'}{number_format(abs(round(points, 1)), decimal_pos=1)}"

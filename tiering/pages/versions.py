"""What the pages of criteria say about versions: what speaks against a draft, and what one changes of another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.formats import reads_chinese
from tiering import display
from tiering.core.diff import Difference, Kind, differences
from tiering.core.refusals import Refusal
from tiering.criteria_files import template, template_keys
from tiering.models import CriteriaVersion
from tiering.selectors.catalogue import policy_catalogue

ICONS: dict[Kind, str] = {
    "added": "plus",
    "removed": "minus",
    "changed": "pencil",
    "moved": "arrow-up-down",
}


@dataclass(frozen=True)
class RefusalLine:
    """Why criteria are refused: where in the document, what is wrong, and what to change."""

    path: str
    text: str
    remedy: str


@dataclass(frozen=True)
class DifferenceLine:
    icon: str
    text: str


@dataclass(frozen=True)
class TemplateLine:
    """A template that ships, by its own name and remarks."""

    key: str
    label: str
    note: str


def refusal_lines(refusals: Iterable[Refusal]) -> list[RefusalLine]:
    """Refusals in the reader's language."""
    return [RefusalLine(refusal.path, refusal.text(_), refusal.remedy(_)) for refusal in refusals]


def template_lines() -> list[TemplateLine]:
    """Every template, in the reader's language."""
    documents = [(key, template(key)) for key in template_keys()]
    return [
        TemplateLine(key, display.label(document["label"]), display.label(document["note"]))
        for key, document in documents
    ]


def difference_lines(before: CriteriaVersion, after: CriteriaVersion) -> list[DifferenceLine]:
    """What the later version does differently, a sentence each, in the reader's language."""
    language, names = "zh" if reads_chinese() else "en", policy_catalogue()

    def line(found: Difference) -> DifferenceLine:
        return DifferenceLine(ICONS[found.kind], found.text(_, language, names))

    return [line(found) for found in differences(before.document, after.document)]

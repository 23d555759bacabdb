"""What the condition builder of the studio is made of: the metrics it offers, and a condition as a field of a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from crm.models import User
from tiering import display
from tiering.core.catalogue import CHANGE_METRICS
from tiering.core.check_metrics import Vocabulary
from tiering.core.conditions import MAX_DEPTH, Condition, parse
from tiering.core.document import Document, SubjectKind
from tiering.core.metric import Metric, catalogue
from tiering.pages.studio import Draft
from tiering.pages.studio_units import written
from tiering.selectors.catalogue import CUSTOM_SOURCE, catalogue_of
from tiering.selectors.described import described

Json = Mapping[str, Any]
About = Literal["facts", "moves"]
"""Whether a condition describes subjects by their facts, or also moves from tier to tier."""

CHANGE: Final = "change"

OPERATORS: Final = {
    "number": [
        (">=", gettext_lazy("is at least")),
        (">", gettext_lazy("is above")),
        ("<=", gettext_lazy("is at most")),
        ("<", gettext_lazy("is below")),
        ("==", gettext_lazy("is")),
        ("!=", gettext_lazy("is not")),
        ("in", gettext_lazy("is one of")),
    ],
    "category": [
        ("in", gettext_lazy("is one of")),
        ("==", gettext_lazy("is")),
        ("!=", gettext_lazy("is not")),
    ],
    "rank": [
        ("<=", pgettext_lazy("tier", "is at least")),
        ("<", pgettext_lazy("tier", "is better than")),
        (">=", pgettext_lazy("tier", "is at most")),
        (">", pgettext_lazy("tier", "is worse than")),
        ("==", gettext_lazy("is")),
        ("!=", gettext_lazy("is not")),
    ],
}
KNOWN: Final = [("is_known", gettext_lazy("is known")), ("is_missing", gettext_lazy("is not known"))]


@dataclass(frozen=True)
class Builder:
    """A condition as a field of the studio.

    `path` is where it stands in the document, empty in a form that makes a new entry; `data` is its JSON, None where it
    has none; `needed`, whether its entry must have one. `without` is what is said in place of the words of none.
    """

    id: str
    path: str
    data: Json | None
    words: str
    about: About = "facts"
    needed: bool = False
    without: str = ""


def builder(
    draft: Draft,
    path: str,
    data: Json | None,
    about: About = "facts",
    needed: bool = False,
    without: str = "",
) -> Builder:
    """The field of the condition that stands in a place of the draft."""
    words = sentence(parse(data), draft.document) if data is not None else without
    return Builder(f"at-{path}", path, data, words, about, needed, without)


def new_builder(name: str, needed: bool = True, without: str = "") -> Builder:
    """The empty field of an entry that is not in the draft yet."""
    return Builder(f"new-{name}-when", "", None, without, "facts", needed, without)


def sentence(condition: Condition, document: Document) -> str:
    """The condition in words, in the reader's language."""
    return display.condition_text(condition, [tier.key for tier in document.tiers], catalogue_of(document))


def told(draft: Draft, user: User, conditions: Sequence[Condition]) -> list[dict[str, Any]]:
    """Of each condition its sentence, and how many of those the user may see it describes; no count where it is about
    moves, or names what there is not."""
    found = described(user, draft.document.subject, conditions, draft.catalogue)
    return [
        {
            "words": sentence(condition, draft.document),
            "count": "" if count is None else counted(count, found.subjects, draft.document.subject),
            "none": count == 0,
        }
        for condition, count in zip(conditions, found.counts, strict=True)
    ]


def counted(number: int, of: int, subject: SubjectKind) -> str:
    """So many of all subjects: 312 of 2,000 clients."""
    if subject == "project":
        text = ngettext(
            "%(number)s of %(all)s client in its projects", "%(number)s of %(all)s clients in projects", of
        )
    else:
        text = ngettext("%(number)s of %(all)s client", "%(number)s of %(all)s clients", of)
    return text % {"number": f"{number:,}", "all": f"{of:,}"}


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Everything that the builder offers, for `json_script`: metrics, operators and tiers, in the reader's language."""
    known = [(op, str(text)) for op, text in KNOWN]
    return {
        "metrics": [metric_offered(metric) for metric in _in_scope(draft)],
        "operators": {
            kind: [(op, str(text)) for op, text in named] + ([] if kind == "rank" else known)
            for kind, named in OPERATORS.items()
        },
        "tiers": [
            {"key": tier.key, "label": display.label(tier.label)} for tier in draft.document.tiers
        ],
        "depth": MAX_DEPTH,
    }  # fmt: skip


def _in_scope(draft: Draft) -> Iterable[Metric]:
    scope = Vocabulary(draft.catalogue, draft.document.subject)
    offered = catalogue(filter(scope.covers, draft.catalogue.values()), CHANGE_METRICS.values())
    return offered.values()


def metric_offered(metric: Metric) -> dict[str, Any]:
    """A metric as the builder offers it."""
    typed = written(metric)
    return {
        "key": metric.key,
        "label": _(metric.label),
        "help": _(metric.help),
        "group": group_of(metric),
        "about": "moves" if metric.source == CHANGE else "facts",
        "kind": "rank" if metric.unit == "rank" else metric.type,
        "scale": typed.scale,
        "unit": typed.suffix,
        "categories": {key: _(label) for key, label in metric.categories.items()},
    }


def group_of(metric: Metric) -> str:
    """What a list of metrics sets it under: the records that it is read from."""
    if metric.source == CHANGE:
        return _("The move from tier to tier")
    if metric.source == CUSTOM_SOURCE:
        return _("The institution's own")
    return display.source_text(metric.source)

"""What builders of conditions are made of: the metrics, comparisons and readings they offer, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tiering import display
from tiering.core.catalogue import CHANGE_METRICS
from tiering.core.check_metrics import Vocabulary
from tiering.core.conditions import MAX_DEPTH
from tiering.core.document import SubjectKind
from tiering.core.json_text import json_of
from tiering.core.metric import Catalogue, Metric
from tiering.pages.studio_units import written
from tiering.selectors.catalogue import CUSTOM_SOURCE

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
    """A condition as a field.

    `path` is where it stands in the document of the studio; a form has its `name` instead, what makes a new entry
    neither. `data` is its JSON, None where it has none; `needed`, whether its entry must have one. `without` is what is
    said in place of the words of none.
    """

    id: str
    path: str
    data: Json | None
    words: str
    about: About = "facts"
    needed: bool = False
    without: str = ""
    name: str = ""

    @property
    def json(self) -> str:
        """The condition as a form sends it."""
        return "" if self.data is None else json.dumps(self.data, ensure_ascii=False)


def form_builder(name: str, value: str | None, *, words: str = "", without: str = "") -> Builder:
    """The field of a form, with the JSON that stands in it or was sent; what is none is left out."""
    try:
        data = json_of(value or "")
    except ValueError:
        data = None
    given = data if isinstance(data, dict) else None
    return Builder(f"cond-{name}", "", given, words or ("" if given else without), without=without, name=name)


def vocabulary(
    metrics: Iterable[Metric], tiers: Iterable[tuple[str, str]] = (), readings: Json | None = None
) -> dict[str, Any]:
    """Everything that a builder offers, for `json_script`. `tiers` are keys and names, the best first; `readings` what
    it may ask beside values, see `condition_readings`."""
    known = [(op, str(text)) for op, text in KNOWN]
    operators = {
        kind: [(op, str(text)) for op, text in named] + ([] if kind == "rank" else known)
        for kind, named in OPERATORS.items()
    }
    offered = [metric_offered(metric) for metric in metrics]
    found = {
        "metrics": offered,
        "operators": operators,
        "tiers": [{"key": key, "label": label} for key, label in tiers],
        "depth": MAX_DEPTH,
    }
    if readings is None:
        return found
    return {
        **found,
        "metrics": [*offered, *readings["metrics"]],
        "operators": {**operators, **readings["operators"]},
        "readings": readings["kinds"],
    }


def metrics_about(catalogue: Catalogue, subject: SubjectKind = "client") -> list[Metric]:
    """The metrics by which such subjects can be described."""
    scope = Vocabulary(catalogue, subject)
    return [metric for metric in catalogue.values() if scope.covers(metric)]


def metrics_of_moves() -> Iterable[Metric]:
    """The metrics of a move from tier to tier."""
    return CHANGE_METRICS.values()


def metric_offered(metric: Metric) -> dict[str, Any]:
    """A metric as builders offer it."""
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


def counted(number: int, of: int, subject: SubjectKind = "client") -> str:
    """So many of all subjects: 312 of 2,000 clients."""
    if subject == "project":
        text = ngettext(
            "%(number)s of %(all)s client in its projects", "%(number)s of %(all)s clients in projects", of
        )
    else:
        text = ngettext("%(number)s of %(all)s client", "%(number)s of %(all)s clients", of)
    return text % {"number": f"{number:,}", "all": f"{of:,}"}

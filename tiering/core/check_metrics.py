"""What a document may name: the metrics of a catalogue, as far as its subjects have them, their categories and units."""

from collections.abc import Iterator
from dataclasses import dataclass

from tiering.core.document import SubjectKind
from tiering.core.metric import Catalogue, Metric
from tiering.core.refusals import Refusal
from tiering.core.texts import N_
from tiering.core.units import converted


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The metrics that a document about such subjects may name."""

    catalogue: Catalogue
    subject: SubjectKind

    def metric(self, key: str) -> Metric | None:
        """The metric, or None when the document may not name it."""
        metric = self.catalogue.get(key)
        return metric if metric and self.covers(metric) else None

    def covers(self, metric: Metric) -> bool:
        """Whether the subjects have such a quantity: a client as such has none of what is counted within a project."""
        return metric.scope != "project" or self.subject == "project"

    def refusal(self, key: str, path: str) -> Refusal:
        """Why ``metric`` gave None."""
        if key in self.catalogue:
            return Refusal(
                "metric_out_of_scope", path,
                N_("“%(metric)s” is counted within a project, and this is about clients as a whole."),
                N_("Choose a metric of the client, or write criteria whose subject is the project."),
                {"metric": key},
            )  # fmt: skip
        return Refusal(
            "unknown_metric", path,
            N_("There is no metric “%(metric)s”."),
            N_("Choose one from the catalogue of metrics."),
            {"metric": key},
        )  # fmt: skip


def unknown_category(path: str, metric: str, category: str) -> Refusal:
    """The refusal of a category that the metric does not have."""
    return Refusal(
        "unknown_category", path,
        N_("“%(metric)s” has no category “%(category)s”."),
        N_("Choose one of the categories of the metric."),
        {"metric": metric, "category": category},
    )  # fmt: skip


def number_expected(path: str, metric: str) -> Refusal:
    """The refusal of a category where something is counted or compared by size."""
    return Refusal(
        "metric_not_a_number", path,
        N_("“%(metric)s” is not a number."),
        N_("Choose a metric that is a number."),
        {"metric": metric},
    )  # fmt: skip


def check_unit(metric: Metric, written: str | None, example: float | None, path: str) -> Iterator[Refusal]:
    """The refusal of numbers in another unit than the metric's; ``example`` is one of the numbers."""
    if written is None or written == metric.unit:
        return
    number = None if example is None else converted(example, written, metric.unit)
    if example is None or number is None:
        fix = N_("Write the numbers in the unit “%(unit)s”, or choose another metric.")
        shown = {}
    else:
        fix = N_(
            "Write %(number)s for %(example)s, the other numbers accordingly, and “%(unit)s” as the unit."
        )
        shown = {"number": f"{number:.12g}", "example": f"{example:.12g}"}
    yield Refusal(
        "unit_mismatch", path,
        N_("“%(metric)s” is in the unit “%(unit)s” and not in “%(written)s”."),
        fix,
        {"metric": metric.key, "unit": metric.unit, "written": written, **shown},
    )  # fmt: skip

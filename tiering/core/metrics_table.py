"""The catalogue as a table to read, in Markdown."""

from collections.abc import Callable, Iterator

from tiering.core.metric import Catalogue, Direction, Metric, Scope
from tiering.core.refusals import untranslated
from tiering.core.texts import N_

HEAD = (
    N_("Key"), N_("Name"), N_("Of"), N_("Unit"), N_("Better"), N_("Source"), N_("Days"), N_("Meaning"),
)  # fmt: skip
SCOPES: dict[Scope, str] = {
    "client": N_("client"),
    "project": N_("client in a project"),
    "portfolio": N_("client in the book"),
}
DIRECTIONS: dict[Direction, str] = {"higher": N_("higher"), "lower": N_("lower"), "neutral": "–"}


def metrics_table(catalogue: Catalogue, gettext: Callable[[str], str] = untranslated) -> str:
    """A row for each metric; “Days” is the maximum age of its value."""
    rows = [tuple(map(gettext, HEAD)), ("---",) * len(HEAD)]
    rows += [tuple(_cells(metric, gettext)) for metric in catalogue.values()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _cells(metric: Metric, gettext: Callable[[str], str]) -> Iterator[str]:
    yield f"`{metric.key}`"
    yield gettext(metric.label)
    yield gettext(SCOPES[metric.scope])
    yield metric.unit if metric.is_number else "–"
    yield gettext(DIRECTIONS[metric.direction])
    yield metric.source
    yield "–" if metric.max_age_days is None else str(metric.max_age_days)
    categories = ", ".join(f"`{key}` {gettext(label)}" for key, label in metric.categories.items())
    yield " ".join(filter(None, (gettext(metric.help), categories)))

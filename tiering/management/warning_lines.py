"""A trial of early warnings as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from crm.formats import MISSING, day, percent
from tiering.pages.text_tables import text_table
from tiering.warnings.trial import Line, Score, Trial


def lines_of(trial: Trial, labels: Mapping[str, str]) -> Iterator[str]:
    """What was tried, a row for each indicator, and what limits it."""
    if not trial.days:
        yield _("The ledger of facts does not reach back far enough to try anything.")
        return
    yield _(
        "%(outcome)s within %(months)d months, of %(clients)s clients on %(days)d days from %(first)s to %(last)s"
    ) % {
        "outcome": _("Default") if trial.outcome == "default" else _("Downgrade"),
        "months": trial.months,
        "clients": f"{trial.clients:,}",
        "days": len(trial.days),
        "first": day(trial.days[0]),
        "last": day(trial.days[-1]),
    }
    head = [
        _("Indicator"), _("Alerts"), _("Precision"), _("Recall"), _("Lead, days"),
        _("at random: precision"), _("recall"), _("lead"),
    ]  # fmt: skip
    rows = [[labels[line.key], *_cells(line, len(trial.days))] for line in trial.lines]
    yield from text_table([head, *rows, [_("All together"), *_cells(trial.total, len(trial.days))]])
    yield _("%(count)d outcomes could be foretold.") % {"count": trial.total.score.outcomes}
    if trial.step > 1:
        yield _("One client in %(step)d was looked at.") % {"step": trial.step}
    if trial.is_thin:
        yield _("So few outcomes that shares say little.")


def _cells(line: Line, days: int) -> list[str]:
    if line.days == 0 and not line.score.alerts:
        return [_("history too short"), *[""] * 6]
    note = "" if line.days == days else f" ({line.days}/{days})"
    return [f"{line.score.alerts:,}{note}", *_shares(line.score), *_shares(line.chance)]


def _shares(score: Score) -> list[str]:
    lead = MISSING if score.lead_days is None else f"{score.lead_days:.0f}"
    return [*(MISSING if one is None else percent(one, 1) for one in (score.precision, score.recall)), lead]

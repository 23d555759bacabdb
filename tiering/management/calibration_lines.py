"""What ``manage.py criteria calibrate`` says."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from tiering.calibration.on_file import Trial
from tiering.core.texts import N_

NAMES = {
    "before": N_("as it was"),
    "proposed": N_("as proposed"),
    "regression": N_("logistic regression of scikit-learn"),
    "regression_cut": N_("the same, without the extremes"),
}


def trial_lines(trial: Trial) -> Iterator[str]:
    """Gini on both halves for each way of scoring, and what each indicator came to."""
    yield gettext("Learned from %(first)s subjects (%(bad)s bad), tried on %(second)s (%(others)s bad).") % {
        "first": trial.subjects[0],
        "bad": trial.bad[0],
        "second": trial.subjects[1],
        "others": trial.bad[1],
    }
    for name, (learned, tried) in trial.ginis.items():
        yield gettext("Gini %(name)s: %(learned)s where it was learned, %(tried)s on the others.") % {
            "name": gettext(NAMES[name]),
            "learned": _number(learned),
            "tried": _number(tried),
        }
    for card, told in trial.proposal.evidence["scorecards"].items():
        for one in told.get("indicators", ()):
            yield gettext("%(card)s, %(metric)s: %(share)s of the score, information %(value)s") % {
                "card": card,
                "metric": one["metric"],
                "share": f"{one['share']:.1%}",
                "value": f"{one['information_value']:.2f}",
            }


def _number(value: float | None) -> str:
    return gettext("too few outcomes") if value is None else f"{value:.4f}"

"""Which runs are due: each night's, and those that follow criteria taking effect or overlays being switched.

Everything is derived from the database's clock and from what the database holds, so it may be asked at any time, from
anywhere, as often as one likes.
"""

import logging
from datetime import datetime

from tiering.models import Challenger, CriteriaVersion, OverlayActivation, TieringRun
from tiering.selectors.criteria import document_of
from tiering.selectors.nights import LATE, awaits_the_first, latest_slot, runs_of_the_night
from tiering.selectors.versions import versions_in_effect
from tiering.services.clock import database_now
from tiering.services.runs import RunTerms, make_run

logger = logging.getLogger(__name__)

OFFICIAL, SHADOW = TieringRun.Kind.OFFICIAL, TieringRun.Kind.SHADOW
BASIS, TRIGGER = TieringRun.Basis, TieringRun.Trigger


def ensure_runs() -> list[TieringRun]:
    """Make the runs that are due and missing, and return them.

    Each night (from 02:00 where the institution is) the criteria of the first scheme derive the facts of everybody;
    when they are through, those of the other schemes read them. Only the latest night is made up for: a run looks at
    the book as it is now, and would find for the nights before it what it finds today.
    """
    now = database_now()
    made: list[TieringRun] = []
    derives = True
    for version in versions_in_effect(now):
        run = _nightly(version, now, derives) or _following(version, now)
        made += [run] if run else []
        derives = False
    return made + _challenges(now)


def follow_publication(version: CriteriaVersion) -> TieringRun | None:
    """The run that applies a version which is in effect and has not been applied yet."""
    now = database_now()
    in_effect = version.effective_from is not None and version.effective_from <= now
    return _following(version, now) if in_effect else None


def _nightly(version: CriteriaVersion, now: datetime, derives: bool) -> TieringRun | None:
    due = latest_slot(now)
    if runs_of_the_night(due).filter(version__criteria=version.criteria_id).exists():
        return None
    if not derives and awaits_the_first(due):
        return None
    slot, basis = due.date().isoformat(), BASIS.RECORDS if derives else BASIS.FACTS
    run = make_run(RunTerms(OFFICIAL, TRIGGER.SCHEDULE, slot, version, now, basis))
    if run and now - due > LATE:
        logger.warning("The run of %s starts %s late", slot, now - due)
    return run


def _challenges(now: datetime) -> list[TieringRun]:
    """The runs of versions that challenge what is in effect, on the facts of the night's official runs."""
    due = latest_slot(now)
    through = runs_of_the_night(due).filter(finished_at__isnull=False).values("version__criteria")
    challengers = Challenger.objects.filter(ended_at=None, version__criteria__in=through)
    slot = due.date().isoformat()
    terms = (
        RunTerms(SHADOW, TRIGGER.SCHEDULE, slot, challenger.version, now, BASIS.FACTS)
        for challenger in challengers.select_related("version")
    )
    return [run for run in map(make_run, terms) if run]


def _following(version: CriteriaVersion, now: datetime) -> TieringRun | None:
    """The run after the latest thing that changed how the clients of a scheme are assessed, unless one looked at the
    book since."""
    applied = max(version.effective_from or now, version.published_at or now)
    switched = _latest_switch(version, now)
    moment = max(applied, switched) if switched else applied
    looked = TieringRun.objects.filter(kind=OFFICIAL, version=version, as_of__gte=moment)
    if looked.exclude(trigger=TRIGGER.CHANGE).exists():
        return None
    trigger = TRIGGER.PUBLICATION if moment == applied else TRIGGER.OVERLAY
    # Nothing may be known yet of clients within projects while their first criteria come into effect.
    basis = BASIS.RECORDS if document_of(version).subject == "project" else BASIS.FACTS
    return make_run(RunTerms(OFFICIAL, trigger, moment.isoformat(), version, now, basis))


def _latest_switch(version: CriteriaVersion, now: datetime) -> datetime | None:
    """When an overlay of the scheme was switched on or off last."""
    approved = OverlayActivation.objects.filter(
        scheme__criteria=version.criteria_id, approved_at__lte=now, starts__lte=now
    )
    switches = (_switches(activation) for activation in approved if not activation.is_void)
    moments = [moment for moments in switches for moment in moments if moment <= now]
    return max(moments, default=None)


def _switches(activation: OverlayActivation) -> list[datetime]:
    """When an approved activation switches its overlay: on once it is approved, off when it ends."""
    on = max(activation.starts, activation.approved_at or activation.starts)
    if activation.ends is None:
        return [on]
    return [on, activation.ends] if activation.ends > on else []

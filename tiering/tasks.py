"""What workers do. A message only rings: the work, and what is left of it, stands in the database.

Every task may be lost, repeated or run beside itself. Messages carry ids and expire, because the sweeper rings again
every few seconds as long as something waits.
"""

import logging
from typing import Any

from celery import Task, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from tiering.models import Calibration, ScoreCurve, Segmentation, Validation
from tiering.models.jobs import Job
from tiering.services import (
    calibrations,
    chunks,
    jobs,
    nights,
    override_lapse,
    probabilities,
    quality,
    requests,
    review_nights,
    review_work,
    runs,
    schedule,
    tier_changes,
    validations,
    warning_rounds,
)

logger = logging.getLogger(__name__)

MOST_BELLS = 8
BELL_EXPIRES = 30
SOFT_LIMIT, LIMIT = 240, 270
"""Seconds: a task may have to look at the whole book before the first client, and the broker waits for 300."""


@shared_task
def ensure_runs() -> None:
    """Called each minute by beat: start the runs that are due, and keep of challengers' nights what is kept for good."""
    schedule.ensure_runs()
    nights.note_nights()
    nights.let_results_go()
    ring(keep_reviews)


@shared_task
def tend_reviews() -> None:
    """Called each minute by beat: share out what waits for a decision, start its clock, and hand on what is late."""
    review_work.tend_reviews(at=timezone.now())


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def work(run: int) -> None:
    """Work on the chunks of a run for a while, and ring for the rest.

    Changed records come first: somebody waits for them, and their own bell stands in the queue behind those of the run.
    """
    requests.drain(seconds=chunks.TIME_FOR_ONE_TASK)
    if chunks.work(run_id=run):
        ring(work, run)
    runs.finish_runs()


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def drain() -> None:
    """Re-tier clients whose records changed for a while, and ring for the rest."""
    if requests.drain():
        ring(drain)


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def follow() -> None:
    """Work off what follows from changed tiers for a while, and ring for the rest."""
    if tier_changes.drain():
        ring(follow)


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def keep_reviews() -> None:
    """Keep the calendar of periodic reviews, once a day for each scheme."""
    review_nights.ensure_review_days()


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def watch() -> None:
    """Called each minute by beat: what time alone brings about among early warnings, and ring for the rest."""
    if warning_rounds.watch():
        ring(watch)


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def validate(validation: int) -> None:
    """Hold a version against what became of clients."""
    validations.work_validation(validation)


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def calibrate(calibration: int) -> None:
    """Propose bands and weights from history."""
    calibrations.work_calibration(calibration)


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def segment(segmentation: int) -> None:
    """Group clients by likeness."""
    calibrations.work_segmentation(segmentation)


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def fit(curve: int) -> None:
    """Find the probability of default by score."""
    probabilities.work_curve(curve)


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def write(curve: int) -> None:
    """Write the probabilities that a curve in use gives."""
    probabilities.write_probabilities(curve)


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=LIMIT)
def lapse() -> None:
    """Called each minute by beat: let overrides lapse whose time is over, and tell of those that end soon."""
    override_lapse.lapse_overrides()


JOBS: dict[type[Job], Task] = {
    Validation: validate,
    Calibration: calibrate,
    Segmentation: segment,
    ScoreCurve: fit,
}
"""Who does which job."""


@shared_task
def sweep() -> None:
    """Called every five seconds by beat: find what is due, whoever forgot it."""
    chunks.quarantine_spent()
    runs.finish_runs()
    ring_due_runs()
    if requests.any_due():
        ring(drain)
    if tier_changes.any_waiting():
        ring(follow)
    for model, task in JOBS.items():
        for job in jobs.waiting(model):
            ring(task, job)
    for curve in probabilities.waiting_curves():
        ring(write, curve)


def ring_due_runs() -> None:
    """One bell for each chunk that is due, as far as there may be workers to hear it."""
    for run, due in chunks.due_runs().items():
        for _ in range(min(due, MOST_BELLS)):
            ring(work, run)


def ring(task: Task, *ids: Any) -> None:
    """Tell a worker to look. A broker that is away loses nothing: the sweeper rings when it is back."""
    try:
        task.apply_async(args=ids, expires=BELL_EXPIRES, retry=False)
    except OperationalError:
        logger.warning("The broker is away; %s waits for the sweeper", task.name)


@shared_task
def renew_quality() -> None:
    """Called each minute by beat: how well the clients are known whose records changed."""
    now = timezone.now()
    quality.renew_changed_quality(at=now, day=timezone.localdate(now))


# Everybody, because time alone makes values too old: some minutes for a million clients.
@shared_task(soft_time_limit=3000, time_limit=3060)
def renew_every_quality() -> None:
    """Called each night by beat."""
    now = timezone.now()
    quality.renew_every_quality(at=now, day=timezone.localdate(now))

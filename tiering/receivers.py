"""Rings a worker when something is committed for it to do; connected in `apps.py`."""

from typing import Any

from django.dispatch import receiver

from crm.signals import source_records_changed
from tiering import tasks
from tiering.models.jobs import Job
from tiering.signals import curve_waiting, job_waiting, run_waiting


@receiver(run_waiting)
def ring_for_run(**_: Any) -> None:
    tasks.ring_due_runs()


@receiver(job_waiting)
def ring_for_job(sender: type[Job], job: int, **_: Any) -> None:
    tasks.ring(tasks.JOBS[sender], job)


@receiver(curve_waiting)
def ring_for_curve(curve: int, **_: Any) -> None:
    tasks.ring(tasks.write, curve)


@receiver(source_records_changed)
def ring_for_changes(**_: Any) -> None:
    tasks.ring(tasks.drain)

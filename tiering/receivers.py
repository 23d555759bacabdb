"""Rings a worker when something is committed for it to do; connected in `apps.py`."""

from typing import Any

from django.dispatch import receiver

from crm.signals import source_records_changed
from tiering import tasks
from tiering.signals import run_waiting, validation_waiting


@receiver(run_waiting)
def ring_for_run(**_: Any) -> None:
    tasks.ring_due_runs()


@receiver(validation_waiting)
def ring_for_validation(validation: int, **_: Any) -> None:
    tasks.ring(tasks.validate, validation)


@receiver(source_records_changed)
def ring_for_changes(**_: Any) -> None:
    tasks.ring(tasks.drain)

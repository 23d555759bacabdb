"""The doorbell of prospects: they are compared and scored soon after they came in or changed."""

from celery import current_app
from django.db import transaction


def ring() -> None:
    """Have new and changed prospects looked at once the transaction at hand is committed; the beat rings too."""
    transaction.on_commit(lambda: current_app.send_task("funnel.tasks.tend_prospects"), robust=True)

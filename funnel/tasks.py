"""Background work on cases. Each task calls one service and is safe to repeat."""

from celery import shared_task
from django.utils import timezone

from funnel.services import lapses, metrics


@shared_task
def note_lapses() -> None:
    """Called each minute by beat: hold open cases against the gates that they passed."""
    lapses.note_lapses()


@shared_task(soft_time_limit=240, time_limit=270)
def feed_metrics() -> None:
    """Called each night by beat: tell of all clients what their cases say; outcomes grow old, rates change."""
    metrics.feed(day=timezone.localdate())

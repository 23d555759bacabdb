"""Background work on cases. Each task calls one service and is safe to repeat."""

from celery import shared_task
from django.utils import timezone

from crm.services import claims
from funnel.models import ProspectEdit
from funnel.services import lapses, metrics, prospect_edits, prospect_tending


@shared_task
def note_lapses() -> None:
    """Called each minute by beat: hold open cases against the gates that they passed."""
    lapses.note_lapses()


@shared_task(soft_time_limit=240, time_limit=270)
def feed_metrics() -> None:
    """Called each night by beat: tell of all clients what their cases say; outcomes grow old, rates change."""
    metrics.feed(day=timezone.localdate())


@shared_task(soft_time_limit=240, time_limit=270)
def tend_prospects() -> None:
    """Rung when prospects come in, and twice a minute by beat: look for their twins, score them."""
    prospect_tending.tend_prospects(at=timezone.now())


@shared_task(soft_time_limit=240, time_limit=270)
def run_prospect_edit(edit_id: int) -> None:
    prospect_edits.run_edit(edit_id)


@shared_task
def sweep_prospect_edits() -> None:
    """Ring again for acts on prospects that wait: a message was lost, or a worker died and its lease ran out."""
    for edit_id in claims.due(ProspectEdit, ProspectEdit.RUNNING):
        run_prospect_edit.delay(edit_id)

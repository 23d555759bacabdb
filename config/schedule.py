"""What the beat asks the workers to do, and when. Hours are UTC; Shanghai is eight hours ahead.

A request that nobody took up is dropped once the next one is due.
"""

from typing import Any

from celery.schedules import crontab


def every(seconds: float, task: str) -> dict[str, Any]:
    """Within a minute or less: a request expires just before the next."""
    return {
        "task": task,
        "schedule": seconds,
        "options": {"expires": seconds - 5 if seconds > 5 else seconds},
    }


def daily(hour: int, minute: int, task: str) -> dict[str, Any]:
    """Once a day; a worker that comes an hour too late leaves it to the next day."""
    return {"task": task, "schedule": crontab(hour=hour, minute=minute), "options": {"expires": 3600}}


SCHEDULE = {
    "sweep": every(5.0, "tiering.tasks.sweep"),
    "sweep-bulk-edits": every(30.0, "crm.tasks.sweep_bulk_edits"),
    "sweep-imports": every(30.0, "crm.tasks.sweep_imports"),
    "sweep-prospect-edits": every(30.0, "funnel.tasks.sweep_prospect_edits"),
    "tend-prospects": every(30.0, "funnel.tasks.tend_prospects"),
    "derive-stages": every(60.0, "crm.tasks.derive_stages"),
    "ensure-runs": every(60.0, "tiering.tasks.ensure_runs"),
    "lapse-overrides": every(60.0, "tiering.tasks.lapse"),
    "note-lapses": every(60.0, "funnel.tasks.note_lapses"),
    "renew-quality": every(60.0, "tiering.tasks.renew_quality"),
    "scan-waiting": every(60.0, "crm.tasks.scan_waiting"),
    "send-digests": every(60.0, "crm.tasks.send_digests"),
    "send-invitations": every(60.0, "crm.tasks.send_invitations"),
    "tend-reviews": every(60.0, "tiering.tasks.tend_reviews"),
    "watch": every(60.0, "tiering.tasks.watch"),
    # After midnight in Shanghai, before the nightly run.
    "derive-book-stages": daily(17, 10, "crm.tasks.derive_book_stages"),
    "feed-case-metrics": daily(17, 20, "funnel.tasks.feed_metrics"),
    # In the small hours.
    "look-for-duplicates": daily(18, 10, "crm.tasks.look_for_duplicates"),
    "prune-notices": daily(19, 40, "crm.tasks.prune_notices"),
    "renew-every-quality": daily(20, 30, "tiering.tasks.renew_every_quality"),
    # Before the day begins.
    "remind-of-documents": daily(23, 30, "crm.tasks.remind_of_documents"),
}

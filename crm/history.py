from typing import Any

import pghistory
from django.db.models import Manager, Model


def tracked(**options):
    """Keep the history of a governed table: database triggers write each insert, update and delete beside it.

    Trackers are made anew for each model: pghistory copies shared ones and then no longer knows their operation.
    """
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options
    )


def events_of(model: type[Model]) -> Manager[Any]:
    """The events of a tracked model; pghistory puts their model on it when it is made."""
    return model.pgh_event_model.objects  # type: ignore[attr-defined]

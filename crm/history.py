import pghistory


def tracked(**options):
    """Keep the history of a governed table: database triggers write each insert, update and delete beside it.

    Trackers are made anew for each model: pghistory copies shared ones and then no longer knows their operation.
    """
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options
    )

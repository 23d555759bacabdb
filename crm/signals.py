"""What other apps may hear about client records."""

from django.db import transaction
from django.dispatch import Signal

# Source records of clients changed and are committed. The re-tier requests were written by the same transaction;
# this only tells listeners to look now instead of at the next sweep.
source_records_changed = Signal()


def records_changed() -> None:
    """Tell the listeners once the transaction at hand is committed.

    A listener that fails is logged: what is committed stands, and whoever wrote it must not be told otherwise.
    """
    transaction.on_commit(lambda: source_records_changed.send(sender=None), robust=True)

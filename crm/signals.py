"""What other apps may hear about client records."""

from django.dispatch import Signal

# Source records of clients changed and are committed. The re-tier requests were written by the same transaction;
# this only tells listeners to look now instead of at the next sweep.
source_records_changed = Signal()

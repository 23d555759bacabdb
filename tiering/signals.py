"""What tiering says when work is waiting. Whoever hears it may ring a worker; the sweeper finds the work anyway."""

from django.dispatch import Signal

# `run`: the id of a run whose chunks are committed and wait.
run_waiting = Signal()

# `validation`: the id of one that is committed and waits.
validation_waiting = Signal()

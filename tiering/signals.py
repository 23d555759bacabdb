"""What tiering says when work is waiting. Whoever hears it may ring a worker; the sweeper finds the work anyway."""

from django.dispatch import Signal

# `run`: the id of a run whose chunks are committed and wait.
run_waiting = Signal()

# `job`: the id of one of the sender's that is committed and waits.
job_waiting = Signal()

# `curve`: the id of a probability curve that was approved, and whose values are to be written.
curve_waiting = Signal()

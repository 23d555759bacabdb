"""What tiering says when something happened that others follow up. Work that waits is found by the sweeper anyway."""

from django.dispatch import Signal

# `run`: the id of a run whose chunks are committed and wait.
run_waiting = Signal()

# `job`: the id of one of the sender's that is committed and waits.
job_waiting = Signal()

# `curve`: the id of a probability curve that was approved, and whose values are to be written.
curve_waiting = Signal()

# In the transaction that publishes a version of a policy; `version` is the PolicyVersion.
policy_published = Signal()

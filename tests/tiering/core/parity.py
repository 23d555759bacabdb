"""How Hypothesis tries what holds Python and SQL equal. For tests alone: before them no profile has been chosen."""

from hypothesis import HealthCheck, settings

parity = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

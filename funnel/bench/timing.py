"""Server time of what is asked for again and again: of the processor, in the web process and in its database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.garbage import spare_what_lasts
from tiering.bench.clocks import Backend, percentile
from tiering.bench.report import Line, at_most
from tiering.bench.visits import served

ROUNDS: Final = 40


def timed(name: str, act: Callable[[], None], goal: float) -> Line:
    """The 95th percentile in milliseconds beside the median, and beside that on the wall, which others on the machine
    stretch."""
    spare_what_lasts()  # as a web process does
    for _warm in range(3):  # a cold cache is not what is measured
        act()
    backend, wall, effort = Backend(), [], []
    for _round in range(ROUNDS):
        spent = served(act, backend)
        wall.append(1000 * spent.wall)
        effort.append(1000 * spent.effort)
    with CaptureQueriesContext(connection) as captured:
        act()
    middle, slowest = percentile(effort, 0.5), percentile(wall, 0.95)
    measure = f"{name} · {len(captured)} queries · median {middle:.0f} ms · wall {slowest:.0f} ms"
    return at_most(measure, percentile(effort, 0.95), goal, " ms", 0)

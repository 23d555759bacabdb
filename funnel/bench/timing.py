"""Server time of what is asked for again and again: of the processor, in the web process and in its database."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from django.db import connection
from django.test import Client as Visitor
from django.test.utils import CaptureQueriesContext

from crm.garbage import spare_what_lasts
from crm.models import User
from tiering.bench.clocks import Backend, percentile
from tiering.bench.report import Line, at_most

ROUNDS: Final = 20


def visitor_of(user: User) -> Visitor:
    visitor = Visitor(headers={"host": "localhost"})
    visitor.force_login(user)
    spare_what_lasts()  # as a web process does
    return visitor


def timed(name: str, act: Callable[[], None], goal: float) -> Line:
    """The 95th percentile in milliseconds beside the median, and beside that on the wall, which others on the machine
    stretch."""
    for _warm in range(3):  # a cold cache is not what is measured
        act()
    backend, wall, effort = Backend(), [], []
    for _round in range(ROUNDS):
        begun = time.process_time()
        spent = backend.time(act)
        wall.append(1000 * spent.wall)
        effort.append(1000 * (spent.effort + (0 if spent.cpu is None else time.process_time() - begun)))
    with CaptureQueriesContext(connection) as captured:
        act()
    middle, slowest = percentile(effort, 0.5), percentile(wall, 0.95)
    measure = f"{name} · {len(captured)} queries · median {middle:.0f} ms · wall {slowest:.0f} ms"
    return at_most(measure, percentile(effort, 0.95), goal, " ms", 0)

"""Wall and CPU time of statements, so that others on the machine and the order of things weigh as little as may be."""

import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.db import connection

BUSY = 0.25
"""The share of a machine's cores that others may use before it counts as busy."""


@dataclass(frozen=True)
class Spent:
    """Seconds that something took: on the wall, and of the processor (None: it cannot be read)."""

    wall: float
    cpu: float | None

    @property
    def effort(self) -> float:
        """CPU time where it is known."""
        return self.wall if self.cpu is None else self.cpu


class Backend:
    """The server process of this connection. Its CPU time can be read where the server runs on the same machine."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._process = Path("/proc") / str(cursor.fetchone()[0])

    @property
    def is_here(self) -> bool:
        """Whether the CPU time is known."""
        return self.cpu() is not None

    def cpu(self) -> float | None:
        """Seconds of CPU time since the process began."""
        try:
            if (self._process / "comm").read_text().strip() != "postgres":
                return None
            return int((self._process / "schedstat").read_text().split()[0]) / 1e9
        except (OSError, ValueError, IndexError):
            return None

    def time(self, act: Callable[[], object]) -> Spent:
        """What an act of this connection takes."""
        cpu, begun = self.cpu(), time.perf_counter()
        act()
        wall, after = time.perf_counter() - begun, self.cpu()
        return Spent(wall, None if cpu is None or after is None else after - cpu)


def interleaved(acts: Mapping[str, Callable[[], Spent]], rounds: int) -> dict[str, Spent]:
    """The median of each act over so many rounds in which every act has its turn; one round before does not count."""
    spent: dict[str, list[Spent]] = {name: [] for name in acts}
    for turn in range(rounds + 1):
        for name, act in acts.items():
            one = act()
            if turn:
                spent[name].append(one)
    return {name: _median(all_of_it) for name, all_of_it in spent.items()}


def percentile(values: list[float], share: float) -> float:
    """The least of the values below or at which the share of them lies: of twenty, the 95th is the last but one."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def load_of_others() -> float:
    """The share of the cores that was in use during the last minute."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def _median(spent: list[Spent]) -> Spent:
    cpu = [one.cpu for one in spent if one.cpu is not None]
    return Spent(median(one.wall for one in spent), median(cpu) if cpu else None)

"""Acts that begin at the same moment, as those of workers and of browsers do."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act came to, in the order of the acts: what it returned, or the error that it raised."""
    together = threading.Barrier(len(acts))

    def outcome(act: Callable[[], Any]) -> Any:
        try:
            together.wait()
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(outcome, acts))

"""What was computed of some columns, by what it was computed from."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeVar, cast

import numpy as np

T = TypeVar("T")
MOST_BYTES: Final = 256 * 2**20


class Memo:
    """Results of one set of columns; when they take too much memory, those go first that nobody asked for lately.

    Several threads may share one: two that miss the same result at once both compute it.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.bytes = 0
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The result under a key, which names everything that it depends on."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key])
        result = compute()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = result
                self.bytes += bytes_of(result)
                self._make_room()
        return result

    def _make_room(self) -> None:
        while self.bytes > self._most and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self.bytes -= bytes_of(gone)


def bytes_of(value: object) -> int:
    """The memory of the arrays in a result: an array, or tuples, mappings and dataclasses of some."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(map(bytes_of, value.values()))
    if isinstance(value, tuple | list):
        return sum(map(bytes_of, cast(Iterable[object], value)))
    if is_dataclass(value):
        return sum(bytes_of(getattr(value, field.name)) for field in fields(value))
    return 0

"""What the person who waits gets to read: how far, how long, what."""

import time
from collections.abc import Callable


class Progress:
    """Lines such as ` 35 %   4.1 s  23,277 payments`."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._done = 0.0
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def advance(self, percent: float, text: str) -> None:
        """Say that a step is done, which is so much of the whole."""
        self._done += percent
        self._write(f"{self._done:3.0f} %  {self.seconds:5.1f} s  {text}")

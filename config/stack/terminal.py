"""Prefixed lines on the terminal."""

import contextlib
import sys

COLOURS = {"postgres": 36, "valkey": 35, "web": 32, "worker": 33, "beat": 34, "setup": 37}


def say(source: str, line: str) -> None:
    """Print one line under its source's name. A terminal that has gone away is no reason to fail."""
    prefix = f"{source:>8} | "
    if sys.stdout.isatty():
        prefix = f"\033[{COLOURS.get(source, 1)}m{prefix}\033[0m"
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(f"{prefix}{line.rstrip()}\n")
        sys.stdout.flush()

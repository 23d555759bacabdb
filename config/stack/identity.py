"""Which process is which: a pid alone may have passed to a stranger since it was written down."""

import subprocess
import sys
from pathlib import Path


def start_mark(pid: int) -> str | None:
    """A text that stays the same for as long as this very process lives; None when it is gone or a zombie."""
    if sys.platform != "linux":
        return _ps(pid, "lstart=")
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, started = fields[0], fields[19]
    return None if state in "ZX" else started


def command_of(pid: int) -> str:
    """The command line of a process, empty when there is none."""
    if sys.platform != "linux":
        return _ps(pid, "command=") or ""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _ps(pid: int, column: str) -> str | None:
    found = subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607
    return found.stdout.strip() or None

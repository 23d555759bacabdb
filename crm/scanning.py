"""Virus scanners: what `STRATA_ATTACHMENT_SCANNER` may name.

* `clamd://host:3310` or `clamd:/run/clamd.sock`: a ClamAV daemon, spoken to by its INSTREAM command.
* `command:clamdscan --no-summary -`: a command that reads the file from its input; it ends with 0 for a clean file and
  with 1 for an infected one, as ClamAV's do. Its last line of output is the finding.
* `package.module.scan`: a callable `scan(name, data)` that gives what it found, or "".
"""

from __future__ import annotations

import shlex
import socket
import struct
import subprocess
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.utils.module_loading import import_string

SECONDS: Final = 30
CHUNK: Final = 2**16
CLEAN, FOUND = 0, 1
LONGEST_FINDING: Final = 200

Scan = Callable[[str, bytes], str]


class ScannerFailed(Exception):
    """The scanner gave no answer that can be understood."""


def scanner_of(setting: str) -> Scan | None:
    """The scanner that the setting names; None for an empty one. Raises ImportError for a callable that is not there."""
    if not setting:
        return None
    if setting.startswith("clamd:"):
        return lambda name, data: _clamd(setting, data)
    if setting.startswith("command:"):
        return lambda name, data: _command(setting.removeprefix("command:"), data)
    found: Scan = import_string(setting)
    return found


def _clamd(address: str, data: bytes) -> str:
    """Raises OSError where the daemon is not reached, and ScannerFailed."""
    with _connected(address) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), CHUNK):
            chunk = data[start : start + CHUNK]
            line.sendall(struct.pack(">I", len(chunk)) + chunk)
        line.sendall(struct.pack(">I", 0))
        answer = b""
        while more := line.recv(4096):
            answer += more
    said = answer.decode(errors="replace").strip("\0\n ").removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")[:LONGEST_FINDING]
    raise ScannerFailed(said)


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or 3310), timeout=SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(SECONDS)
    try:
        line.connect(parts.path)
    except OSError:
        line.close()
        raise
    return line


def _command(words: str, data: bytes) -> str:
    """Raises OSError and TimeoutExpired where it does not run to its end, and ScannerFailed."""
    done = subprocess.run(shlex.split(words), input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - the administrator's own
    said = done.stdout.decode(errors="replace").strip()
    if done.returncode == CLEAN:
        return ""
    if done.returncode == FOUND:
        return (said.splitlines() or ["infected"])[-1][:LONGEST_FINDING]
    raise ScannerFailed(f"{done.returncode}: {said}")

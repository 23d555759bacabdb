"""How to run a program that refuses to run as root, when this is root."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOBODY = 65534
NAMESPACE = ["unshare", "-U", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]


class Unreachable(Exception):
    """A folder that the ordinary user would need is closed to it."""


@dataclass(frozen=True)
class Demotion:
    """What to add to a start so that the program does not see itself as root; empty for an ordinary user."""

    prefix: list[str] = field(default_factory=list)
    popen: dict[str, Any] = field(default_factory=dict)

    @property
    def changes_user(self) -> bool:
        return bool(self.popen)

    def hand_over(self, *paths: Path) -> None:
        """Give the paths to the user the program will run as, also back to root when an earlier run was nobody's.

        Raises Unreachable when a folder above is closed to that user.
        """
        if os.geteuid() != 0:
            return
        owner = NOBODY if self.changes_user else 0
        for path in paths:
            if self.changes_user:
                _check_reachable(path)
            if path.stat().st_uid != owner:
                for item in [path, *path.rglob("*")]:
                    os.chown(item, owner, owner)

    def run(self, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self.prefix, *command], capture_output=True, text=True, check=False, **self.popen
        )


AS_ONESELF = Demotion()


def demotion() -> Demotion:
    """For root a user namespace if the system allows one (files stay root's), else the user nobody."""
    if os.geteuid() != 0:
        return AS_ONESELF
    if (
        shutil.which("unshare")
        and subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0
    ):
        return Demotion(prefix=NAMESPACE)
    return Demotion(popen={"user": NOBODY, "group": NOBODY, "extra_groups": []})


def _check_reachable(path: Path) -> None:
    for folder in path.resolve().parents:
        if not folder.stat().st_mode & 0o001:
            raise Unreachable(
                f"Postgres does not run as root, and {folder} is closed to other users:"
                " put Strata into a folder open to all, or run it as an ordinary user"
            )

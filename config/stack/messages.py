"""Translations are compiled where they are used: only their sources are in the repository."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from config.stack.home import ROOT
from config.stack.supervisor import manage


def compile_stale(environment: Mapping[str, str], locale: Path = ROOT / "locale") -> None:
    """Compile the catalogues when one is newer than its compiled form."""
    if any(is_stale(catalogue) for catalogue in locale.rglob("*.po")):
        subprocess.run(manage("messages", "compile"), env=dict(environment), check=True)


def is_stale(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime

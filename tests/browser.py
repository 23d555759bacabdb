"""The browser of the tests: a real Chromium driven by Playwright.

`./strata test` names it in STRATA_CHROMIUM. Tests take the `page` fixture and are marked `browser` by it.
"""

import os
from pathlib import Path

from playwright.sync_api import Browser, Playwright, ViewportSize

from config.stack.browser import find, launch_environment

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


def executable() -> Path | None:
    """The Chromium to use, or None where there is none."""
    return find()


def why_missing() -> str:
    named = os.environ.get("STRATA_CHROMIUM")
    return f"STRATA_CHROMIUM={named} does not exist" if named else "no Chromium, Chrome or Edge is installed"


def launch(playwright: Playwright, path: Path) -> Browser:
    """Start the browser with the flags that make it quiet, offline and able to run as root."""
    return playwright.chromium.launch(
        executable_path=path, args=list(FLAGS), env={**launch_environment(path)}, chromium_sandbox=False
    )

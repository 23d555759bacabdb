"""The indicators that ship with Strata: examples to calibrate, drawn from supervisors' samples."""

import json
from pathlib import Path
from typing import Any, Final

LIBRARY: Final = Path(__file__).parent / "library.json"


def library() -> dict[str, Any]:
    """The document of the library."""
    document: dict[str, Any] = json.loads(LIBRARY.read_text())
    return document

import sys
from pathlib import Path

import pytest

from config.stack.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    tmp_path.chmod(0o711)
    return Home(tmp_path / "home")


@pytest.fixture
def sleeper() -> list[str]:
    """A program that runs until it is stopped."""
    return [sys.executable, "-S", "-c", "import time; time.sleep(120)"]

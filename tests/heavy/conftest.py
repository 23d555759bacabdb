"""Tests of many minutes; collected only where one names them: `pytest -s tests/heavy`."""

import pytest


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    return None if any("heavy" in argument for argument in config.args) else True

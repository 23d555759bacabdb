"""Fixtures for every test."""

from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

pytest_plugins = ["tests.browser_fixtures"]


@pytest.fixture(autouse=True)
def reader_of_its_own() -> Iterator[None]:
    """Let no test read on in the language or the time zone of a request that another one made."""
    yield
    translation.deactivate()
    timezone.deactivate()

"""Fixtures for every test."""

import gc
from collections.abc import Generator, Iterator

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import timezone, translation

from crm.garbage import spare_what_lasts
from tests.emptying import empty_tables

pytest_plugins = ["tests.browser_fixtures"]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests and modules are loaded, all of which last."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over thousands of tests and every module."""
    spare_what_lasts()


@pytest.fixture(autouse=True)
def reader_of_its_own() -> Iterator[None]:
    """Let no test read on in the language or the time zone of a request that another one made."""
    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True, scope="session")
def previews_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let tests leave no book of theirs where another process would look for one."""
    settings.PREVIEW_DIR = tmp_path_factory.mktemp("preview")


@pytest.fixture(autouse=True, scope="session")
def tables_emptied_quickly() -> None:
    """Let tests that commit take back what they wrote, and no more than that, and keep their connection as others do."""
    TransactionTestCase._fixture_teardown = lambda self: empty_tables()  # type: ignore[attr-defined]
    TransactionTestCase._should_reload_connections = lambda self: False  # type: ignore[attr-defined]

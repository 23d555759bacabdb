"""Every test has a folder of its own for snapshots, so that none previews on the book of another."""

import pytest


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    settings.PREVIEW_DIR = tmp_path / "preview"
    return settings.PREVIEW_DIR

"""Addresses of the files that pages name."""

import json

from config.static_files import Storage


def test_file_is_named_by_its_content_and_looked_up_once(tmp_path, settings):
    settings.DEBUG = False
    paths = {"js/shell.js": "js/shell.1a2b.js"}
    (tmp_path / "staticfiles.json").write_text(
        json.dumps({"version": "1.1", "paths": paths, "hash": ""}), encoding="utf-8"
    )
    storage = Storage(location=tmp_path)
    assert storage.url("js/shell.js").endswith("js/shell.1a2b.js")
    storage.hashed_files.clear()
    assert storage.url("js/shell.js").endswith("js/shell.1a2b.js")

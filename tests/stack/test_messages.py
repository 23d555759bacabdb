import os

from config.stack.messages import is_stale


def test_catalogue_is_stale_until_compiled_and_again_when_changed(tmp_path):
    catalogue, compiled = tmp_path / "django.po", tmp_path / "django.mo"
    catalogue.touch()
    assert is_stale(catalogue)
    compiled.touch()
    os.utime(compiled, (2_000_000_000, 2_000_000_000))
    assert not is_stale(catalogue)
    os.utime(catalogue, (2_000_000_001, 2_000_000_001))
    assert is_stale(catalogue)

"""`./strata` itself: finding a Python, knowing when nothing has to be installed."""

import json
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from config.stack.home import ROOT

OLD_PYTHON = "#!/bin/sh\necho 3 9\n"
NEW_PYTHON = "#!/bin/sh\necho 3 12\n"
WITHOUT_ENSUREPIP = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\necho 3 12\n'
BROKEN = "#!/bin/sh\nexit 127\n"


@pytest.fixture
def door(monkeypatch, tmp_path):
    """A fresh copy of the script as a module, seeing only programs in tmp_path/bin and a home of its own."""
    loader = SourceFileLoader("strata_door", str(ROOT / "strata"))
    module = ModuleType("strata_door")
    module.__file__ = loader.path
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("STRATA_PYTHON", raising=False)
    monkeypatch.setattr(sys, "executable", str(program(tmp_path / "bin" / "running-python", OLD_PYTHON)))
    return module


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_python_on_the_path_is_found_and_an_old_one_passed_over(door, tmp_path):
    program(tmp_path / "bin" / "python3.13", OLD_PYTHON)
    fitting = program(tmp_path / "bin" / "python3.12", NEW_PYTHON)
    assert door.find_python(with_ensurepip=True) == str(fitting)


def test_python_of_pyenv_is_found(door, tmp_path):
    program(tmp_path / ".pyenv" / "versions" / "3.10.4" / "bin" / "python3", NEW_PYTHON)
    fitting = program(tmp_path / ".pyenv" / "versions" / "3.12.1" / "bin" / "python3", NEW_PYTHON)
    assert door.find_python(with_ensurepip=True) == str(fitting)


def test_python_asked_for_by_name_wins(door, tmp_path, monkeypatch):
    program(tmp_path / "bin" / "python3.13", NEW_PYTHON)
    own = program(tmp_path / "own" / "python", NEW_PYTHON)
    monkeypatch.setenv("STRATA_PYTHON", str(own))
    assert door.find_python(with_ensurepip=True) == str(own)


def test_missing_ensurepip_is_told_in_one_line(door, tmp_path, monkeypatch):
    program(tmp_path / "bin" / "python3.12", WITHOUT_ENSUREPIP)
    monkeypatch.setattr(door, "VENV", str(tmp_path / "venv"))
    with pytest.raises(SystemExit, match="install python3-venv"):
        door.make_venv(uv=None)


def test_missing_python_is_told_in_one_line(door, tmp_path, monkeypatch):
    monkeypatch.setattr(door, "VENV", str(tmp_path / "venv"))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11"):
        door.make_venv(uv=None)


def test_uv_that_does_not_run_is_ignored(door, tmp_path):
    program(tmp_path / "bin" / "uv", BROKEN)
    assert door.find_uv() is None


def test_test_environment_serves_up_too(door, tmp_path, monkeypatch):
    stamp = tmp_path / "stamp.json"
    monkeypatch.setattr(door, "STAMP", str(stamp))
    monkeypatch.setattr(door, "PYTHON", str(program(tmp_path / "venv-python", NEW_PYTHON)))
    assert not door.is_installed("up")
    stamp.write_text(json.dumps({name: door.digest_of(name) for name in door.INCLUDED["dev"]}))
    assert door.is_installed("up")
    assert door.is_installed("dev")


def test_changed_lock_is_noticed(door, tmp_path, monkeypatch):
    stamp = tmp_path / "stamp.json"
    stamp.write_text(json.dumps({"up": "digest of a former lock"}))
    monkeypatch.setattr(door, "STAMP", str(stamp))
    monkeypatch.setattr(door, "PYTHON", str(program(tmp_path / "venv-python", NEW_PYTHON)))
    assert not door.is_installed("up")


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["--help"], 0), (["upp"], 2)])
def test_unknown_command_prints_the_commands(arguments, code):
    done = subprocess.run([sys.executable, ROOT / "strata", *arguments], capture_output=True, text=True)
    assert done.returncode == code
    assert "./strata up" in done.stdout

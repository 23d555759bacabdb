"""What a killed run leaves behind is ended; a stranger who got the same pid is not."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.stack.child import end_leftovers
from config.stack.home import ROOT
from config.stack.identity import start_mark

DIES_BEFORE_ITS_CHILD = """
import os, signal, sys, time
from pathlib import Path
from config.stack.home import Home
from config.stack.supervisor import Supervisor
supervisor = Supervisor(Home(Path(sys.argv[1])))
child = supervisor.start("sleeper", [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(120)"],
    echo=False)
while not child.log.read_text():
    time.sleep(0.02)
print(child.process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def record(home, process: subprocess.Popen, mark: str | None) -> None:
    known = {"pid": process.pid, "mark": mark, "signal": int(signal.SIGTERM)}
    (home.folder("processes") / "worker").write_text(json.dumps(known))


def test_orphan_is_stopped_and_said(home, sleeper, capsys):
    orphan = subprocess.Popen(sleeper, start_new_session=True)
    record(home, orphan, start_mark(orphan.pid))
    end_leftovers(home)
    assert orphan.wait(timeout=5) == -signal.SIGTERM
    assert f"left worker (pid {orphan.pid}) running" in capsys.readouterr().out
    assert not list(home.folder("processes").iterdir())


def test_stranger_with_the_same_pid_is_left_alone(home, sleeper):
    with subprocess.Popen(sleeper, start_new_session=True) as stranger:
        record(home, stranger, "another start")
        end_leftovers(home)
        assert stranger.poll() is None
        stranger.kill()


def test_half_written_record_is_no_obstacle(home):
    (home.folder("processes") / "web").write_text("")
    (home.folder("processes") / "beat").write_text('{"pid": 1')
    end_leftovers(home)
    assert not list(home.folder("processes").iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="the leash is a Linux facility")
def test_child_ends_with_its_killed_supervisor(home):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", DIES_BEFORE_ITS_CHILD, str(home.path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    deadline = time.monotonic() + 5
    while Path(f"/proc/{int(done.stdout)}").exists() and start_mark(int(done.stdout)):
        assert time.monotonic() < deadline, "the child outlived its supervisor"
        time.sleep(0.02)

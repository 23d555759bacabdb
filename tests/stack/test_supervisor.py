import os
import signal
import sys
import threading

import pytest

from config.stack.supervisor import Failed, Rank, StopRequested, Supervisor

SAYS_WHEN_STOPPED = """
import signal, sys, time
def leave(*_):
    open(sys.argv[1], "a").write(sys.argv[2] + " ")
    sys.exit()
signal.signal(signal.SIGTERM, leave)
print("up", flush=True)
time.sleep(60)
"""
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def python(program: str, *arguments: str) -> list[str]:
    return [sys.executable, "-S", "-c", program, *arguments]


def wait_until_up(supervisor, child):
    supervisor.wait_for(child, lambda: "up" in child.log.read_text(), seconds=10)


def test_children_stop_in_order_services_first(home, tmp_path):
    ended = tmp_path / "ended"
    with Supervisor(home, quiet=True) as supervisor:
        for rank in Rank:
            child = supervisor.start(rank.name, python(SAYS_WHEN_STOPPED, str(ended), rank.name), rank=rank)
            wait_until_up(supervisor, child)
    assert ended.read_text().split() == ["SERVICE", "BROKER", "DATABASE"]


def test_dead_child_is_named_with_its_log(home):
    with Supervisor(home, quiet=True) as supervisor:
        supervisor.start("worker", python("print('no broker'); raise SystemExit(3)"))
        with pytest.raises(Failed, match=r"worker ended by itself \(3\); see .*worker\.log"):
            supervisor.watch()
    assert "no broker" in (home.path / "logs" / "worker.log").read_text()


def test_failed_task_is_named(home):
    with Supervisor(home, quiet=True) as supervisor, pytest.raises(Failed, match=r"setup failed \(1\)"):
        supervisor.run("setup", python("raise SystemExit(1)"), dict(os.environ))


def test_child_that_never_answers_is_given_up(home, sleeper):
    with Supervisor(home, quiet=True) as supervisor:
        child = supervisor.start("web", sleeper)
        with pytest.raises(Failed, match="web did not become ready"):
            supervisor.wait_for(child, lambda: False, seconds=0.2)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_asks_for_an_orderly_end(home, sleeper, number):
    with Supervisor(home, quiet=True) as supervisor:
        child = supervisor.start("web", sleeper)
        threading.Timer(0.1, os.kill, [os.getpid(), number]).start()
        with pytest.raises(StopRequested):
            supervisor.watch()
    assert child.exit_code == -signal.SIGTERM


def test_second_signal_ends_the_patience(home):
    with Supervisor(home, quiet=True) as supervisor:
        child = supervisor.start("worker", python(STUBBORN))
        wait_until_up(supervisor, child)
        supervisor.requests += [signal.SIGINT, signal.SIGINT]
    assert child.exit_code == -signal.SIGKILL


def test_log_of_the_start_before_is_kept(home):
    for word in ("first", "second"):
        with Supervisor(home, quiet=True) as supervisor:
            supervisor.run("setup", python(f"print({word!r})"), dict(os.environ))
    logs = home.path / "logs"
    assert (logs / "setup.log").read_text() == "second\n"
    assert (logs / "setup.log.1").read_text() == "first\n"


def test_foreground_command_gives_its_exit_code(home):
    with Supervisor(home, quiet=True) as supervisor:
        assert supervisor.run_in_foreground(python("raise SystemExit(7)"), os.environ) == 7


def test_foreground_command_is_told_of_a_sigterm(home, sleeper):
    with Supervisor(home, quiet=True) as supervisor:
        threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGTERM]).start()
        assert supervisor.run_in_foreground(sleeper, os.environ) == 128 + signal.SIGTERM

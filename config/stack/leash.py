"""Become another program, one that is told to end when its starter dies (Linux; elsewhere it just starts).

Run by path, before anything is installed on sys.path: `python -I -S leash.py STARTER_PID SIGNAL PROGRAM [ARGS]`.
The leash is put on inside the new process because a change of user or user namespace takes it off.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(starter: int, signal_number: int, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != starter:
            sys.exit("its starter is gone")
    os.execvp(command[0], command)  # noqa: S606 (the point: no shell)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])

"""`python -m config.stack COMMAND [ARGS]`, which is what `./strata` hands over to."""

import sys
from collections.abc import Callable

from config.stack import check, manage, suite, up
from config.stack.home import AlreadyRunning
from config.stack.supervisor import Failed, StopRequested
from config.stack.terminal import say

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "up": up.main,
    "manage": manage.main,
    "test": suite.main,
    "check": check.main,
}


def main(arguments: list[str]) -> int:
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except (StopRequested, KeyboardInterrupt):
        return 130
    except AlreadyRunning as running:
        say("strata", f"already running: {running.about.get('what', 'starting')}")
        return 0 if arguments[0] == "up" else 1
    except Failed as failure:
        say("strata", str(failure))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

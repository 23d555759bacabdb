"""`./strata manage CMD`: a management command against the local stack."""

from config.stack.child import end_leftovers
from config.stack.home import LOCAL, AlreadyRunning, Home
from config.stack.servers import NO_STATEMENT_LIMIT, local_environment, start_servers
from config.stack.supervisor import Failed, Supervisor, manage
from config.stack.terminal import say


def main(arguments: list[str]) -> int:
    """Use the servers of the running `./strata up`, else start them for this one command."""
    home = Home(LOCAL)
    try:
        with home.held():
            return run_on_own_servers(home, arguments)
    except AlreadyRunning as running:
        return run_against(home, running.about.get("urls"), arguments)


def run_on_own_servers(home: Home, arguments: list[str]) -> int:
    end_leftovers(home)
    with Supervisor(home) as supervisor:
        urls = start_servers(supervisor)
        home.announce({"what": f"./strata manage {' '.join(arguments[:1])}", "urls": urls})
        return run(supervisor, urls, arguments)


def run_against(home: Home, urls: dict[str, str] | None, arguments: list[str]) -> int:
    if urls is None:
        raise Failed("Strata is starting or stopping: try again when it is ready")
    say("strata", "using the servers that are already running")
    return run(Supervisor(home), urls, arguments)


def run(supervisor: Supervisor, urls: dict[str, str], arguments: list[str]) -> int:
    environment = local_environment(supervisor.home, urls) | NO_STATEMENT_LIMIT
    return supervisor.run_in_foreground(manage(*arguments), environment)

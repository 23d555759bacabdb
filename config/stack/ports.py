"""Free TCP ports on the loopback address."""

import socket

LOOPBACK = "127.0.0.1"
NEIGHBOURS = 20


def is_free(port: int) -> bool:
    """Whether nothing answers on the port and it can be bound."""
    with socket.socket() as probe:
        if probe.connect_ex((LOOPBACK, port)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def free_port_near(preferred: int) -> int:
    """The preferred port, else one of the next few, else any: addresses stay the same from day to day."""
    near = range(preferred, preferred + NEIGHBOURS)
    return next((port for port in near if is_free(port)), None) or any_free_port()

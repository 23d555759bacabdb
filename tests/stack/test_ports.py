import socket

from config.stack.ports import LOOPBACK, any_free_port, free_port_near, is_free


def listener() -> socket.socket:
    taken = socket.socket()
    taken.bind((LOOPBACK, 0))
    taken.listen()
    return taken


def test_taken_port_gives_way_to_a_near_one():
    with listener() as taken:
        preferred = taken.getsockname()[1]
        found = free_port_near(preferred)
        assert not is_free(preferred)
        assert found != preferred
        assert is_free(found)


def test_free_port_is_used_as_preferred():
    preferred = any_free_port()
    assert free_port_near(preferred) == preferred

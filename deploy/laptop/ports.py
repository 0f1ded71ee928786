"""Free ports on loopback, remembered from run to run so that addresses in bookmarks and scripts stay right."""

import random
import socket
from pathlib import Path

from laptop.kept import keep, read_kept

HOST = "127.0.0.1"

# Below the range from which operating systems take ports for outgoing connections: a server that is killed and
# started again on its port must not find it held by somebody's client.
CANDIDATES = range(20_000, 32_000)


class NoFreePort(Exception):
    """A thousand ports were tried and all were taken."""


def is_free(port: int) -> bool:
    """Whether a server may listen on this port of loopback now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections of the last run that are still closing do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def free_port(avoid: frozenset[int] = frozenset()) -> int:
    """A port that nobody listens on, and that is not in `avoid`."""
    for port in random.sample(CANDIDATES, 1_000):
        if port not in avoid and is_free(port):
            return port
    raise NoFreePort(f"no free port between {CANDIDATES.start} and {CANDIDATES.stop} on {HOST}")


class Ports:
    """The ports of one installation by name, kept in a small JSON file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ports: dict[str, int] = read_kept(file)

    def take(self, name: str, preferred: int | None = None) -> int:
        """The port of `name`: `preferred` if free, else the remembered one if free, else any other."""
        others = frozenset(port for other, port in self._ports.items() if other != name)
        wishes = [port for port in (preferred, self._ports.get(name)) if port is not None and port not in others]
        port = next(filter(is_free, wishes), None) or free_port(avoid=others)
        if port != self._ports.get(name):
            self._ports[name] = port
            keep(self._file, self._ports)
        return port

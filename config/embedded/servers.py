"""The embedded servers together, for those whose addresses nobody has set."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from config import env
from config.embedded import processes
from config.embedded.directories import DirectoryLock, remove_abandoned
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey

THROW_AWAY_PREFIX = "client-services-test-"


class Servers:
    """PostgreSQL and Valkey below one directory, each unless its address is set already."""

    def __init__(self, base: Path, *, throw_away: bool = False) -> None:
        self.base = base
        self._throw_away = throw_away
        self._lock = DirectoryLock(base)
        self._running: list[Postgres | Valkey] = []

    @property
    def processes(self) -> dict[str, subprocess.Popen[bytes]]:
        """The processes started here, by name."""
        return {
            type(server).__name__.lower(): server.process
            for server in self._running
            if server.process
        }

    def lock(self) -> None:
        """Take the directory. Raises EmbeddedError when another run uses it."""
        self._lock.acquire()

    def start(self, report: Callable[[str], None]) -> dict[str, str]:
        """Start what is missing, publish the addresses to the environment and return them.

        The directory must be locked. Raises EmbeddedError when a server does not come up; `stop`
        is due then too.
        """
        logs = self.base / "log"
        logs.mkdir(exist_ok=True)
        addresses: dict[str, str] = {}
        for variable, kind in (("DATABASE_URL", Postgres), ("REDIS_URL", Valkey)):
            if env.is_set(variable):
                continue
            name = kind.__name__.lower()
            report(f"starting {name}")
            server = kind(self.base / name, lock=self._lock.descriptor, throw_away=self._throw_away)
            self._running.append(server)
            addresses[variable] = server.start(processes.fresh_log(logs, name))
        env.publish(addresses)
        return addresses

    def stop(self) -> None:
        """Stop what was started here, in reverse order, and give the directory back."""
        while self._running:
            server = self._running.pop()
            server.stop()
            if self._throw_away:
                server.remove()
        self._lock.release()


def start_throw_away() -> Callable[[], None]:
    """Start servers on a fresh temporary directory; return what stops and removes them.

    Removes what killed runs have left, too.
    """
    remove_abandoned(THROW_AWAY_PREFIX)
    base = Path(tempfile.mkdtemp(prefix=THROW_AWAY_PREFIX))
    base.chmod(0o711)  # see DirectoryLock
    servers = Servers(base, throw_away=True)

    def stop() -> None:
        servers.stop()
        shutil.rmtree(base, ignore_errors=True)

    try:
        servers.lock()
        servers.start(lambda _line: None)
    except BaseException:
        stop()
        raise
    return stop

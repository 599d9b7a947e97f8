"""The parts of the running system: what starts each, and watching over them together."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.embedded import processes
from config.embedded.errors import EmbeddedError

ROOT = Path(__file__).resolve().parent.parent.parent
WEB_WORKERS = "2"
# More threads gain nothing (measured); two let one wait for the database while one computes.
WEB_THREADS = "2"
# A thread that ends closes its database connection; ten minutes is the longest the server takes.
WEB_THREAD_IDLE_SECONDS = "600"
# A worker that is told to stop while it still loads never hears it and must be killed.
WEB_STOP_SECONDS = "5"
# At most two, one while there is nothing to do: an idle one costs as much as a web worker.
TASK_PROCESSES = "2,1"
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Part:
    """A process of ours."""

    name: str
    command: list[str | Path]


def parts(host: str, port: int, run_directory: Path) -> list[Part]:
    """Return web server, worker and clock, in the order to start them."""
    # As modules: the scripts of a virtual environment break when its directory is moved.
    python = [sys.executable, "-m"]
    web: list[str | Path] = [*python, "granian", "--interface", "wsgi", "--no-ws"]
    web += ["--host", host, "--port", str(port), "--workers", WEB_WORKERS]
    web += ["--blocking-threads", WEB_THREADS]
    web += ["--blocking-threads-idle-timeout", WEB_THREAD_IDLE_SECONDS]
    web += ["--workers-kill-timeout", WEB_STOP_SECONDS]
    web += ["--respawn-failed-workers", "config.wsgi:application"]
    worker: list[str | Path] = [*python, "celery", "--app", "config.celery", "worker"]
    worker += ["--autoscale", TASK_PROCESSES, "--without-mingle", "--without-gossip"]
    clock: list[str | Path] = [*python, "celery", "--app", "config.beat", "beat"]
    clock += ["--loglevel", "WARNING", "--schedule", run_directory / "beat"]
    return [Part("web", web), Part("worker", worker), Part("beat", clock)]


class Supervisor:
    """Starts parts, tells when one has ended, stops all."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self._logs = logs
        self._environment = dict(environment)
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._watched: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, part: Part) -> None:
        """Start a part and watch it from then on."""
        self._started[part.name] = processes.start(
            part.command,
            log=processes.fresh_log(self._logs, part.name),
            death_signal=signal.SIGTERM,
            environment=self._environment,
            directory=ROOT,
        )

    def run_to_end(self, command: list[str | Path]) -> int:
        """Run a process whose output is shown, while the watched ones live; return its status."""
        process = processes.start(
            command,
            log=None,
            death_signal=signal.SIGTERM,
            environment=self._environment,
            directory=ROOT,
        )
        try:
            while process.poll() is None:
                self.check()
                time.sleep(POLL_SECONDS)
        finally:
            processes.stop(process, signal.SIGTERM)
        return process.returncode

    def watch(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Watch a process too that somebody else starts and stops."""
        self._watched[name] = process

    def check(self) -> None:
        """Raise EmbeddedError, with the end of its log, when a process has ended."""
        for name, process in (self._watched | self._started).items():
            status = process.poll()
            if status is not None:
                log = self._logs / f"{name}.log"
                raise EmbeddedError(
                    f"{name} ended (status {status}), so everything stops. The end of {log}:\n"
                    f"{processes.tail(log)}"
                )

    def stop(self) -> None:
        """Stop what was started here: all are asked at once, then waited for."""
        for process in self._started.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._started.values():
            processes.stop(process)
        self._started.clear()

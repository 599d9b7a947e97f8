"""`make run`: the whole system on one machine, until Ctrl-C, SIGTERM or the end of a part."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.embedded import directories, processes, secrets
from config.embedded.errors import EmbeddedError
from config.embedded.parts import ROOT, Supervisor, parts
from config.embedded.servers import Servers

# Only for what never comes: the end of a part is noticed at once, and machines may be slow or busy.
READY_TIMEOUT_SECONDS = 300
WATCH_INTERVAL_SECONDS = 0.25

WELCOME = """
Ready after {seconds:.1f} s. Stop with Ctrl-C; logs are in {logs}.

  Back office    {base}/admin/
  API documents  {base}/docs/  {base}/redoc/  {base}/openapi.json
  Token          {base}/connect/token
  Health         {base}/health/ready

Demo logins (password "demo"): admin; advisers petra (manages anna, ben), rita (manages carl).
Apps (secret "demo-secret"): demo-app, demo-reader (client credentials), demo-console (password).
"""


class StopRequested(BaseException):
    """Ctrl-C or SIGTERM arrived; not an Exception, so that no handler on the way swallows it."""


def main() -> int:
    """Run until told to stop (status 0) or until something fails (status 1, one clear message)."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _request_stop)
    if "--with-parent" in sys.argv:
        end_with_parent = processes.die_with_parent(signal.SIGTERM, os.getppid())
        if end_with_parent:
            end_with_parent()
    try:
        with contextlib.ExitStack() as stack:
            run(Path(env.text("VAR_DIR", str(ROOT / "var"))).resolve(), stack)
    except StopRequested:
        print("Stopped.", flush=True)
        return 0
    except (EmbeddedError, ImproperlyConfigured) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


def run(base: Path, stack: contextlib.ExitStack) -> None:
    """Start everything, say where it is, and watch it; `stack` gets what undoes each step.

    Ends by an exception only: StopRequested, or EmbeddedError with the line to show.
    """
    started_at = time.monotonic()
    host, port = env.text("HOST", "127.0.0.1"), env.number("PORT", 8000)
    servers = Servers(base)
    stack.callback(servers.stop)
    servers.lock()
    _refuse_taken_port(host, port)
    addresses = servers.start(_report)
    _write_settings(base, addresses, stack)

    run_directory = directories.make_private(base / "run")
    url = f"http://{host}:{port}"
    supervisor = Supervisor(base / "log", _environment(run_directory, url))
    stack.callback(supervisor.stop)
    for name, process in servers.processes.items():
        supervisor.watch(name, process)
    if supervisor.run_to_end([sys.executable, "-m", "config.embedded.prepare"]):
        raise EmbeddedError("The preparation failed; see above.")
    _report("starting web server, worker and clock")
    for part in parts(host, port, run_directory):
        supervisor.start(part)
    _wait_until_ready(supervisor, host, port)
    seconds = time.monotonic() - started_at
    print(WELCOME.format(base=url, logs=base / "log", seconds=seconds), flush=True)
    while True:
        supervisor.check()
        time.sleep(WATCH_INTERVAL_SECONDS)


def _request_stop(_number: int, _frame: FrameType | None) -> None:
    """Stop once: a second Ctrl-C must not interrupt the stopping."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    print("\nStopping …", flush=True)
    raise StopRequested


def _report(line: str) -> None:
    print(f"  {line} …", flush=True)


def _refuse_taken_port(host: str, port: int) -> None:
    """Raise EmbeddedError now rather than let the web server fail after the rest has started."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise EmbeddedError(f"Cannot listen on {host}:{port}: {reason}. Set PORT.") from error
    except OverflowError as error:
        raise EmbeddedError("PORT must be between 0 and 65535.") from error


def _write_settings(base: Path, addresses: dict[str, str], stack: contextlib.ExitStack) -> None:
    """Leave secrets and addresses for `manage.py` beside us; the addresses for our time only."""
    secrets.ensure(base / "secrets.env")
    path = base / "services.env"
    path.unlink(missing_ok=True)
    secrets.append_private(path, addresses)
    stack.callback(path.unlink, missing_ok=True)


def _environment(run_directory: Path, url: str) -> dict[str, str]:
    """What all parts get beside our own environment."""
    figures = run_directory / "metrics"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir()
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "PUBLIC_URL": url,
        **env.snapshot(),
        "PROMETHEUS_MULTIPROC_DIR": str(figures),
        "PYTHONUNBUFFERED": "1",
    }


def _wait_until_ready(supervisor: Supervisor, host: str, port: int) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while not _is_ready(host, port):
        supervisor.check()
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Not ready after {READY_TIMEOUT_SECONDS} s; see the logs.")
        time.sleep(0.1)


def _is_ready(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())

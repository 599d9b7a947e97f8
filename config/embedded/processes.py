"""Starting and ending child processes so that none survives the one that started it."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import EmbeddedError

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
STOP_TIMEOUT_SECONDS = 20
# Who PostgreSQL runs as when we are root, which it refuses; the first that exists.
UNPRIVILEGED_USERS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The user and group that a process runs as."""

    user_id: int
    group_id: int


def unprivileged_account() -> Account | None:
    """Return the account to drop to, or None when we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED_USERS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL refuses root, and there is no user to run it as; set DATABASE_URL."
    )


def die_with_parent(
    death_signal: signal.Signals, parent: int | None = None
) -> Callable[[], None] | None:
    """Return what a process calls to get the signal when its parent (by default us) is gone.

    For a child: before exec. Even SIGKILL of the parent leaves no orphan then. Linux only:
    elsewhere there is no such call.
    """
    if sys.platform != "linux":
        return None
    # Loaded here, in the parent: after a change of user the library may be out of reach.
    prctl = ctypes.CDLL(None).prctl
    expected, number = parent or os.getpid(), int(death_signal)

    def follow_parent() -> None:
        prctl(SET_PARENT_DEATH_SIGNAL, number)
        if os.getppid() != expected:  # it died in between
            os.kill(os.getpid(), number)

    return follow_parent


def end_in_order_on_sigterm() -> None:
    """Have SIGTERM end this process as Ctrl-C does, so that it cleans up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def start(
    command: Sequence[str | Path],
    *,
    log: Path | None,
    death_signal: signal.Signals,
    environment: Mapping[str, str],
    directory: Path | None = None,
    account: Account | None = None,
    inherited: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, its output appended to `log`, else beside ours.

    `inherited` are file descriptors that stay open in it: a lock among them is held until the
    process is gone too. Call from the main thread: the death signal follows the calling thread.
    """
    with log.open("ab") if log else contextlib.nullcontext() as output:
        return subprocess.Popen(
            [str(part) for part in command],
            env=dict(environment),
            cwd=directory or "/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent(death_signal),
            pass_fds=tuple(inherited),
            user=account.user_id if account else None,
            group=account.group_id if account else None,
            extra_groups=[] if account else None,
        )


def stop(process: subprocess.Popen[bytes], stop_signal: signal.Signals | None = None) -> None:
    """End a process and whatever it started: politely first, after a while by SIGKILL.

    Without a signal the process has been asked already and is only waited for.
    """
    if process.poll() is None:
        if stop_signal:
            process.send_signal(stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_TIMEOUT_SECONDS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(
    ready: Callable[[], bool],
    process: subprocess.Popen[bytes],
    *,
    name: str,
    log: Path,
    timeout_seconds: float,
) -> None:
    """Return when `ready` says so. Raises EmbeddedError when the process ends or time runs out."""
    deadline = time.monotonic() + timeout_seconds
    while not ready():
        if process.poll() is not None:
            raise EmbeddedError(f"{name} ended at start-up. The end of {log}:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise EmbeddedError(f"{name} was not ready after {timeout_seconds:.0f} s; see {log}.")
        time.sleep(0.02)


def fresh_log(directory: Path, name: str) -> Path:
    """Return the path of a log to begin; the one before is kept beside it."""
    log = directory / f"{name}.log"
    if log.exists():
        log.replace(directory / f"{name}.previous.log")
    return log


def tail(log: Path, lines: int = 20) -> str:
    """Return the last lines of a log, or a note that there are none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "(no log)"
    return "\n".join(text.splitlines()[-lines:]) or "(the log is empty)"

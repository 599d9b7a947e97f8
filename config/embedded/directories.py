"""Where embedded servers keep data and sockets, and the lock that keeps two runs apart."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.processes import Account

# For data and binaries when root's checkout is out of reach for the user PostgreSQL runs as.
SHARED_HOME = Path("/var/lib/client-services-embedded")
# The path of a unix socket has 107 bytes; the longest name in the directory takes 20 of them.
LONGEST_SOCKET_DIRECTORY = 87
# A runner that was killed takes its servers with it, but they need a moment to end.
ORPHAN_PATIENCE_SECONDS = 30


def data_key(data: Path) -> str:
    """Return a short name that belongs to one data directory."""
    return hashlib.sha256(str(data).encode()).hexdigest()[:10]


def make_private(directory: Path, account: Account | None = None, mode: int = 0o700) -> Path:
    """Create a directory that only its owner can read, and give it to the account if there is one.

    Raises EmbeddedError when it cannot be created or belongs to somebody else.
    """
    owners = {os.geteuid()} | ({account.user_id} if account else set())
    try:
        directory.mkdir(mode=mode, parents=True, exist_ok=True)
        status = directory.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in owners:
            raise EmbeddedError(f"{directory} belongs to somebody else; remove it or set VAR_DIR.")
        if account:
            shutil.chown(directory, account.user_id, account.group_id)
    except OSError as error:
        raise EmbeddedError(f"Cannot write to {directory}: {error.strerror}.") from error
    return directory


def socket_directory(data: Path, account: Account | None = None) -> Path:
    """Return a private directory for sockets, beside the data unless that path is too long."""
    beside = data.with_name(f"{data.name}-sockets")
    if len(str(beside)) <= LONGEST_SOCKET_DIRECTORY:
        return make_private(beside, account)
    name = f"client-services-{os.geteuid()}-{data_key(data)}"
    return make_private(Path(tempfile.gettempdir()) / name, account)


class DirectoryLock:
    """Says that a data directory is in use, for as long as any process holds the descriptor."""

    def __init__(self, directory: Path) -> None:
        # The user that root's PostgreSQL runs as passes through to its own directory.
        self.directory = make_private(directory, mode=0o711)
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """The open file to hand to servers, so that the lock outlives a killed runner's servers."""
        if self._descriptor is None:
            raise RuntimeError("The lock is not held.")
        return self._descriptor

    def acquire(self) -> None:
        """Take the lock. Raises EmbeddedError when another live run holds it.

        Two servers on one directory would corrupt it or steal each other's socket.
        """
        path = self.directory / "run.lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + ORPHAN_PATIENCE_SECONDS
        while not _try_lock(descriptor):
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            if _is_alive(holder) or time.monotonic() > deadline:
                os.close(descriptor)
                raise EmbeddedError(
                    f"{self.directory} is already in use by another run (process {holder})."
                )
            time.sleep(0.1)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def remove_abandoned(prefix: str) -> None:
    """Remove the temporary directories whose run was killed before it could do so itself.

    Those of live runs stay, of runs about to begin, and of runs whose servers have yet to end.
    """
    for directory in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        if _is_abandoned(directory):
            shutil.rmtree(directory, ignore_errors=True)


def _is_abandoned(directory: Path) -> bool:
    try:
        if directory.lstat().st_uid != os.geteuid():
            return False
        descriptor = os.open(directory / "run.lock", os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
        return not _is_alive(holder) and _try_lock(descriptor)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _is_alive(process_id: str) -> bool:
    if not process_id.isdigit():
        return True  # the holder is about to write its id
    try:
        os.kill(int(process_id), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

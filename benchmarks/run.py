"""`make bench`: the product against the yardstick in one run, as ratios.

    python -m benchmarks.run [--contacts N] [--rounds N]

Starts servers of its own on a temporary directory, with the durability settings of production
(fsync, synchronous_commit and full_page_writes on), loads the data and runs the cases in turn.
"""

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.documents import document
from benchmarks.load import Case, Result, measure, require_wrk
from config import env
from config.embedded.servers import Servers

ROOT = Path(__file__).resolve().parent.parent
RAW_PORT, PRODUCT_PORT = 8901, 8902
WEB = ["granian", "--interface", "wsgi", "--no-ws", "--workers", "2", "--blocking-threads", "2"]


def main() -> int:
    """Measure and print a table."""
    options = _options()
    require_wrk()
    with tempfile.TemporaryDirectory(prefix="client-services-bench-") as directory:
        base = Path(directory)
        base.chmod(0o711)
        servers = Servers(base)
        servers.lock()
        try:
            servers.start(lambda line: print(line, flush=True))
            _configure()
            _load_data(options.contacts)
            _print(_measure(options, servers.processes["postgres"].pid))
        finally:
            servers.stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def _configure() -> None:
    env.publish(
        {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SECRET_KEY": "benchmark-of-throw-away-servers-0123456789abcdef",
            "JWT_SIGNING_KEY": "benchmark-of-throw-away-servers-0123456789abcdef",
            "ALLOWED_HOSTS": "127.0.0.1",
            "ALLOW_PASSWORD_GRANT": "true",
            "SECURE_SSL_REDIRECT": "false",
        }
    )


def _load_data(contacts: int) -> None:
    code = (
        "import django; django.setup();"
        "from django.core.management import call_command; call_command('migrate', verbosity=0);"
        "from pathlib import Path; from benchmarks import data;"
        f"data.load(Path('crmschema/demo/contact.json').read_text(), {contacts});"
        f"from benchmarks import pending; pending.load({contacts})"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def _measure(options: argparse.Namespace, database_pid: int) -> dict[str, Result]:
    with (
        _web("benchmarks.raw_wsgi:application", RAW_PORT, "benchmarks.raw_settings") as raw_pid,
        _web("config.wsgi:application", PRODUCT_PORT, "config.settings.production") as pid,
    ):
        cases = _cases(options.contacts)
        results = {case.name: Result() for case in cases}
        for case in cases:  # warm up: connections, prepared statements, compiled schema
            measure(case, Result(), [pid], database_pid)
        for number in range(1, options.rounds + 1):
            for case in cases:
                web_pid = raw_pid if case.port == RAW_PORT else pid
                measure(case, results[case.name], [web_pid], database_pid, number)
    return results


def _cases(contacts: int) -> list[Case]:
    app = _token({"grant_type": "client_credentials", "client_id": "bench-app"})
    member = _token(
        {"grant_type": "password", "client_id": "bench-console", "username": "adviser0"}
        | {"password": "bench-secret"}
    )
    everyone = [str(contacts), "1", "1"]
    # Contacts go round the advisers: those whose id is divisible by 180 are the first one's.
    own = [str(contacts // 180), "180", "180"]
    details = ["/v1.0/contacts/", "/details"]
    verify = ["/v1.0/contacts/", "/communication-verification/verify"]
    history = ["/v1.1/contacts/", "/details/change-history/search"]
    return [
        Case("raw view", "read.lua", RAW_PORT, ["/raw/", "", *everyone]),
        Case("GET details, member", "read.lua", PRODUCT_PORT, [*details, *own, member]),
        Case("GET details, app", "read.lua", PRODUCT_PORT, [*details, *everyone, app]),
        Case("PATCH a field, app", "patch.lua", PRODUCT_PORT, [*details, str(contacts), app]),
        Case("verify, app", "verify.lua", PRODUCT_PORT, [*verify, str(contacts), app]),
        Case("create, app", "create.lua", PRODUCT_PORT, ["/v1.0/contacts", app, _new_contact()]),
        Case("history, app", "search.lua", PRODUCT_PORT, [*history, str(contacts), app, "{}"]),
    ]


def _new_contact() -> str:
    """The body of a creation; the script writes another number into each."""
    number = 7_777_777
    body = json.dumps({"contactTypeId": 1, "details": document(number)})
    return body.replace(str(number), "NUMBER")


def _token(form: dict[str, str]) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", PRODUCT_PORT, timeout=30)
    body = urlencode({**form, "client_secret": "bench-secret"})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/connect/token", body, headers)
    answer = json.loads(connection.getresponse().read())
    return str(answer["access_token"])


@contextmanager
def _web(application: str, port: int, settings: str) -> Iterator[int]:
    """A web server; gives its process id when it answers."""
    environment = {**env.snapshot(), "DJANGO_SETTINGS_MODULE": settings, "LOG_LEVEL": "INFO"}
    process = subprocess.Popen(
        [sys.executable, "-m", *WEB, "--port", str(port), application],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/live")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The web server on port {port} did not come up.")


def _print(results: dict[str, Result]) -> None:
    yardstick = results["raw view"]
    print(
        f"{'case':24}{'req/s':>8}{'ratio':>8}{'web ms':>8}{'db ms':>8}{'p99 ms':>8}{'spread':>16}"
    )
    for name, result in results.items():
        print(
            f"{name:24}{result.rate:8.0f}{result.rate / yardstick.rate:8.2f}"
            f"{_median(result.web):8.2f}{_median(result.database):8.2f}{_median(result.p99):8.1f}"
            f"{min(result.rates):8.0f}–{max(result.rates):.0f}"
        )


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    sys.exit(main())

"""Real processes follow a saved schema and an edited list at once (S5, S6, SC-18).

Two web workers and a Celery worker share nothing but the database. What comes through one of them
counts in all others with the next request, and no value is ever stored under an old version.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest

from tests.platform.runner import (
    NOT_INHERITED,
    ROOT,
    START_TIMEOUT_SECONDS,
    Run,
    parent_of,
    running,
    wait_until,
)

pytestmark = pytest.mark.slow

SCHEMA = "/v1.0/crm/schemas/contact"
FIELD = "nickname"
WORKERS = 2
CONNECTIONS = 12
MAX_CONNECTIONS = 500
PATCHES = 20
ROUNDS = 6

Answer = tuple[int, Any]

# What a page of the back office does, in a process of its own.
EDIT_LIST = """
from config.common.actors import SYSTEM
from lists.models import ListItem
from lists.services import list_item_activate, list_item_deactivate
item = ListItem.objects.get(list__key="languages", key="RM")
list_item_{action}(actor=SYSTEM, item_id=item.pk)
"""


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with TemporaryDirectory(prefix="client-services-run-") as name:
        Path(name).chmod(0o755)  # root's PostgreSQL runs as somebody else
        with running(Path(name) / "var") as started:
            yield started


def connect(run: Run) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", run.port, timeout=START_TIMEOUT_SECONDS)


class Client:
    """One connection that stays open, and so stays with one web worker."""

    def __init__(self, run: Run, token: str) -> None:
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", run.port, timeout=START_TIMEOUT_SECONDS
        )
        self._token = token

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        self._connection.request(method, path, text, headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    def close(self) -> None:
        self._connection.close()

    def worker(self, run: Run) -> int:
        """The process id of the web worker at the other end."""
        port: int = self._connection.sock.getsockname()[1]
        [socket] = [
            f"socket:[{inode}]"
            for local, remote, inode in tcp_connections()
            if (local, remote) == (run.port, port)
        ]
        [pid] = [pid for pid in web_workers(run) if socket in open_files(pid)]
        return pid


def tcp_connections() -> Iterator[tuple[int, int, str]]:
    """Local port, remote port and inode of each connection over IPv4."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        columns = line.split()
        local, remote = (int(each.rpartition(":")[2], 16) for each in columns[1:3])
        yield local, remote, columns[9]


def web_workers(run: Run) -> list[int]:
    """The processes that the web server has started."""
    server = run.child("granian")
    entries = Path("/proc").glob("[0-9]*")
    return [int(entry.name) for entry in entries if parent_of(entry) == server]


def open_files(pid: int) -> set[str]:
    links = list(Path(f"/proc/{pid}/fd").iterdir())
    return {os.readlink(link) for link in links if link.is_symlink()}


def token(run: Run) -> str:
    connection = connect(run)
    form = {
        "grant_type": "client_credentials",
        "client_id": "demo-app",
        "client_secret": "demo-secret",
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/connect/token", urlencode(form), headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return str(answer["access_token"])


@pytest.fixture
def clients(run: Run) -> Iterator[list[Client]]:
    """Connections to both web workers in turn, each used once: both have compiled the schema."""
    access = token(run)
    by_worker: dict[int, list[Client]] = {}
    opened: list[Client] = []
    share = CONNECTIONS // WORKERS
    # The kernel deals them out as it likes: as many as it takes until each worker has its share.
    while len(by_worker) < WORKERS or min(map(len, by_worker.values())) < share:
        assert len(opened) < MAX_CONNECTIONS
        client = Client(run, access)
        opened.append(client)
        assert client.call("GET", SCHEMA)[0] == 200
        by_worker.setdefault(client.worker(run), []).append(client)
    shares = [each[:share] for each in by_worker.values()]
    yield [client for turn in zip(*shares, strict=True) for client in turn]
    for client in opened:
        client.close()


@contextmanager
def database(run: Run) -> Iterator[psycopg.Connection[Any]]:
    lines = (run.data / "services.env").read_text().splitlines()
    addresses = dict(line.split("=", 1) for line in lines if "=" in line)
    with psycopg.connect(addresses["DATABASE_URL"].strip("\"'"), autocommit=True) as connection:
        yield connection


def manage(run: Run, code: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in NOT_INHERITED}
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env={**environment, "VAR_DIR": str(run.data)},
        check=True,
    )


def details_path(contact_id: int) -> str:
    return f"/v1.0/contacts/{contact_id}/details"


def patch_of(value: str) -> dict[str, Any]:
    return {"details": {"employment": {FIELD: value}}}


def edited(client: Client, edit: Callable[[list[dict[str, Any]]], None]) -> dict[str, Any]:
    """The body of a PUT that changes the fields of `employment`."""
    current = client.call("GET", SCHEMA)[1]
    form = json.loads(current["schema"])
    edit(employment(form["components"]))
    return {"schema": json.dumps(form), "concurrencyToken": current["concurrencyToken"]}


def checked(client: Client, body: dict[str, Any]) -> dict[str, Any]:
    """The result of a check that the Celery worker has made."""
    checks = "/v1.1/crm/schemas/contact/check"
    address = f"{checks}/{client.call('POST', checks, body)[1]['checkId']}"
    wait_until(lambda: client.call("GET", address)[1]["status"] == "Finished")
    result: dict[str, Any] = client.call("GET", address)[1]
    return result


def employment(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for each in components:
        if each["key"] == "employment" and each["type"] == "container":
            result: list[dict[str, Any]] = each["components"]
            return result
        if "components" in each:
            try:
                return employment(each["components"])
            except LookupError:
                pass
    raise LookupError("employment")


def with_field(length: int) -> Callable[[list[dict[str, Any]]], None]:
    def edit(fields: list[dict[str, Any]]) -> None:
        kept = [each for each in fields if each["key"] == FIELD]
        if not kept:
            kept = [{"type": "textfield", "key": FIELD, "label": "Nickname"}]
            fields.extend(kept)
        kept[0]["validate"] = {"maxLength": length}

    return edit


def test_s5_every_process_follows_a_saved_schema_at_once(run: Run, clients: list[Client]) -> None:
    first, *others = clients

    assert others[0].call("PATCH", details_path(1), patch_of("Ada"))[0] == 400
    longer = edited(first, with_field(64))
    assert checked(others[0], longer)["findings"] == []
    assert first.call("PUT", SCHEMA, longer)[0] == 200
    for value in ("longer", "Bob"):
        assert others[0].call("PATCH", details_path(1), patch_of(value))[0] == 200
    status, saved = first.call("PUT", SCHEMA, edited(first, with_field(3)))
    assert status == 200

    for number, client in enumerate(others, start=1):
        assert client.call("PATCH", details_path(number), patch_of("Ada"))[0] == 200
        assert client.call("GET", SCHEMA)[1]["concurrencyToken"] == saved["concurrencyToken"]
    refused = [client.call("PATCH", details_path(1), patch_of("longer"))[0] for client in others]
    assert refused == [400] * len(others)

    # So does the Celery worker, which has compiled older versions for the check before.
    body = edited(others[1], with_field(2))
    check = checked(others[2], body)
    [finding] = check["findings"]
    assert (finding["path"], finding["rule"]) == (f"employment.{FIELD}", "MaxLength")
    assert (finding["count"], finding["ids"]) == (len(others), list(range(1, CONNECTIONS)))
    accepted = {**body, "acceptedCheck": check["checkId"]}
    assert others[5].call("PUT", SCHEMA, accepted)[0] == 200
    late = [client.call("PATCH", details_path(90), patch_of("Eve"))[0] for client in clients]
    assert late == [400] * len(clients)


def test_s6_every_process_follows_an_edited_list_at_once(run: Run, clients: list[Client]) -> None:
    body = {"details": {"personalInformation": {"language": "RM"}}}
    paths = [details_path(50 + number) for number in range(CONNECTIONS)]

    for action, expected in (("deactivate", 400), ("activate", 200)):
        manage(run, EDIT_LIST.format(action=action))
        answers = [
            client.call("PATCH", path, body)[0] for client, path in zip(clients, paths, strict=True)
        ]
        assert answers == [expected] * CONNECTIONS


def test_sc_18_patches_in_flight_are_valid_under_exactly_one_version(
    run: Run, clients: list[Client]
) -> None:
    """While schemas allow and forbid long values in turn, each is stored under one that allows."""
    saver, *writers = clients
    contact = details_path(120)
    status, _ = saver.call("PUT", SCHEMA, edited(saver, with_field(64)))
    assert status == 200
    assert saver.call("PATCH", contact, patch_of("a long value"))[0] == 200
    with database(run) as connection:
        (last,) = connection.execute("SELECT max(id) FROM contacts_changeset").fetchone() or (0,)
    start = threading.Barrier(len(writers) + 1)

    def write(number: int) -> list[int]:
        start.wait(START_TIMEOUT_SECONDS)
        return [
            writers[number].call("PATCH", contact, patch_of(f"a long value {number} {turn}"))[0]
            for turn in range(PATCHES // len(writers) + 1)
        ]

    statuses: set[int] = set()
    limits: dict[int, int] = {}
    for turn in range(ROUNDS):
        limit = 3 if turn % 2 == 0 else 64
        body = edited(saver, with_field(limit))
        check_id = checked(saver, body)["checkId"]
        with ThreadPoolExecutor(len(writers)) as pool:
            futures = [pool.submit(write, number) for number in range(len(writers))]
            start.wait(START_TIMEOUT_SECONDS)
            time.sleep(0.02)
            status, saved = saver.call("PUT", SCHEMA, {**body, "acceptedCheck": check_id})
            assert status == 200, saved
            limits[saved["concurrencyToken"]] = limit
            for future in futures:
                statuses.update(future.result())

    # The last version allows it, whoever was faster before.
    assert saver.call("PATCH", contact, patch_of("a long value at last"))[0] == 200
    assert statuses <= {200, 400}
    with database(run) as connection:
        written = connection.execute(
            "SELECT schema_token, details->0->>'target' FROM contacts_changeset WHERE id > %s",
            [last],
        ).fetchall()
    assert written
    for schema_token, value in written:
        assert limits.get(schema_token, 64) >= len(value), schema_token

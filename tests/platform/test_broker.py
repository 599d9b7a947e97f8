"""A broker that is away costs a sender little time."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from tests.factories.effort import waits


@contextmanager
def full_listener() -> Iterator[int]:
    """A port where connecting hangs, as it does behind a firewall that drops."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for connection in waiting:
            connection.setblocking(False)
            connection.connect_ex(("127.0.0.1", port))
        yield port
        for connection in waiting:
            connection.close()


@pytest.mark.parametrize("kind", ["socket", "refused", "silent"])
def test_m14_sending_to_a_broker_that_is_away_ends_within_two_seconds(
    kind: str, tmp_path: Path
) -> None:
    address = {
        "socket": f"redis+socket://{tmp_path}/nobody.sock",
        "refused": "redis://127.0.0.1:1/0",
        "silent": "redis://127.0.0.1:{port}/0",
    }[kind]
    with full_listener() as port:
        app = Celery("sender", broker=address.format(port=port), set_as_current=False)
        app.config_from_object("django.conf:settings", namespace="CELERY")
        app.conf.broker_url = address.format(port=port)

        with waits() as asked, pytest.raises(OperationalError):
            app.send_task("sample", queue="default")

    assert asked
    assert sum(asked) <= 2

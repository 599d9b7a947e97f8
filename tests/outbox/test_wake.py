"""The broker only hears that there is work: being away costs little and changes nothing (IN-02)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery, current_app

from config.celery import app
from config.common import broker
from config.common.outbox import wake


@pytest.fixture(autouse=True)
def _no_pause() -> Iterator[None]:
    broker._Pause.until = 0.0
    yield
    broker._Pause.until = 0.0


@pytest.fixture
def broker_away(tmp_path: Path) -> Iterator[None]:
    """This process's broker is a socket that nobody listens to."""
    away = Celery("away", broker=f"redis+socket://{tmp_path}/nobody.sock")
    away.config_from_object("django.conf:settings", namespace="CELERY")
    away.conf.broker_url = f"redis+socket://{tmp_path}/nobody.sock"
    away.set_current()
    yield
    app.set_current()


def test_v7_waking_sends_the_task_to_its_queue() -> None:
    with app.connection_for_write() as connection, connection.SimpleQueue("messages") as queue:
        queue.clear()

        wake.wake_deliverer()

        message = queue.get(timeout=600)
        message.ack()

    assert message.headers["task"] == wake.TASK
    app.loader.import_default_modules()
    assert wake.TASK in app.tasks


def test_in02_a_broker_that_is_away_is_left_alone_for_a_while(
    broker_away: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    send = current_app.send_task

    def counted(*args: object, **kwargs: object) -> object:
        calls.append("asked")
        return send(*args, **kwargs)

    monkeypatch.setattr(current_app._get_current_object(), "send_task", counted)

    wake.wake_deliverer()
    wake.wake_deliverer()

    assert calls == ["asked"]

"""What verification leaves in logs, and what it needs of the broker (IN-02, IN-15)."""

import json
import re
from pathlib import Path

import pytest
from celery import Celery

from config.celery import app
from config.common import broker
from config.common import logging as logs
from config.common.outbox.delivery import outbox_deliver
from tests.factories.effort import waits
from tests.factories.fixtures import World
from tests.factories.keys import latest_key
from tests.factories.providers import MailServer
from tests.verification.conftest import NEW, STORED, ask, make, stored_email, verify


def test_in02_verification_works_without_the_broker(
    committed_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mailbox: MailServer
) -> None:
    contact, api = make(committed_world), committed_world.api(committed_world.anna)
    monkeypatch.setattr(broker._Pause, "until", 0.0)
    away = Celery("away", broker=f"redis+socket://{tmp_path}/nobody.sock")
    away.config_from_object("django.conf:settings", namespace="CELERY")
    away.conf.broker_url = f"redis+socket://{tmp_path}/nobody.sock"
    away.set_current()
    try:
        with waits() as waited:
            asked = ask(api, contact)
            verified = verify(api, contact, latest_key(contact))
    finally:
        app.set_current()

    assert waited
    assert sum(waited) <= 2
    assert (asked.status_code, verified.status_code) == (200, 204)
    assert stored_email(contact) == NEW
    outbox_deliver()
    assert mailbox.recipients[-1] == STORED


def test_in15_logs_name_neither_keys_nor_addresses(
    world: World, mailbox: MailServer, capsys: pytest.CaptureFixture[str], settings: object
) -> None:
    logs.configure({"renderer": "json", "level": "INFO", "exception_text": False})
    contact, api = make(world), world.api(world.anna)
    capsys.readouterr()
    try:
        ask(api, contact)
        key = latest_key(contact)
        mailbox.refusals["MAIL"] = f"451 not to {NEW}"
        outbox_deliver()
        verify(api, contact, "000000")
        verify(api, contact, key)
        mailbox.refusals = {"RCPT": f"550 no {STORED}"}
        outbox_deliver()
    finally:
        logs.configure(settings.LOGGING)

    written = capsys.readouterr().out
    events = [json.loads(line)["event"] for line in written.splitlines()]
    assert "message_delayed" in events
    assert "message_finished" in events
    # Whole words: microseconds and ids have every six digits in them, once in a while.
    assert not {key, "000000"} & set(re.findall(r"\w+", written))
    assert NEW not in written
    assert STORED not in written

"""Tasks carry the correlation id of the request that caused them, and their end is logged."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from celery import shared_task
from django.conf import settings
from django.test import Client
from kombu.message import Message
from kombu.simple import SimpleQueue

from config.celery import app
from config.common import logging as logs
from config.common import task_signals
from config.common.correlation import (
    bind_correlation_id,
    clear_correlation_id,
    correlation_id,
)

ORIGIN = "ab" * 16


@shared_task(queue="default", name="platform_tests.sample")
def sample_task() -> None:
    """Only ever sent, never run by a worker."""


@pytest.fixture(autouse=True)
def _restore_context() -> Iterator[None]:
    yield
    clear_correlation_id()
    logs.configure(settings.LOGGING)


def task_as_run_by_a_worker(**request: Any) -> SimpleNamespace:  # Any: message headers
    return SimpleNamespace(name="sample", request=SimpleNamespace(is_eager=False, **request))


def test_sent_task_carries_the_id_of_its_request() -> None:
    bind_correlation_id(ORIGIN)
    with app.connection_for_write() as connection, connection.SimpleQueue("default") as queue:
        queue.clear()

        sample_task.delay()

        message = next(
            each for each in taken_from(queue) if each.headers["task"] == sample_task.name
        )

    assert message.headers[task_signals.HEADER] == ORIGIN


def taken_from(queue: SimpleQueue) -> Iterator[Message]:
    """Whatever comes: tests beside this one have work for the same broker."""
    while True:
        message = queue.get(timeout=600)
        message.ack()
        yield message


def test_running_task_takes_the_id_over_and_forgets_it() -> None:
    task = task_as_run_by_a_worker(**{task_signals.HEADER: ORIGIN})

    task_signals.bind_task(task_id="7", task=task)

    assert correlation_id() == ORIGIN
    assert structlog.contextvars.get_contextvars() == {
        "correlation_id": ORIGIN,
        "task": "sample",
        "task_id": "7",
    }

    task_signals.report_task(task=task, state="SUCCESS")

    assert structlog.contextvars.get_contextvars() == {}


def test_task_without_an_id_gets_a_fresh_one() -> None:
    task_signals.bind_task(task_id="7", task=task_as_run_by_a_worker())

    assert len(correlation_id()) == 32


def test_end_of_a_task_is_logged_and_counted(
    capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    logs.configure({"renderer": "json", "level": "INFO", "exception_text": False})
    before = failures(client)
    capsys.readouterr()
    task = task_as_run_by_a_worker(**{task_signals.HEADER: ORIGIN})
    task_signals.bind_task(task_id="7", task=task)

    task_signals.report_failure(exception=ValueError("shannon.crawford@example.com"))
    task_signals.report_task(task=task, state="FAILURE")

    failed, finished = map(json.loads, capsys.readouterr().out.splitlines())
    assert (failed["event"], failed["exception"]) == ("task_failed", "builtins.ValueError at ")
    assert (finished["event"], finished["state"]) == ("task_finished", "FAILURE")
    assert finished["correlation_id"] == ORIGIN
    assert failures(client) == before + 1


def failures(client: Client) -> float:
    """How many samples this process has counted as failed."""
    series = 'task_seconds_count{state="FAILURE",task="sample"} '
    return float(client.get("/metrics").text.partition(series)[2].partition("\n")[0] or 0)


def test_eager_task_leaves_the_context_of_its_caller_alone() -> None:
    bind_correlation_id(ORIGIN)

    sample_task.apply()

    assert correlation_id() == ORIGIN


def test_worker_logs_as_the_web_processes_do(capsys: pytest.CaptureFixture[str]) -> None:
    task_signals.configure_logging()

    structlog.get_logger("own").warning("sample")

    assert json.loads(capsys.readouterr().out)["event"] == "sample"

"""Logs: one JSON object per line, the correlation id in each, and no text of exceptions."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from structlog.testing import capture_logs

from config.common import logging as logs
from config.common.correlation import bind_correlation_id, clear_correlation_id

SECRET = "shannon.crawford@example.com"


@pytest.fixture(autouse=True)
def _restore_logs() -> Iterator[None]:
    yield
    clear_correlation_id()
    logs.configure(settings.LOGGING)


def log_as_in_production() -> None:
    """Called in the test itself: the stream that is captured differs while fixtures are set up."""
    logs.configure({"renderer": "json", "level": "INFO", "exception_text": False})


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    line: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return line


def test_a_logger_that_was_in_use_follows_the_set_up_that_came_later() -> None:
    logger = structlog.get_logger("sample").bind()
    log_as_in_production()

    with capture_logs() as lines:
        logger.info("sample_event")

    assert [line["event"] for line in lines] == ["sample_event"]


def test_own_line_is_json_with_the_correlation_id(capsys: pytest.CaptureFixture[str]) -> None:
    log_as_in_production()
    bind_correlation_id("0" * 32)

    structlog.get_logger("contacts.services").info("contact_created", contact_id=7)

    line = last_line(capsys)
    timestamp = str(line.pop("timestamp"))
    assert timestamp.endswith("Z")
    assert line == {
        "event": "contact_created",
        "contact_id": 7,
        "correlation_id": "0" * 32,
        "level": "info",
        "logger": "contacts.services",
    }


def test_line_of_another_package_has_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    log_as_in_production()
    bind_correlation_id("1" * 32)

    logging.getLogger("some.package").warning("low on %s", "space")

    line = last_line(capsys)
    assert (line["event"], line["level"], line["correlation_id"]) == (
        "low on space",
        "warning",
        "1" * 32,
    )


@pytest.mark.parametrize("own", [True, False])
def test_exception_is_logged_without_its_text(
    own: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    log_as_in_production()
    logger = structlog.get_logger("own") if own else logging.getLogger("another")
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as cause:
            raise RuntimeError(SECRET) from cause
    except RuntimeError:
        logger.exception("task_failed")

    line = last_line(capsys)
    types = [part.split(" at ")[0] for part in str(line["exception"]).splitlines()]
    assert types == ["builtins.RuntimeError", "builtins.ValueError"]
    assert "test_logging.py" in str(line["exception"])
    assert SECRET not in json.dumps(line)


def test_exception_can_be_given_as_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    log_as_in_production()
    structlog.get_logger("own").error("task_failed", exc_info=KeyError(SECRET))

    assert last_line(capsys)["exception"] == "builtins.KeyError at "


def test_line_without_an_exception_says_nothing_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    log_as_in_production()
    structlog.get_logger("own").error("task_failed", exc_info=False)

    assert "exception" not in last_line(capsys)


def test_packages_that_log_names_of_people_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    log_as_in_production()
    logging.getLogger("axes.handlers").warning("failure by %s", SECRET)

    assert capsys.readouterr().out == ""


def test_development_shows_readable_lines_with_texts(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure({"renderer": "console", "level": "INFO", "exception_text": True})

    structlog.get_logger("own").error("task_failed", exc_info=KeyError("reason"))

    shown = capsys.readouterr().out
    assert "task_failed" in shown
    assert "KeyError: 'reason'" in shown


def test_cycle_of_causes_ends() -> None:
    first, second = ValueError(), TypeError()
    first.__cause__, second.__cause__ = second, first

    assert logs.describe_exception(first) == "builtins.ValueError at \nbuiltins.TypeError at "

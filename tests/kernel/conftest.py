"""Fixtures of the kernel's tests."""

import pytest
import structlog

from config.common import access_log, handlers


@pytest.fixture(autouse=True)
def fresh_loggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A used logger keeps its configuration; Celery may have set up another one since."""
    monkeypatch.setattr(handlers, "log", structlog.get_logger("handlers"))
    monkeypatch.setattr(access_log, "_readable", structlog.get_logger("access"))

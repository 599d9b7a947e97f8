"""Fixtures of the kernel's tests."""

import pytest
import structlog

from config.common import handlers, middleware


@pytest.fixture(autouse=True)
def fresh_loggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A used logger keeps its configuration; Celery may have set up another one since."""
    monkeypatch.setattr(handlers, "log", structlog.get_logger("handlers"))
    monkeypatch.setattr(middleware, "access_log", structlog.get_logger("access"))

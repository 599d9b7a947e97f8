"""Clocks, stopped: limits and lives to the second, however slow the machine."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from django.db import connection

# Names are looked for here before the server's own. The tables' defaults are bound when they are
# made, so they are bound again. All of it goes with the test's transaction.
_STOP = """
CREATE SCHEMA stopped_clock;
CREATE FUNCTION stopped_clock.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
    AS 'SELECT current_setting(''stopped_clock.now'')::timestamptz';
SELECT set_config('stopped_clock.now', statement_timestamp()::text, true);
SET LOCAL search_path = stopped_clock, pg_catalog, public;
ALTER TABLE common_outboxmessage ALTER COLUMN created_at SET DEFAULT statement_timestamp();
ALTER TABLE common_auditevent ALTER COLUMN created_at SET DEFAULT statement_timestamp();
"""


@pytest.fixture
def stopped_clock(db: None) -> None:
    """The database's, for the test's connection. To be asked for before anything is written."""
    with connection.cursor() as cursor:
        cursor.execute(_STOP)


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window of the throttle ends while a test counts."""
    monkeypatch.setattr("config.common.throttling.time", SimpleNamespace(time=lambda: 630.0))


def stopped_at(moment: datetime) -> None:
    """Let the stopped clock show another time. Expects `stopped_clock`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('stopped_clock.now', %s, true)", [moment.isoformat()])

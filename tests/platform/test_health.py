"""Health: alive without a database, ready with database and migrations, with or without broker."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from config.common import health


def test_live_needs_no_database(client: Client) -> None:
    response = client.get("/health/live")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_ready_names_what_it_checked(client: Client) -> None:
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "checks": {"database": "up", "migrations": "applied", "broker": "up"},
    }


@pytest.mark.django_db
def test_ready_ignores_a_broker_that_is_away(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/nobody.sock"

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["checks"]["broker"] == "down"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM django_migrations WHERE app = 'contacts'",
        "ALTER TABLE django_migrations RENAME TO elsewhere",
    ],
)
def test_not_ready_with_pending_migrations(statement: str, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)

    response = client.get("/health/ready")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    body = response.json()
    assert body.pop("correlationId") == response.headers["X-Correlation-ID"]
    assert body == {
        "code": "ServiceUnavailable",
        "subCode": "NA",
        "message": "The service is not ready.",
        "properties": {"checks": {"database": "up", "migrations": "pending", "broker": "up"}},
    }


def test_not_ready_without_a_database(
    client: Client, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> None:
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = str(tmp_path)
    try:
        with django_db_blocker.unblock():
            response = client.get("/health/ready")
    finally:
        connection.settings_dict["HOST"] = host

    assert response.status_code == 503
    assert response.json()["properties"]["checks"]["database"] == "down"


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_cannot_be_written(path: str, client: Client) -> None:
    assert client.post(path).status_code == 405


def test_broker_over_tcp_that_refuses_is_down(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert health.broker_answers() is False

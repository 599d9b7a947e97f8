"""Production settings: complete, strict, and silent about secrets that are missing."""

import json
import subprocess
import sys

import pytest
from pytest_django import Settings

from config import env
from tests.platform.runner import ROOT

REQUIRED = {
    "SECRET_KEY": "sample-key-of-the-length-that-a-real-one-must-have-0123456789-abcdef",
    "JWT_SIGNING_KEY": "sample-key-of-the-length-that-a-real-one-must-have-9876543210-fedcba",
    "DATABASE_URL": "postgresql://crm@db.example.com/crm",
    "REDIS_URL": "redis://broker.example.com:6379/0",
    "ALLOWED_HOSTS": "crm.example.com",
    # What tests set for themselves.
    "ALLOW_PASSWORD_GRANT": "",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "",
}


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = env.snapshot() | {"DJANGO_SETTINGS_MODULE": "config.settings.production"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_deployment_check_finds_nothing() -> None:
    result = manage("check", "--deploy", "--fail-level", "WARNING", **REQUIRED)

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "JWT_SIGNING_KEY", "DATABASE_URL", "REDIS_URL"])
def test_what_is_missing_is_named(name: str) -> None:
    result = manage("check", **(REQUIRED | {name: ""}))

    assert result.returncode == 1
    assert result.stderr.endswith(f"The environment variable {name} is required.\n")


def test_production_is_strict_by_default() -> None:
    expected = {
        "DEBUG": False,
        "ALLOW_PASSWORD_GRANT": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "ALLOWED_HOSTS": ["crm.example.com"],
        "LOGGING": {"renderer": "json", "level": "INFO", "exception_text": False},
    }
    code = (
        "import json; from django.conf import settings;"
        f" print(json.dumps({{name: getattr(settings, name) for name in {list(expected)}}}))"
    )

    result = manage("shell", "--no-imports", "-c", code, **REQUIRED)

    assert json.loads(result.stdout) == expected


def test_every_scheduled_task_is_described_to_those_who_run_it(settings: Settings) -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    tasks = {entry["task"].rpartition(".")[2] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert {task for task in tasks if f"| `{task}` |" not in text} == set()

"""Figures: counted per operation, shared by processes, shown to this machine or a token only."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from config import env
from config.common import metrics
from tests.factories.effort import calls_of


def count(text: str, operation: str, status: int) -> float:
    """The number of observations of one series."""
    labels = f'method="GET",operation="{operation}",status="{status}"'
    for line in text.splitlines():
        if line.startswith(f"http_request_seconds_count{{{labels}}}"):
            return float(line.split()[-1])
    return 0.0


def test_request_is_counted_by_operation_and_status(client: Client) -> None:
    before = count(client.get("/metrics").text, "contact_get", 404)

    metrics.observe("contact_get", "GET", 404, 0.012)

    assert count(client.get("/metrics").text, "contact_get", 404) == before + 1


def test_unknown_method_makes_no_series_of_its_own(client: Client) -> None:
    metrics.observe("contact_get", "BREW", 405, 0.001)

    shown = client.get("/metrics").text
    assert 'method="OTHER"' in shown
    assert "BREW" not in shown


def test_task_is_counted_by_name_and_state(client: Client) -> None:
    series = 'task_seconds_count{state="SUCCESS",task="sample_task"}'
    metrics.observe_task("sample_task", "SUCCESS", 3.0)
    before = client.get("/metrics").text

    metrics.observe_task("sample_task", "SUCCESS", 3.0)

    [counted] = re.findall(rf"{re.escape(series)} (\S+)", before)
    assert f"{series} {float(counted) + 1}\n" in client.get("/metrics").text


def test_observing_is_a_handful_of_calls() -> None:
    metrics.observe("speed", "GET", 200, 0.01)

    # Looking the series up anew would take dozens.
    assert calls_of(lambda: metrics.observe("speed", "GET", 200, 0.01)) < 40


def test_another_machine_is_refused(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403


def test_unreadable_address_is_refused(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="unix:").status_code == 403


def test_forwarded_request_is_refused(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize(
    ("sent", "status"), [("Bearer right", 200), ("Bearer wrong", 403), ("right", 403), ("", 403)]
)
def test_token_decides_when_one_is_set(
    sent: str, status: int, client: Client, settings: Settings
) -> None:
    settings.METRICS_TOKEN = "right"

    response = client.get("/metrics", headers={"Authorization": sent}, REMOTE_ADDR="192.0.2.7")

    assert response.status_code == status


def test_figures_cannot_be_written(client: Client) -> None:
    response = client.post("/metrics")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


def test_processes_share_their_figures(tmp_path: Path, client: Client, settings: Settings) -> None:
    code = (
        "import django; django.setup(); from config.common import metrics;"
        " metrics.observe('shared', 'GET', 200, 0.01)"
    )
    environment = env.snapshot() | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)

    settings.METRICS_DIRECTORY = str(tmp_path)

    assert count(client.get("/metrics").text, "shared", 200) == 2

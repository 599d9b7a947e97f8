"""Figures for Prometheus: requests by operation and status, tasks by name and state.

Several processes serve requests; with `PROMETHEUS_MULTIPROC_DIR` set they share their figures
through files in that directory, and whichever process is asked answers for all.
"""

import hmac
import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from config.common.exceptions import Forbidden
from config.common.health import allow_reading_only

SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
FORWARDING_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-IP")

_requests = Histogram(
    "http_request_seconds",
    "Time to answer, by operation, method and status",
    ["operation", "method", "status"],
    buckets=SECONDS,
)
_tasks = Histogram(
    "task_seconds",
    "Time to run a task, by name and final state",
    ["task", "state"],
    buckets=(*SECONDS, 60.0, 600.0),
)


def observe(operation: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request; costs a few microseconds.

    `operation` must come from a fixed set (an operation id, or one word for unknown routes), since
    every new value is kept for as long as the process lives.
    """
    _request_series(operation, method if method in METHODS else "OTHER", status).observe(seconds)


def observe_task(task: str, state: str, seconds: float) -> None:
    """Count one finished run of a task."""
    _tasks.labels(task, state).observe(seconds)


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures of all processes in the text format of Prometheus.

    With the setting METRICS_TOKEN its bearer is answered, wherever it asks from; without, only this
    machine itself. Raises Forbidden for everybody else.
    """
    allow_reading_only(request)
    if not _may_read(request):
        raise Forbidden
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


@lru_cache(maxsize=4096)
def _request_series(operation: str, method: str, status: int) -> Histogram:
    """The series of three labels; finding it anew costs more than counting."""
    return _requests.labels(operation, method, str(status))


def _registry() -> CollectorRegistry:
    if not settings.METRICS_DIRECTORY:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry, settings.METRICS_DIRECTORY)  # type: ignore[no-untyped-call]  # the package has no types here
    return registry


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        sent = request.headers.get("Authorization", "")
        return hmac.compare_digest(sent.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # Behind a proxy on this machine every request seems to come from it.
    if any(name in request.headers for name in FORWARDING_HEADERS):
        return False
    return _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False

"""The counter behind the token endpoint's limits."""

import pytest

from config.common import throttling
from config.common.throttling import Throttle


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [600.0]
    monkeypatch.setattr(throttling.time, "time", lambda: now[0])
    return now


def test_requests_within_the_limit_pass(clock: list[float]) -> None:
    throttle = Throttle()

    assert [throttle.hit("a", 2) for _ in range(3)] == [0, 0, 60]
    assert throttle.hit("b", 2) == 0


def test_the_wait_ends_with_the_window(clock: list[float]) -> None:
    throttle = Throttle()
    throttle.hit("a", 1)

    clock[0] = 659.9
    assert throttle.hit("a", 1) == 1
    clock[0] = 660.0
    assert throttle.hit("a", 1) == 0


def test_counts_can_be_forgotten(clock: list[float]) -> None:
    throttle = Throttle()
    throttle.hit("a", 1)

    throttle.reset()

    assert throttle.hit("a", 1) == 0


def test_memory_is_bounded(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "MAX_IDENTITIES", 3)
    throttle = Throttle()

    for number in range(10):
        throttle.hit(str(number), 1)

    assert len(throttle._counts) <= 3

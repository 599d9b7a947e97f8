"""What a call costs, in units that the rest of the machine cannot change."""

import gc
import math
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import pytest


def calls_of(work: Callable[[], object]) -> int:
    """How many functions the work enters, those of C included: the same on every machine."""
    entered = 0

    def watch(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal entered
        entered += event in ("call", "c_call")

    before = sys.getprofile()
    # Otherwise finalizers of what other tests left would be counted too.
    with without_collection():
        sys.setprofile(watch)
        try:
            work()
        finally:
            sys.setprofile(before)
    return entered


def cpu_seconds(work: Callable[[], object], tries: int = 3) -> float:
    """The CPU time of this thread, for the cheapest of some tries: waiting is free here.

    Only for bounds that are orders of magnitude above what is usual and below what is feared.
    """

    def once() -> float:
        started = time.thread_time()
        work()
        return time.thread_time() - started

    with without_collection():
        return min(once() for _ in range(tries))


@contextmanager
def without_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def waits() -> Iterator[list[float]]:
    """The seconds that the calls within may wait at most: by the time-outs they connect with, and
    by the pauses they ask for. Both happen nevertheless.
    """
    asked: list[float] = []
    connect, sleep = socket.socket.connect, time.sleep

    def watched_connect(self: socket.socket, address: object) -> None:
        timeout = self.gettimeout()
        # A socket file is refused or accepted at once, whatever time-out is set.
        is_remote = self.family != socket.AF_UNIX
        asked.append((math.inf if timeout is None else timeout) if is_remote else 0.0)
        connect(self, address)

    def watched_sleep(seconds: float) -> None:
        asked.append(seconds)
        sleep(seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", watched_connect)
        for module in [*sys.modules.values()]:
            if vars(module).get("sleep") is sleep:
                patch.setattr(module, "sleep", watched_sleep)
        yield asked

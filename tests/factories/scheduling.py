"""How a parallel run is laid out, and which tests run without the tracer of coverage."""

from collections.abc import Generator

import pytest
from xdist.scheduler import LoadScopeScheduling

# Modules of these stay together on one worker: what they share takes long to set up.
TOGETHER = {
    "tests/demo/test_seed_demo.py": "demo",
    "tests/platform/test_runner.py": "runs",
    "tests/platform/test_schema_processes.py": "runs",
}


class Scheduling(LoadScopeScheduling):
    """Each test goes to the next worker that is free, what belongs together to one of them."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER.get(nodeid.partition("::")[0], nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    return Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long runs first: at the end of all the other workers would wait for them."""
    items.sort(key=lambda item: TOGETHER.get(item.nodeid.partition("::")[0]) != "runs")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Rounds and random examples repeat what other tests have covered; traced, each of them takes
    twice as long. They carry the mark `untraced`.
    """
    plugin = item.config.pluginmanager.getplugin("_cov")
    controller = plugin.cov_controller if plugin else None
    if controller is None or not item.get_closest_marker("untraced"):
        return (yield)
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()

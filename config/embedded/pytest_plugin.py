"""Starts throw-away servers for a test run; loaded by `-p`, before Django reads its settings.

A conftest would be too late: pytest-django reads settings first. The workers of xdist inherit the
addresses from the environment, and every run has a directory of its own, so that several runs on
one machine do not meet. Addresses that are set from outside are used as they are.
"""

from collections.abc import Iterator

import pytest

from config import env
from config.embedded.services import start_throw_away

ADDRESSES = ("DATABASE_URL", "REDIS_URL")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start the servers in the controlling process, unless the run does without Django."""
    if early_config.pluginmanager.hasplugin("django") and not all(map(env.is_set, ADDRESSES)):
        early_config.add_cleanup(start_throw_away())
    return (yield)

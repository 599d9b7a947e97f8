"""Starts throw-away servers for a test run; loaded by `-p`, before Django reads its settings.

A conftest would be too late: pytest-django reads settings first. The workers of xdist inherit the
addresses from the environment, and every run has a directory of its own, so that several runs on
one machine do not meet. Addresses that are set from outside are used as they are.
"""

from collections.abc import Generator

import pytest

from config import env
from config.embedded.processes import end_in_order_on_sigterm
from config.embedded.servers import start_throw_away

ADDRESSES = ("DATABASE_URL", "REDIS_URL")
# Tells the workers that the database server is removed after the run.
MARK = "TESTS_HAVE_OWN_DATABASE_SERVER"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, args: list[str]
) -> Generator[None, None, None]:
    """Start the servers in the controlling process, unless the run does without Django."""
    if early_config.pluginmanager.hasplugin("django") and not all(map(env.is_set, ADDRESSES)):
        if not env.is_set("DATABASE_URL"):
            env.publish({MARK: "yes"})
        end_in_order_on_sigterm()
        early_config.add_cleanup(start_throw_away())
    if env.is_set(MARK):
        # Dropping databases is time lost, and fails for a connection that some thread keeps.
        args.append("--reuse-db")
    return (yield)

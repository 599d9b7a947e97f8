"""Fixtures for all tests, and how random examples are chosen in all of them."""

import pytest
from hypothesis import HealthCheck, settings

# Helpers that assert say what they saw, as tests do.
pytest.register_assert_rewrite("tests")

pytest_plugins = [
    "tests.factories.clock",
    "tests.factories.fixtures",
    "tests.factories.browser",
    "tests.factories.providers",
    "tests.factories.scheduling",
]

# The same examples in every run, however slow the machine, so that CI never surprises.
settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")

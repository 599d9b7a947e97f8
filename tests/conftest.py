"""Fixtures for all tests."""

pytest_plugins = [
    "tests.factories.fixtures",
    "tests.factories.browser",
    "tests.factories.providers",
]

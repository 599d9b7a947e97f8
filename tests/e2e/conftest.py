"""A headless Chromium against a live server; nothing outside of it is ever asked for."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Member
from tests.factories.contacts import make_demo_type
from tests.factories.fixtures import World, make_world
from tests.factories.served import wait_until_served

PASSWORD = "a long enough secret"

# The builder is heavy, and machines that run tests are busy; waiting ends as soon as it may.
TIMEOUT_MILLISECONDS = 120_000
expect.set_options(timeout=TIMEOUT_MILLISECONDS)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Other tests cover the pages; here it counts what the browser makes of them."""
    item.add_marker("untraced")


@pytest.fixture
def provoked() -> list[str]:
    """Parts of the error messages that a test provokes on purpose."""
    return ["a status of 409"]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, provoked: list[str]) -> Iterator[Page]:
    """A page whose requests to anywhere else, and whose errors, fail the test."""
    problems: list[str] = []
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(TIMEOUT_MILLISECONDS)
    page = context.new_page()

    def watch(url: str) -> None:
        if not url.startswith((live_server.url, "data:")):
            problems.append(f"asked for {url}")

    page.on("request", lambda request: watch(request.url))
    pending = in_flight(page)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on(
        "console",
        lambda message: problems.append(message.text) if is_problem(message, provoked) else None,
    )
    yield page
    # What is wrong with the last answers counts, too.
    page.locator("body:not([aria-busy=true])").wait_for()
    while pending:
        page.wait_for_timeout(20)
    context.close()
    # The tables are emptied next: an answer that is still being made would stand in the way.
    wait_until_served(live_server)
    assert problems == []


def in_flight(page: Page) -> list[str]:
    """The addresses that a page waits for, kept up to date."""
    pending: list[str] = []
    page.on("request", lambda request: pending.append(request.url))
    page.on("requestfinished", lambda request: pending.remove(request.url))
    page.on("requestfailed", lambda request: pending.remove(request.url))
    return pending


def is_problem(message: ConsoleMessage, provoked: list[str]) -> bool:
    """An error; but not a refusal that the test provokes, which Chromium notes as one."""
    return message.type == "error" and not any(part in message.text for part in provoked)


@pytest.fixture
def firm(transactional_db: None) -> World:
    """A small firm on the demo schema, whose members can sign in to the back office."""
    world = make_world(make_demo_type())
    for member in (world.petra, world.anna, world.ben):
        member.is_staff = True
        member.first_name = member.username.title()
        member.set_password(PASSWORD)
        member.save()
    world.petra.user_permissions.add(Permission.objects.get(codename="assign_contact"))
    return world


def sign_in(page: Page, member: Member) -> None:
    """Sign in as people do."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(member.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Waiting for your decision").wait_for()

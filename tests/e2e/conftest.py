"""A headless Chromium against a live server; nothing outside of it is ever asked for."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Browser, Error, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from contacts.models import Member
from tests.factories.contacts import make_demo_type
from tests.factories.fixtures import World, make_world

PASSWORD = "a long enough secret"
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session", autouse=True)
def _database_from_the_browsers_thread() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, in which Django would refuse its database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, or Playwright's own. Without one tests are skipped, in CI never."""
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, _NAMES)), None)
        try:
            started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"no browser: {error.message.splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page whose requests to anywhere else, and whose errors, fail the test."""
    problems: list[str] = []
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()

    def watch(url: str) -> None:
        if not url.startswith((live_server.url, "data:")):
            problems.append(f"asked for {url}")

    page.on("request", lambda request: watch(request.url))
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    yield page
    context.close()
    assert problems == []


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

"""A headless Chromium against a live server; nothing outside of it is ever asked for."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from contacts.models import Member
from tests.factories.contacts import make_demo_type
from tests.factories.fixtures import World, make_world

PASSWORD = "a long enough secret"


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

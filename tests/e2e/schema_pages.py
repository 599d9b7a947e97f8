"""What the tests of the schema editor do on its pages."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from contacts.models import Member
from crmschema.models import CrmSchema, SchemaCheck
from crmschema.services import schema_check_run
from tests.e2e.conftest import PASSWORD
from tests.factories.contacts import make_member


@pytest.fixture
def editor(firm) -> Member:
    """Eva may change schemas, and nothing else."""
    eva = make_member("eva", permissions=())
    eva.user_permissions.set(
        Permission.objects.filter(codename__in=["view_crmschema", "change_crmschema"])
    )
    eva.is_staff = True
    eva.first_name = "Eva"
    eva.set_password(PASSWORD)
    eva.save()
    return eva


def let_in(page: Page, member: Member) -> None:
    """Sign the browser in without its pages."""
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session}
    page.context.add_cookies([{**cookie, "domain": "localhost", "path": "/"}])


def open_editor(page: Page, member: Member, query: str = "") -> None:
    """Open the editor of the contacts' schema, already signed in."""
    let_in(page, member)
    page.set_default_timeout(90_000)
    schema = CrmSchema.objects.get(key="contact")
    page.goto(f"/admin/crmschema/crmschema/{schema.pk}/editor/{query}")
    ready(page)


def ready(page: Page) -> None:
    page.locator("body[data-ready]").wait_for()


def card(page: Page, key: str) -> Locator:
    """The card of a component in the builder."""
    head = page.locator(":scope > .se-card-head code", has_text=key)
    return page.locator(".builder-component", has=head).last


def drag(page: Page, entry: str, before: str) -> None:
    """Drag a type from the palette to just before the component with a key."""
    target = card(page, before)
    target.scroll_into_view_if_needed()
    source = page.locator(".se-entry").get_by_text(entry, exact=True)
    start, end = source.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 15, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 80, end["y"] + 20, steps=8)
    page.mouse.move(end["x"] + 80, end["y"] + 6, steps=4)
    page.mouse.up()
    page.get_by_role("dialog").wait_for()


def move_onto(page: Page, source: Locator, target: Locator) -> None:
    """Drag to the middle of a place, which moves away while one comes nearer."""
    source.scroll_into_view_if_needed()
    start, place = source.bounding_box(), target.element_handle()
    assert start is not None
    page.mouse.move(start["x"] + 15, start["y"] + 8)
    page.mouse.down()
    for _ in range(4):
        end = place.bounding_box()
        if end is None:
            break
        page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=6)
    page.mouse.up()


def edit(page: Page, key: str) -> Locator:
    """Open the dialog of a component."""
    card(page, key).get_by_role("button", name="Edit:").first.click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    return dialog


def apply(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def save(page: Page) -> None:
    """Check and save; the dialog in between is passed."""
    page.get_by_role("button", name="Check and save…").click()
    page.get_by_role("dialog").get_by_role("button", name="Save version").click()


def run_check(page: Page) -> None:
    """Start the check of a breaking change by the button, and do the worker's part of it."""
    with page.expect_response("**/check/"):
        page.get_by_role("button", name="Check and save…").click()
    schema_check_run(check_id=SchemaCheck.objects.get().pk)


def paste(page: Page, schema: str) -> None:
    """Put a text into the JSON view, and go back to the builder once it is judged."""
    page.get_by_role("tab", name="JSON").click()
    with page.expect_response("**/judge/"):
        page.get_by_label("Schema as JSON").fill(schema)
    page.locator("body:not([aria-busy=true])").wait_for()
    page.get_by_role("tab", name="Builder").click()


def shown_json(page: Page) -> dict[str, Any]:
    """The draft as the JSON view shows it."""
    page.get_by_role("tab", name="JSON").click()
    shown: dict[str, Any] = json.loads(page.get_by_label("Schema as JSON").input_value())
    return shown

"""The queue at the screen: by keyboard, many at once, and on a telephone."""

import re
from copy import deepcopy

import pytest
from playwright.sync_api import Page, Route, expect

from changerequests.models import ChangeRequest
from tests.e2e.conftest import sign_in
from tests.e2e.details import demo_details
from tests.factories.fixtures import World
from tests.factories.submissions import hold, submit

QUEUE = "/admin/changerequests/changerequest/"
MARRIED = {"personalInformation": {"lastName": "Miller"}}
Status = ChangeRequest.Status


def asked(firm: World, change=None) -> ChangeRequest:
    return hold(firm.actor(firm.anna), firm.contact(demo_details()), change or MARRIED)


def open_request(page: Page, request: ChangeRequest) -> None:
    page.goto(f"{QUEUE}{request.pk}/change/")
    wait_for_shortcuts(page)


def wait_for_shortcuts(page: Page) -> None:
    """They can be switched off once they are on."""
    expect(page.get_by_label("Shortcuts")).to_be_enabled()


def status_of(request: ChangeRequest) -> int:
    return ChangeRequest.objects.get(pk=request.pk).status


def test_a_request_is_approved_by_keyboard_and_the_next_one_follows(firm, page):
    first, second = asked(firm), asked(firm)
    sign_in(page, firm.petra)
    open_request(page, first)
    expect(page.get_by_text("Keyboard")).to_be_visible()

    page.keyboard.press("c")
    page.keyboard.type("arcs")
    expect(page.get_by_label("Comment")).to_have_value("arcs")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("#confirm-approve")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#confirm-approve")).to_be_hidden()
    assert status_of(first) == Status.PENDING
    page.keyboard.press("a")
    expect(page.locator("#confirm-approve")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("is in effect")).to_be_visible()
    expect(page).to_have_url(re.compile(f"/{second.pk}/change/"))
    assert status_of(first) == Status.APPROVED
    wait_for_shortcuts(page)
    page.keyboard.press("q")
    expect(page).to_have_url(re.compile("view=decide"))


def test_shortcuts_can_be_switched_off(firm, page):
    request = asked(firm)
    sign_in(page, firm.petra)
    open_request(page, request)
    page.get_by_label("Shortcuts").uncheck()
    page.reload()
    wait_for_shortcuts(page)
    expect(page.get_by_label("Shortcuts")).not_to_be_checked()

    page.keyboard.press("a")
    page.keyboard.press("q")

    expect(page.locator("#confirm-approve")).to_be_hidden()
    expect(page).to_have_url(re.compile(f"/{request.pk}/change/"))
    page.get_by_label("Shortcuts").check()
    page.keyboard.press("a")
    expect(page.locator("#confirm-approve")).to_be_focused()


def test_the_switch_of_the_shortcuts_waits_for_them(firm, page):
    """Unfold shows no page before its own scripts have arrived; ours comes later."""
    request = asked(firm)
    sign_in(page, firm.petra)
    late: list[Route] = []
    page.route("**/review.js", lambda route: late.append(route))
    page.goto(f"{QUEUE}{request.pk}/change/", wait_until="commit")
    shortcuts = page.get_by_label("Shortcuts")
    expect(shortcuts).to_be_visible()
    expect(shortcuts).to_be_disabled()

    late[0].continue_()

    wait_for_shortcuts(page)
    page.keyboard.press("a")
    expect(page.locator("#confirm-approve")).to_be_focused()


def test_a_decision_takes_the_button_that_asks_for_it(firm, page):
    """Browsers press the form's first button on Enter in a field, seen or not."""
    contact = firm.contact(demo_details())
    request = hold(firm.actor(firm.anna), contact, MARRIED)
    submit(firm.actor(), contact, {"personalInformation": {"lastName": "Jones"}})
    sign_in(page, firm.petra)
    open_request(page, request)
    expect(page.locator("#confirm-approve")).to_be_hidden()
    expect(page.locator("#confirm-reject")).to_be_hidden()
    sent = []
    page.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)

    choice, shortcuts = page.get_by_label("The requested value"), page.get_by_label("Shortcuts")
    choice.check()
    for field in (choice, shortcuts):
        field.press("Enter")
    page.keyboard.press("a")
    expect(page.locator("#confirm-approve")).to_be_focused()
    choice.press("Enter")
    shortcuts.press("Enter")
    expect(page.locator("#confirm-reject")).to_be_hidden()

    assert (sent, status_of(request)) == ([], Status.PENDING)
    page.locator("#confirm-approve").press("Enter")
    expect(page.get_by_text("is in effect")).to_be_visible()
    assert status_of(request) == Status.APPROVED


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_on_a_request_of_many_decides_none(firm, page, scripts):
    """Not even before the scripts have arrived."""
    request = asked(firm)
    sign_in(page, firm.petra)
    page.goto(f"{QUEUE}?view=decide")
    page.locator(f'input[name="_selected_action"][value="{request.pk}"]').check()
    page.locator('select[name="action"]').select_option("approve_selected")
    if not scripts:
        page.route("**/review.js", lambda route: route.fulfill(body=""))
    page.get_by_role("button", name="Run").click()
    box = page.locator('#bulk-form input[name="request"]')

    box.press("Enter")

    expect(box).to_be_checked()
    expect(page.get_by_role("heading", name="Approve 1 request")).to_be_visible()
    assert status_of(request) == Status.PENDING
    page.locator("#confirm-bulk").press("Enter")
    expect(page.locator(f'[data-request="{request.pk}"]')).to_contain_text("Approved")


def test_a_second_click_is_no_second_decision(firm, page):
    first, second = asked(firm), asked(firm)
    sign_in(page, firm.petra)
    open_request(page, first)
    page.keyboard.press("a")
    expect(page.locator("#confirm-approve")).to_be_focused()
    sent = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.method == "POST" else None
    )

    page.locator("#confirm-approve").dblclick()

    expect(page.get_by_text("is in effect")).to_be_visible()
    expect(page).to_have_url(re.compile(f"/{second.pk}/change/"))
    assert len(sent) == 1
    expect(page.get_by_text("in the meantime")).to_have_count(0)
    page.go_back()
    expect(page.get_by_text("Decided by")).to_be_visible()
    expect(page.locator("#confirm-approve")).to_have_count(0)


def test_many_are_approved_at_once_with_a_result_for_each(firm, page):
    good = asked(firm)
    contact = firm.contact(demo_details())
    moved = hold(firm.actor(firm.anna), contact, MARRIED)
    submit(firm.actor(), contact, {"personalInformation": {"lastName": "Jones"}})

    sign_in(page, firm.petra)
    page.goto(f"{QUEUE}?view=decide")
    expect(page.get_by_text("Only Petra").first).to_be_visible()
    for request in (good, moved):
        page.locator(f'input[name="_selected_action"][value="{request.pk}"]').check()
    page.locator('select[name="action"]').select_option("approve_selected")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("heading", name="Approve 2 requests")).to_be_visible()
    page.locator("#confirm-bulk").click()

    row = page.locator(f'[data-request="{moved.pk}"]')
    expect(page.locator(f'[data-request="{good.pk}"]')).to_contain_text("Approved")
    expect(row).to_contain_text("Values have changed")
    expect(row).to_contain_text("Pending")
    assert (status_of(good), status_of(moved)) == (Status.APPROVED, Status.PENDING)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_the_queue_fits_the_screen(firm, page, width):
    rows = deepcopy(demo_details()["taxInformation"]["residencies"])
    for number, row in enumerate(rows):
        row["id"] = f"r{number}"
    contact = firm.contact({**demo_details(), "taxInformation": {"residencies": rows}})
    added = [{"id": "new", "taxCountry": "FR", "hasTin": True, "tin": "1234567890123"}, *rows]
    grid = hold(firm.actor(firm.anna), contact, {"taxInformation": {"residencies": added}})
    asked(firm)
    page.set_viewport_size({"width": width, "height": 900})

    sign_in(page, firm.petra)
    for address in (f"{QUEUE}?view=decide", f"{QUEUE}{grid.pk}/change/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    expect(page.locator('[data-mark="inserted"]')).to_contain_text("added")

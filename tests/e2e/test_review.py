"""The main job at the screen: a request is seen, compared, decided, and history tells it."""

import re

from playwright.sync_api import Page, expect

from changerequests.models import ChangeRequest
from contacts.models import Contact
from tests.e2e.conftest import sign_in
from tests.e2e.details import demo_details
from tests.factories.fixtures import World
from tests.factories.submissions import hold, submit

MARRIED = {"personalInformation": {"lastName": "Miller"}}


def asked(firm: World) -> tuple[Contact, ChangeRequest]:
    contact = firm.contact(demo_details())
    return contact, hold(firm.actor(firm.anna), contact, MARRIED)


def test_petra_approves_annas_request(firm, page):
    contact, request = asked(firm)

    sign_in(page, firm.petra)
    page.get_by_role("link", name=re.compile("Shannon Crawford.*Requested by Anna")).click()
    row = page.locator('tr[data-path="personalInformation.lastName"]')
    expect(row).to_contain_text("Last name")
    expect(row).to_contain_text("Crawford")
    expect(row).to_contain_text("Miller")
    expect(row).to_contain_text("Needs approval")
    page.get_by_label("Comment").fill("Seen the certificate")
    expect(page.locator("#confirm-approve")).to_be_hidden()
    page.get_by_role("button", name="Approve…").click()
    page.get_by_role("button", name="Yes, approve").click()

    expect(page.get_by_text("is in effect")).to_be_visible()
    request.refresh_from_db()
    assert request.status == ChangeRequest.Status.APPROVED
    page.goto(f"/admin/contacts/contact/{contact.pk}/change/")
    expect(page.locator('[data-path="personalInformation.lastName"]')).to_contain_text("Miller")
    page.get_by_role("link", name="History").click()
    latest = page.locator(".bo-timeline > li").first
    expect(latest).to_contain_text("Anna")
    expect(latest).to_contain_text("Approved by Petra")
    expect(latest).to_contain_text("Miller")


def test_cr01_ones_own_request_offers_cancelling_only(firm, page):
    _, request = asked(firm)

    sign_in(page, firm.anna)
    page.goto(f"/admin/changerequests/changerequest/{request.pk}/change/")
    expect(page.get_by_text("Another person must review it.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve…")).to_have_count(0)
    page.get_by_role("button", name="Cancel the request…").click()
    page.locator("#confirm-cancel").click()

    expect(page.get_by_text("The request was cancelled.")).to_be_visible()
    request.refresh_from_db()
    assert request.status == ChangeRequest.Status.CANCELLED


def test_c6_a_moved_base_is_settled_by_choice(firm, page):
    contact, request = asked(firm)
    submit(firm.actor(), contact, {"personalInformation": {"lastName": "Jones"}})

    sign_in(page, firm.petra)
    page.goto(f"/admin/changerequests/changerequest/{request.pk}/change/")
    expect(page.get_by_text("Changed meanwhile")).to_be_visible()
    page.get_by_label("Today's value").check()
    page.get_by_role("button", name="Approve…").click()
    page.get_by_role("button", name="Yes, approve").click()

    expect(page.get_by_text("is in effect")).to_be_visible()
    contact.refresh_from_db()
    assert contact.details["personalInformation"]["lastName"] == "Jones"


def test_ad02_nothing_that_a_client_sends_runs(firm, page):
    contact = firm.contact(demo_details())
    text = "<img src=x onerror=alert(1)>"
    request = hold(
        firm.actor(firm.anna),
        contact,
        {"personalInformation": {"lastName": text, "placeOfBirth": "{{7*7}}"}},
    )

    sign_in(page, firm.petra)
    page.goto(f"/admin/changerequests/changerequest/{request.pk}/change/")

    expect(page.get_by_text(text)).to_be_visible()
    expect(page.get_by_text("{{7*7}}")).to_be_visible()
    assert page.locator("img").count() == 0


def test_the_pages_fit_a_telephone(firm, page):
    contact, request = asked(firm)
    page.set_viewport_size({"width": 390, "height": 800})

    sign_in(page, firm.petra)
    for address in (
        "/admin/",
        f"/admin/contacts/contact/{contact.pk}/change/",
        f"/admin/contacts/contact/{contact.pk}/history/",
        f"/admin/changerequests/changerequest/{request.pk}/change/",
    ):
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, address


def test_advisers_are_changed_on_the_contacts_page(firm, page):
    contact = firm.contact(demo_details())

    sign_in(page, firm.petra)
    page.goto(f"/admin/contacts/contact/{contact.pk}/change/")
    page.get_by_text("Change the advisers").click()
    page.get_by_label("Ben").check()
    page.get_by_role("button", name="Save the advisers").click()

    expect(page.get_by_text("The advisers were saved.")).to_be_visible()
    assert set(contact.assignments.values_list("member__username", flat=True)) == {"anna", "ben"}


def test_the_language_is_switched(firm, page: Page):
    contact = firm.contact(demo_details())

    sign_in(page, firm.petra)
    page.goto(f"/admin/contacts/contact/{contact.pk}/change/")
    page.get_by_text("unfold_more").click()
    page.get_by_role("button", name="Deutsch").click()

    expect(page.get_by_text("Staatsangehörigkeiten")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")

"""The look of the editor, and what it says while it has to wait."""

import json
import re

from playwright.sync_api import Page, expect

from config.common.actors import SYSTEM
from contacts.models import Contact
from crmschema.models import CrmSchema, SchemaCheck
from crmschema.services import schema_check_run, schema_save
from tests.e2e.details import demo_details
from tests.e2e.schema_pages import apply, card, edit, editor, let_in, open_editor, paste, shown_json

__all__ = ["editor"]


def lightness(page: Page) -> int:
    """Of the page's ground, from 0 (black) to 765 (white)."""
    script = """() => {
        const context = document.createElement("canvas").getContext("2d");
        context.fillStyle = getComputedStyle(document.body).backgroundColor;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).reduce((a, b) => a + b);
    }"""
    return int(page.evaluate(script))


def test_the_editor_is_dark_where_the_back_office_is(firm, editor, page):
    page.emulate_media(color_scheme="dark")
    open_editor(page, editor)
    assert lightness(page) < 150

    page.evaluate("localStorage.setItem('adminTheme', JSON.stringify('light'))")
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    assert lightness(page) > 700


def test_a_preview_of_an_earlier_draft_says_so(firm, editor, page):
    open_editor(page, editor)
    hint = page.get_by_text("This is how the form was before.")
    expect(hint).to_be_hidden()
    dialog = edit(page, "placeOfBirth")
    dialog.get_by_role("tab", name="Rules").click()
    dialog.get_by_label("Pattern").fill("(?=x)")
    apply(page)

    expect(hint).to_be_visible()
    page.get_by_role("button", name="Undo").click()

    expect(hint).to_be_hidden()


def test_a_meaning_has_a_name_beside_that_of_the_api(firm, editor, page):
    open_editor(page, editor)

    chip = card(page, "dateOfBirth").locator(".se-chip").last
    expect(chip).to_have_attribute("title", "Date of birth")
    dialog = edit(page, "dateOfBirth")
    dialog.get_by_role("tab", name="CRM").click()
    choice = dialog.get_by_label("Meaning")
    expect(choice.locator("option:checked")).to_have_text("Date of birth – DateOfBirth")


def test_lists_of_the_preview_are_filled_when_they_come_into_sight(firm, editor, page):
    open_editor(page, editor)
    lists = [
        {"type": "select", "key": f"list{number}", "label": f"List {number}", "input": True}
        | {"dataType": "string", "crm": {"listKey": "countries"}}
        for number in range(60)
    ]
    paste(page, json.dumps({"display": "form", "components": lists}))
    preview = page.locator(".se-preview")
    expect(preview.get_by_label("List 0").locator("option").nth(100)).to_be_attached()
    last = preview.get_by_label("List 59")
    expect(last.locator("option")).to_have_count(0)

    last.scroll_into_view_if_needed()
    last.select_option("CH")

    expect(last).to_have_value("CH")


def test_types_are_searched_and_nothing_found_is_said(firm, editor, page):
    open_editor(page, editor)
    search = page.get_by_role("searchbox", name="Search the field types")
    types = page.locator(".se-entry")

    search.fill("dat")
    expect(types).to_have_text(["Date", "Date and time"])
    search.fill("zzz")
    expect(types).to_have_count(0)
    groups = page.locator(".se-groups")
    said = groups.evaluate("each => getComputedStyle(each, '::before').content")
    assert said == '"Nothing found"'
    search.fill("")

    expect(types).to_have_count(25)


def test_s4_a_check_is_found_again_by_who_was_away(firm, editor, page, provoked):
    provoked.append("net::ERR_FAILED")
    contact = firm.contact(demo_details())
    open_editor(page, editor)
    dialog = edit(page, "placeOfBirth")
    dialog.get_by_role("tab", name="Rules").click()
    dialog.get_by_label("Required").check()
    apply(page)
    results = re.compile(r"/check/[0-9a-f-]+/$")
    page.route(results, lambda route: route.abort())
    with page.expect_response("**/check/"):
        page.get_by_role("button", name="Check and save…").click()
    dialog = page.get_by_role("dialog")

    expect(dialog).to_contain_text("The server cannot be reached, or you are signed out.")
    page.unroute(results)
    schema_check_run(check_id=SchemaCheck.objects.get().pk)

    expect(dialog.get_by_role("row").last).to_contain_text(str(contact.pk))


def test_s4_a_check_that_nobody_runs_says_so_and_goes_on_when_somebody_does(firm, editor, page):
    contact = firm.contact(demo_details())
    page.clock.install()
    open_editor(page, editor)
    dialog = edit(page, "placeOfBirth")
    dialog.get_by_role("tab", name="Rules").click()
    dialog.get_by_label("Required").check()
    apply(page)
    with page.expect_response("**/check/"):
        page.get_by_role("button", name="Check and save…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Checking what is stored…")

    page.clock.fast_forward(11_000)
    expect(dialog).to_contain_text("The check still waits for its turn.")
    schema_check_run(check_id=SchemaCheck.objects.get().pk)

    expect(dialog.get_by_role("row").last).to_contain_text(str(contact.pk))
    expect(dialog.get_by_label("I have read this and accept it")).to_be_visible()
    assert Contact.objects.count() == 1
    dialog.get_by_role("button", name="Back to the editor").click()
    assert shown_json(page)["components"]


def test_the_text_says_what_a_component_is_before_what_it_holds(firm, editor, page):
    open_editor(page, editor)

    section = shown_json(page)["components"][0]

    assert list(section)[:2] == ["type", "key"]
    assert list(section)[-1] == "components"
    columns = section["components"][0]["components"][0]
    assert (*list(columns)[:1], *list(columns)[-1:]) == ("type", "columns")


def test_on_a_phone_every_version_can_be_compared_and_restored(firm, editor, page):
    schema = CrmSchema.objects.get(key="contact")
    for token in (1, 2):
        schema_save(actor=SYSTEM, key="contact", schema=schema.schema, concurrency_token=token)
    page.set_viewport_size({"width": 390, "height": 844})
    let_in(page, editor)

    page.goto(f"/admin/crmschema/crmschema/{schema.pk}/versions/")

    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Restore…")).last
    parts = [row.get_by_role("radio", name="From 1"), row.get_by_role("radio", name="To 1")]
    for part in (*parts, row.get_by_role("link", name="Restore…")):
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] < 40
    assert page.evaluate("document.documentElement.scrollWidth") == 390

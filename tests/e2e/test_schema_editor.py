"""The schema editor at the screen: the builder, its dialog, the preview, and saving."""

import json
import re

from playwright.sync_api import expect

from config.common.actors import SYSTEM
from contacts.models import Contact
from crmschema.compiler import canonical
from crmschema.models import CrmSchema
from crmschema.selectors import compiled
from crmschema.services import schema_save
from tests.e2e.details import demo_details
from tests.e2e.schema_pages import (
    apply,
    card,
    drag,
    edit,
    editor,
    open_editor,
    run_check,
    save,
    shown_json,
)

__all__ = ["editor"]


def contact_schema() -> CrmSchema:
    return CrmSchema.objects.get(key="contact")


def test_a_field_is_dragged_in_set_to_need_approval_and_then_holds_changes(firm, editor, page):
    contact = firm.contact(demo_details())
    open_editor(page, editor)

    drag(page, "Whole number", before="placeOfBirth")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Label", exact=True).fill("Number of children")
    expect(dialog.get_by_label("Key")).to_have_value("numberOfChildren")
    dialog.get_by_role("tab", name="CRM").click()
    dialog.get_by_label("Changes need approval").check()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(card(page, "numberOfChildren")).to_contain_text("Approval")
    expect(page.locator(".se-preview").get_by_label("Number of children")).to_be_visible()
    save(page)

    expect(page.get_by_text("Version 2 is saved and in effect.")).to_be_visible()
    expect(page.locator("#state")).to_have_text("Saved")
    field = compiled("contact").by_path["personalInformation.numberOfChildren"]
    assert (field.type, field.is_approval_required) == ("Integer", True)
    version = contact_schema().versions.get(token=2)
    assert version.member == editor
    sent = {"details": {"personalInformation": {"numberOfChildren": 2}}}
    answer = firm.api(firm.anna).patch(f"/v1.0/contacts/{contact.pk}/details", sent)
    assert answer.json()["isApprovalRequired"] is True
    assert "numberOfChildren" not in Contact.objects.get().details["personalInformation"]


def test_the_demo_schema_comes_back_from_the_builder_as_it_was(firm, editor, page):
    before = canonical(contact_schema().schema)
    open_editor(page, editor)
    edit(page, "personalInformationSection")
    apply(page)
    edit(page, "dateOfBirth")
    apply(page)

    assert canonical(json.dumps(shown_json(page))) == before


def test_s3_a_refused_pattern_is_shown_at_its_component(firm, editor, page):
    open_editor(page, editor)

    dialog = edit(page, "placeOfBirth")
    dialog.get_by_role("tab", name="Rules").click()
    dialog.get_by_label("Pattern").fill("^(a+)+$(?=x)")
    apply(page)
    expect(card(page, "placeOfBirth")).to_have_class(re.compile("se-wrong"))
    page.get_by_role("button", name="Check and save…").click()

    problem = page.locator(".se-problem")
    expect(problem).to_have_count(1)
    expect(problem).to_contain_text("Pattern is not allowed")
    expect(problem).to_contain_text("Place of birth (personalInformation.placeOfBirth)")
    expect(problem).to_be_focused()
    problem.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Look-around")
    expect(page.get_by_role("dialog").get_by_label("Pattern")).to_be_visible()
    assert contact_schema().concurrency_token == 1


def test_s2_who_was_slower_sees_the_other_change_and_applies_its_own_on_top(firm, editor, page):
    open_editor(page, editor)
    dialog = edit(page, "placeOfBirth")
    dialog.get_by_label("Label", exact=True).fill("Born in")
    apply(page)
    theirs = json.loads(contact_schema().schema)
    theirs["components"][0]["title"] = "The person"
    schema_save(actor=SYSTEM, key="contact", schema=json.dumps(theirs), concurrency_token=1)

    save(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Somebody else was faster")).to_be_visible()
    expect(dialog).to_contain_text("saved version 2")
    dialog.get_by_role("button", name="Apply mine on top of theirs").click()
    expect(page.locator("#version")).to_have_text("Version 2")
    expect(card(page, "personalInformationSection")).to_contain_text("The person")
    save(page)

    expect(page.get_by_text("Version 3 is saved and in effect.")).to_be_visible()
    saved = compiled("contact")
    assert saved.by_path["personalInformation.placeOfBirth"].label.default == "Born in"
    assert "The person" in contact_schema().schema


def test_s2_or_drops_its_own(firm, editor, page):
    open_editor(page, editor)
    dialog = edit(page, "placeOfBirth")
    dialog.get_by_label("Label", exact=True).fill("Born in")
    apply(page)
    schema_save(actor=SYSTEM, key="contact", schema=contact_schema().schema, concurrency_token=1)

    save(page)
    page.get_by_role("button", name="Drop mine, go on from theirs").click()

    expect(card(page, "placeOfBirth")).to_contain_text("Place of birth")
    expect(page.locator("#state")).to_have_text("Saved")


def test_s4_a_breaking_change_shows_its_impact_and_must_be_accepted(firm, editor, page):
    contact = firm.contact(demo_details())
    open_editor(page, editor)
    dialog = edit(page, "placeOfBirth")
    dialog.get_by_role("tab", name="Rules").click()
    dialog.get_by_label("Required").check()
    apply(page)

    run_check(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Field Place of birth: is now required")
    button = dialog.get_by_role("button", name="Save version 2")
    row = dialog.get_by_role("row", name=re.compile("Contacts have no value here"))
    expect(row).to_contain_text("personalInformation.placeOfBirth")
    link = row.get_by_role("link", name=str(contact.pk), exact=True)
    expect(link).to_have_attribute("href", f"/admin/contacts/contact/{contact.pk}/change/")
    expect(link).to_have_attribute("target", "_blank")
    expect(button).to_be_disabled()
    dialog.get_by_label("I have read this and accept it").check()
    button.click()

    expect(page.get_by_text("Version 2 is saved and in effect.")).to_be_visible()
    assert compiled("contact").by_path["personalInformation.placeOfBirth"].is_required


def test_s4_a_field_that_holds_data_is_not_renamed(firm, editor, page):
    firm.contact(demo_details())
    open_editor(page, editor)
    dialog = edit(page, "firstName")
    dialog.get_by_label("Key").fill("givenName")
    apply(page)

    run_check(page)

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("A field that holds data cannot be renamed")
    expect(dialog.get_by_role("button", name="Save version 2")).to_be_disabled()
    assert contact_schema().concurrency_token == 1


def test_conditions_are_picked_by_name_and_live_in_the_preview(firm, editor, page):
    open_editor(page, editor)
    preview = page.locator(".se-preview")
    expect(preview.get_by_label("Date of death")).to_be_hidden()
    preview.get_by_label("Deceased").check()
    expect(preview.get_by_label("Date of death")).to_be_visible()

    dialog = edit(page, "placeOfBirth")
    dialog.get_by_role("tab", name="Condition").click()
    dialog.get_by_label("the field").select_option("personalInformation.maritalStatus")
    dialog.get_by_label("has the value").select_option("MARRIED")
    apply(page)

    expect(preview.get_by_label("Place of birth")).to_be_hidden()
    preview.get_by_label("Marital status").select_option("MARRIED")
    expect(preview.get_by_label("Place of birth")).to_be_visible()
    run_check(page)
    page.get_by_role("dialog").get_by_role("button", name="Save version").click()
    expect(page.get_by_text("Version 2 is saved and in effect.")).to_be_visible()
    condition = compiled("contact").by_path["personalInformation.placeOfBirth"].own_condition
    assert condition is not None
    assert (condition.when, condition.equals, condition.show) == (
        "personalInformation.maritalStatus",
        "MARRIED",
        True,
    )


def test_the_preview_speaks_the_chosen_language(firm, editor, page):
    open_editor(page, editor)

    page.get_by_label("Shown in").select_option("de")

    expect(page.locator(".se-preview").get_by_label("Geburtsort")).to_be_visible()


def test_undo_and_redo(firm, editor, page):
    open_editor(page, editor)
    dialog = edit(page, "placeOfBirth")
    dialog.get_by_label("Label", exact=True).fill("Born in")
    apply(page)

    page.get_by_role("button", name="Undo").click()
    expect(card(page, "placeOfBirth")).to_contain_text("Place of birth")
    expect(page.locator("#state")).to_have_text("Saved")
    page.get_by_role("button", name="Redo").click()
    expect(card(page, "placeOfBirth")).to_contain_text("Born in")


def test_leaving_with_unsaved_changes_asks_first(firm, editor, page):
    open_editor(page, editor)
    dialog = edit(page, "placeOfBirth")
    dialog.get_by_label("Label", exact=True).fill("Born in")
    apply(page)
    page.on("dialog", lambda each: each.dismiss())

    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="Schemas").click()

    expect(page.locator("#state")).to_have_text("Unsaved changes")
    assert asked.value.type == "beforeunload"


def test_a_restored_version_is_a_draft_that_takes_the_same_way(firm, editor, page):
    first = contact_schema().schema
    later = json.loads(first)
    later["components"][0]["title"] = "The person"
    schema_save(actor=SYSTEM, key="contact", schema=json.dumps(later), concurrency_token=1)

    open_editor(page, editor, "?version=1")
    expect(page.locator("#state")).to_have_text("Unsaved changes")
    save(page)

    expect(page.get_by_text("Version 3 is saved and in effect.")).to_be_visible()
    assert canonical(contact_schema().schema) == canonical(first)


def test_ad02_markup_in_labels_stays_text_and_is_refused(firm, editor, page):
    open_editor(page, editor)
    dialog = edit(page, "placeOfBirth")
    dialog.get_by_label("Label", exact=True).fill("<img src=x onerror=alert(1)>{{7*7}}")
    apply(page)

    expect(card(page, "placeOfBirth")).to_contain_text("<img src=x onerror=alert(1)>{{7*7}}")
    page.get_by_role("button", name="Check and save…").click()
    expect(page.locator(".se-problem").first).to_contain_text("Markup is not allowed")
    assert page.locator("main img").count() == 0
    assert contact_schema().concurrency_token == 1


def test_the_page_fits_a_telephone_and_evaluates_nothing(firm, editor, page):
    page.set_viewport_size({"width": 390, "height": 800})
    with page.expect_response("**/editor/") as answer:
        open_editor(page, editor)

    policy = answer.value.headers["content-security-policy"]
    assert "unsafe-eval" not in policy
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    edit(page, "placeOfBirth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_no_button_moves_from_below_the_pointer(firm, editor, page):
    """Where there is room for one button only, the others come when the pointer does."""
    page.set_viewport_size({"width": 390, "height": 800})
    open_editor(page, editor)
    buttons = card(page, "placeOfBirth").locator(".se-tool")
    place = "each => [each.offsetLeft, each.offsetTop]"
    before = buttons.first.evaluate(place)
    expect(buttons.last).to_be_hidden()

    buttons.first.hover()

    expect(buttons.last).to_be_visible()
    assert buttons.first.evaluate(place) == before

"""What the builder is given: frames of every kind, markup, shapes that are no schema; and a
session that ends meanwhile."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crmschema.models import CrmSchema
from tests.e2e.schema_pages import (
    apply,
    card,
    edit,
    editor,
    let_in,
    move_onto,
    open_editor,
    paste,
    save,
    shown_json,
)

__all__ = ["editor"]

Component = dict[str, Any]  # Any: JSON values

MARKUP = "<img src=x onerror='window.evil=1'>{{ window.evil = 1 }}</script>"
TEXT: Component = {"type": "textfield", "key": "motto", "label": "Motto", "input": True}


def frames() -> list[Component]:
    """An empty frame of every kind."""
    cells: list[Component] = [{"components": []}, {"components": []}]
    simple = ("panel", "fieldset", "well", "container", "datagrid", "editgrid")
    return [
        *({"type": kind, "key": kind, "label": kind, "components": []} for kind in simple),
        {"type": "columns", "key": "columns", "label": "columns", "columns": cells},
        {"type": "tabs", "key": "tabs", "label": "tabs", "components": [pane("one"), pane("two")]},
        {"type": "table", "key": "table", "label": "table", "rows": [cells]},
    ]


def pane(key: str) -> Component:
    return {"key": key, "label": key, "components": []}


def form(*components: Component) -> str:
    return json.dumps({"display": "form", "components": components})


def parent_of(component: Component, key: str) -> str | None:
    """The place of the component with `key` below another, as the keys on the way."""
    for name in ("components", "columns", "rows"):
        for index, child in enumerate(component.get(name) or []):
            inner = {"components": child} if isinstance(child, list) else child
            if inner.get("key") == key:
                return ""
            found = parent_of(inner, key)
            if found is not None:
                return f"{name}[{index}]{found}"
    return None


def test_a_field_moves_into_frames_of_every_kind(firm, editor, page):
    page.set_viewport_size({"width": 1280, "height": 1800})
    open_editor(page, editor)
    paste(page, form(*frames(), TEXT))
    expect(card(page, "motto")).to_be_visible()

    for frame in frames():
        move_onto(page, card(page, "motto"), card(page, frame["key"]).locator(".se-drop").first)
        inside = card(page, frame["key"]).locator(".se-card-head code", has_text="motto")
        expect(inside).to_be_visible()

    last = shown_json(page)["components"][-1]
    assert (last["key"], parent_of(last, "motto")) == ("table", "rows[0]components[0]")
    page.get_by_role("tab", name="Builder").click()
    page.get_by_role("button", name="two", exact=True).click()
    move_onto(page, card(page, "motto"), card(page, "tabs").locator(".se-drop:visible"))
    expect(card(page, "tabs").locator(".se-card-head code", has_text="motto")).to_be_visible()
    tabs = shown_json(page)["components"][-2]
    assert [len(each["components"]) for each in tabs["components"]] == [0, 1]


def test_ad02_pasted_markup_is_drawn_as_text_wherever_it_stands(firm, editor, page):
    open_editor(page, editor)
    names = ("label", "title", "legend", "tooltip", "description", "placeholder", "customClass")
    texts = dict.fromkeys(names, MARKUP)
    bad = [{**each, **texts, "components": each.get("components", [])} for each in frames()]
    bad[7]["components"] = [{**pane("one"), "label": MARKUP}]
    bad[6]["columns"] = [{"components": [], "width": MARKUP, "size": MARKUP}]
    inputs = ("textfield", "select", "content", "htmlelement", "button", "unheardOf")
    bad += [{**TEXT, **texts, "type": kind, "key": kind, "html": MARKUP} for kind in inputs]

    paste(page, form(*bad))

    expect(card(page, "unheardOf")).to_contain_text(MARKUP)
    expect(card(page, "tabs")).to_contain_text(MARKUP)
    assert page.locator("main img, main script").count() == 0
    assert page.evaluate("window.evil") is None
    # Form.io's own cleaning leaves the title of the button only: the name holds a closed tag.
    card(page, "tabs").get_by_title("Edit").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("tabs")
    assert page.locator("dialog img, dialog script").count() == 0


NOT_DRAWN: list[Any] = [
    7,
    {**TEXT, "key": '"><img src=x>'},
    {**TEXT, "type": '"><img src=x>'},
    {**TEXT, "label": {"a": 1}},
    {**TEXT, "crm": "no", "validate": 7, "conditional": 5},
    {"type": "columns", "key": "a", "label": "A", "columns": 5},
    {"type": "table", "key": "a", "label": "A", "rows": [[1]]},
    {"type": "tabs", "key": "a", "label": "A", "components": [1]},
    {"type": "container", "key": "a", "label": "A", "components": "x"},
]


def test_what_cannot_be_drawn_is_named_and_waits_for_its_repair(firm, editor, page):
    open_editor(page, editor)
    page.get_by_role("tab", name="Problems").click()

    for component in NOT_DRAWN:
        paste(page, form(component))

        expect(page.get_by_text("Repair it in the JSON view first")).to_be_visible()
        page.locator(".se-problem").first.click()
        expect(page.get_by_label("Schema as JSON")).to_be_focused()
        assert page.locator("main img").count() == 0

    paste(page, form(TEXT, {"type": "constructor", "key": "constructor", "label": "C"}))
    expect(card(page, "motto")).to_be_visible()


def test_a_group_without_its_array_is_drawn_as_an_empty_one(firm, editor, page):
    open_editor(page, editor)

    paste(page, form({"type": "datagrid", "key": "rows", "label": "Rows", "components": None}))

    expect(card(page, "rows").locator(".se-drop")).to_be_visible()


def test_apply_leads_to_the_tab_with_what_is_missing(firm, editor, page):
    open_editor(page, editor)
    dialog = edit(page, "placeOfBirth")
    label = dialog.get_by_label("Label", exact=True)
    label.fill("")
    dialog.get_by_role("tab", name="CRM").click()

    dialog.get_by_role("button", name="Apply").click()

    expect(dialog.get_by_role("tab", name="Field")).to_have_attribute("aria-selected", "true")
    expect(label).to_be_focused()
    label.fill("Born in")
    apply(page)
    expect(card(page, "placeOfBirth")).to_contain_text("Born in")


def test_keys_are_unique_in_their_level_of_the_data_not_on_the_screen(firm, editor, page):
    open_editor(page, editor)
    sections = [
        {"type": "panel", "key": "first", "title": "First", "components": [TEXT]},
        {"type": "panel", "key": "second", "title": "Second", "components": []},
        {"type": "container", "key": "third", "label": "Third", "components": []},
    ]
    paste(page, form(*sections))

    add(page, "second", "Motto")
    add(page, "third", "Motto")
    dialog = edit(page, "motto2")
    dialog.get_by_label("Key").fill("motto")
    dialog.get_by_role("button", name="Apply").click()

    expect(dialog.get_by_label("Key")).to_be_focused()
    page.keyboard.press("Escape")
    keys = [each["components"][0]["key"] for each in shown_json(page)["components"]]
    assert keys == ["motto", "motto2", "motto"]


def add(page: Page, frame: str, label: str) -> None:
    """Drag a text into an empty frame."""
    source = page.locator(".se-entry").get_by_text("Text", exact=True)
    move_onto(page, source, card(page, frame).locator(".se-drop"))
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Label", exact=True).fill(label)
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog).to_have_count(0)


def test_a_condition_is_not_applied_before_its_value_is_known(firm, editor, page):
    page.route(re.compile("items/.*genders"), lambda _route: None)
    open_editor(page, editor)
    dialog = edit(page, "placeOfBirth")
    dialog.get_by_role("tab", name="Condition").click()

    dialog.get_by_label("the field").select_option("personalInformation.gender")
    dialog.get_by_role("button", name="Apply").click()

    expect(dialog.get_by_label("has the value")).to_be_focused()
    # Lets those go on that it held.
    page.unroute(re.compile("items/.*genders"))
    expect(dialog.get_by_label("has the value")).not_to_have_value("")
    apply(page)
    expect(card(page, "placeOfBirth").locator("[title=Conditional]")).to_be_visible()


@pytest.mark.parametrize("kept", [["csrftoken"], []])
def test_who_is_signed_out_keeps_the_draft_and_goes_on(firm, editor, page, provoked, kept):
    provoked += ["a status of 403", "net::ERR_FAILED"]
    open_editor(page, editor)
    cookies = [each for each in page.context.cookies() if each["name"] in kept]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)

    dialog = edit(page, "placeOfBirth")
    dialog.get_by_label("Label", exact=True).fill("Born in")
    apply(page)
    note = page.get_by_text("or you are signed out")
    expect(note).to_be_visible()
    let_in(page, editor)
    save(page)

    expect(page.get_by_text("Version 2 is saved and in effect.")).to_be_visible()
    expect(note).to_have_count(0)
    assert "Born in" in CrmSchema.objects.get(key="contact").schema

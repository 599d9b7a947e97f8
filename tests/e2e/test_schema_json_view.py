"""The JSON view: everything the builder does, with the keyboard alone."""

from playwright.sync_api import Page, expect

from crmschema.models import CrmSchema
from crmschema.selectors import compiled
from tests.e2e.schema_pages import card, editor, open_editor, shown_json

__all__ = ["editor"]

LABEL = '"label": "Place of birth"'


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element with this id, text or name has the focus."""
    script = """() => {
        const focused = document.activeElement;
        return [focused.id, focused.textContent.trim(), focused.ariaLabel ?? ""];
    }"""
    for _ in range(60):
        if any(each.startswith(name) for each in page.evaluate(script)):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached")


def select(page: Page, text: str) -> None:
    """Select a text in the area as a search within the page does: without the mouse."""
    page.evaluate(
        """(text) => {
            const area = document.activeElement;
            const start = area.value.indexOf(text);
            area.setSelectionRange(start, start + text.length);
        }""",
        text,
    )


def test_a_label_is_changed_and_saved_by_keyboard_alone(firm, editor, page):
    open_editor(page, editor)

    tab_to(page, "Builder")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Schema as JSON")).to_be_visible()
    tab_to(page, "json-")
    select(page, LABEL)
    page.keyboard.insert_text('"label": "Born in"')
    expect(page.locator("#state")).to_have_text("Unsaved changes")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("button", name="Save version 2")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Version 2 is saved and in effect.")).to_be_visible()
    field = compiled("contact").by_path["personalInformation.placeOfBirth"]
    assert field.label.default == "Born in"


def test_a_problem_leads_to_its_component_in_the_text(firm, editor, page):
    open_editor(page, editor)
    tab_to(page, "Builder")
    page.keyboard.press("ArrowRight")
    tab_to(page, "json-")
    select(page, '"key": "placeOfBirth"')
    page.keyboard.insert_text('"key": "1st"')
    page.keyboard.press("Control+s")

    problem = page.locator(".se-problem")
    expect(problem).to_be_focused()
    expect(problem).to_contain_text("Key is not valid")
    page.keyboard.press("Enter")
    area = page.get_by_label("Schema as JSON")
    expect(area).to_be_focused()
    selected = area.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert '"key": "1st"' in selected
    assert selected.startswith("{")
    assert selected.endswith("}")
    assert CrmSchema.objects.get(key="contact").concurrency_token == 1


def test_what_is_no_json_says_where_and_the_builder_waits(firm, editor, page):
    open_editor(page, editor)
    page.get_by_role("tab", name="JSON").click()
    area = page.get_by_label("Schema as JSON")

    area.fill('{\n  "display": "form",\n  components: []\n}')

    expect(page.get_by_text("This is not JSON yet: line 3, column 3.")).to_be_visible()
    page.get_by_role("tab", name="Problems").click()
    expect(page.locator(".se-problem")).to_contain_text("This is not JSON")
    page.get_by_role("tab", name="Builder").click()
    expect(page.get_by_text("Repair it in the JSON view first")).to_be_visible()


def test_scripts_in_the_text_are_refused_and_never_run(firm, editor, page):
    open_editor(page, editor)
    page.get_by_role("tab", name="JSON").click()
    area = page.get_by_label("Schema as JSON")
    evil = '"customDefaultValue": "window.evil = 1", "customConditional": "window.evil = 1"'

    area.fill(area.input_value().replace(LABEL, f"{LABEL}, {evil}"))
    page.get_by_role("tab", name="Builder").click()
    page.get_by_role("tab", name="Problems").click()

    expect(page.locator(".se-problem")).to_have_count(2)
    expect(page.locator(".se-problem").first).to_contain_text("Scripts are not allowed")
    expect(page.locator(".se-wrong")).to_have_count(1)
    assert page.evaluate("window.evil") is None


def test_a_field_is_added_and_moved_in_the_builder_by_keyboard(firm, editor, page):
    open_editor(page, editor)

    tab_to(page, "E-mail")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Label", exact=True)).to_be_focused()
    page.keyboard.insert_text("Second e-mail")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(card(page, "secondEMail").get_by_role("button", name="Edit")).to_be_focused()
    tab_to(page, "Move")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    expect(page.locator(".formio-builder-form > .builder-component").nth(-2)).to_contain_text(
        "secondEMail"
    )
    keys = [component["key"] for component in shown_json(page)["components"]]
    assert keys[-2:] == ["secondEMail", "complianceSection"]

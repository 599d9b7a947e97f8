"""Lists at the screen: open, rename in place, import with preview, deactivate with use counts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from lists.models import List, ListItem
from tests.e2e.conftest import sign_in
from tests.e2e.details import demo_details
from tests.factories.fixtures import World

ADDRESSES = ("items/", "items/?q=zug", "items/import/")


@pytest.fixture
def staff(firm: World, page: Page) -> Callable[[str], List]:
    """Petra, who may keep lists, is signed in; opens the page of a list."""
    firm.petra.user_permissions.add(*Permission.objects.filter(content_type__app_label="lists"))
    sign_in(page, firm.petra)

    def opened(key: str, route: str = "items/") -> List:
        found = List.objects.get(key=key)
        page.goto(f"/admin/lists/list/{found.pk}/{route}")
        return found

    return opened


def test_labels_are_edited_in_place_and_items_move(staff, page):
    genders = staff("genders")
    rows = page.locator(".bo-items tbody tr")
    first, second = (rows.nth(number).get_attribute("data-key") for number in (0, 1))

    page.get_by_label(f"{second} de", exact=True).fill("Neu benannt")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_text("1 item was changed.")).to_be_visible()
    assert genders.items.get(key=second).labels["de"] == "Neu benannt"

    rows.nth(1).locator("button[value=up]").click()
    expect(rows.nth(0)).to_have_attribute("data-key", second)
    expect(rows.nth(1)).to_have_attribute("data-key", first)


def test_states_are_found_below_their_country_and_by_search(staff, page):
    staff("states")

    page.get_by_label("Below").select_option(label="Switzerland (CH)")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", name="26 items")).to_be_visible()

    page.get_by_label("Search").fill("ZÜRICH")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator('tr[data-key="CH-ZH"]')).to_be_visible()
    expect(page.get_by_role("heading", name="1 item", exact=True)).to_be_visible()


def test_a_tree_opens(staff, page):
    genders = List.objects.get(key="genders")
    top = genders.items.order_by("position").first()
    ListItem.objects.create(list=genders, key="BELOW", labels={"en": "Below it"}, parent=top)
    staff("genders")

    expect(page.locator('tr[data-key="BELOW"]')).to_have_count(0)
    page.get_by_label(f"Items below {top.labels['en']}").click()

    expect(page.locator('tr[data-key="BELOW"]')).to_be_visible()
    expect(page.get_by_label(f"Items below {top.labels['en']}")).to_have_attribute(
        "aria-expanded", "true"
    )


def test_a_file_is_previewed_then_taken_over(staff, page, tmp_path: Path):
    genders = staff("genders", "items/import/")
    file = tmp_path / "items.csv"
    file.write_text("key,label.en\nOTHER,Another\nwrong,Wrong\n", encoding="utf-8")

    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.locator('[data-group="refuse"]')).to_contain_text("A capital letter")
    expect(page.locator("#confirm-import")).to_have_count(0)

    page.get_by_role("link", name="Another file").click()
    file.write_text("key,label.en\nOTHER,Another\n", encoding="utf-8")
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").click()
    page.get_by_role("button", name="Take it over").click()

    expect(page.get_by_text("Items added: 1, changed: 0, unchanged: 0.")).to_be_visible()
    assert genders.items.get(key="OTHER").labels == {"en": "Another"}


def test_s6_an_item_is_deactivated_by_somebody_who_knows_who_uses_it(staff, firm, page):
    firm.contact(demo_details())
    swiss = ListItem.objects.get(list__key="countries", key="CH")

    page.goto(f"/admin/lists/listitem/{swiss.pk}/change/")
    page.get_by_role("link", name="Deactivate…").click()
    expect(page.locator("dl")).to_contain_text("Contacts")
    expect(page.locator("dl dd").nth(1)).to_have_text("1")
    page.locator("#confirm-deactivate").click()

    expect(page.get_by_text("is no longer offered")).to_be_visible()
    swiss.refresh_from_db()
    assert swiss.is_active is False


def test_the_pages_of_lists_fit_a_telephone(staff, page):
    page.set_viewport_size({"width": 390, "height": 800})

    for route in ADDRESSES:
        staff("states", route)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, route

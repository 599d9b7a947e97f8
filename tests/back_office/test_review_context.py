"""What stands around a request on its page: latest changes, rows of grids, orders (C6, D4)."""

from tests.back_office.queue_steps import asked, page_of
from tests.factories.schemas import tiny_details
from tests.factories.submissions import decide, hold, submit


# --- Around a request --------------------------------------------------------------------------
def test_the_page_shows_the_latest_changes_and_the_next_request(world, petra):
    contact = world.contact()
    earlier = decide(world.actor(world.petra), asked(world, contact))
    submit(world.actor(), contact, {"person": {"nickname": "K"}}, comment="From the register")
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "Queen"}})
    other = asked(world)

    page = petra.get(page_of(request))

    assert [change["who"] for change in page.context["changes"]] == ["firm", "anna", "System"]
    assert page.context["following"] == other
    text = page.content.decode()
    assert "From the register" in text
    assert f'href="{page_of(earlier)}"' in text
    assert f'href="{page_of(other)}"' in text
    assert "back_office/review" in text
    assert "<script>" not in text


def test_d4_rows_of_a_grid_are_shown_as_added_removed_and_moved(world, petra):
    rows = [{"id": key, "street": key} for key in ("a", "b", "c", "d")]
    contact = world.contact({**tiny_details(), "channels": {"addresses": rows}})
    sent = [
        {"id": "d", "street": "d"},
        {"id": "a", "street": "changed"},
        {"id": "n", "street": "n"},
        {"id": "c", "street": "c"},
    ]
    request = hold(world.actor(world.anna), contact, {"channels": {"addresses": sent}})

    page = petra.get(page_of(request))

    (grid,) = page.context["review"].grids
    assert [(row.mark.value, row.before, row.after) for row in grid.rows] == [
        ("moved", 4, 1),
        ("changed", 1, 2),
        ("removed", 2, None),
        ("inserted", None, 3),
        ("same", 3, 4),
    ]
    assert page.context["plain_count"] == 0
    assert all(row.is_in_grid for row in page.context["review"].rows)
    assert page.content.decode().count("data-mark=") == 5


def test_c6_a_grid_in_conflict_stays_a_matter_of_choice(world, petra):
    rows = [{"id": "a", "street": "a"}]
    contact = world.contact({**tiny_details(), "channels": {"addresses": rows}})
    sent = {"channels": {"addresses": [{"id": "a", "street": "b"}]}}
    request = hold(world.actor(world.anna), contact, sent)
    submit(world.actor(), contact, {"channels": {"addresses": [{"id": "a", "street": "c"}]}})

    review = petra.get(page_of(request)).context["review"]

    assert review.grids == []
    assert [(row.is_in_grid, row.conflict.current) for row in review.rows] == [(False, "c")]


# --- Many at once ------------------------------------------------------------------------------
def test_d4_an_order_in_conflict_is_told_by_its_rows(world, petra):
    rows = [{"id": "a", "city": "Bern"}, {"id": "b", "city": "Basel"}, {"id": "c", "city": "Biel"}]
    contact = world.contact({**tiny_details(), "channels": {"addresses": rows}})
    turned = {"channels": {"addresses": [rows[2], rows[1], rows[0]]}, "person": {"lastName": "K"}}
    request = hold(world.actor(world.anna), contact, turned)
    now = {"channels": {"addresses": [rows[1], rows[0], rows[2], {"id": "x"}]}}
    submit(world.actor(), contact, now)

    row = petra.get(page_of(request)).context["review"].rows[0]

    assert row.change.is_order
    assert row.change.original == "1. city: Bern\n2. city: Basel\n3. city: Biel"
    assert row.conflict.current == "1. city: Basel\n2. city: Bern\n3. city: Biel\n4. x"
    assert row.change.target == "1. city: Biel\n2. city: Basel\n3. city: Bern"

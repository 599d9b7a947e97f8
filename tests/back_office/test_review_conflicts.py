"""A base that has moved is shown, and settled by choice (C6)."""

import re

import pytest

from tests.back_office.queue_steps import Status, page_of, review_of, status_of
from tests.factories.schemas import tiny_details
from tests.factories.submissions import hold, submit


def test_c6_a_moved_base_is_shown_and_asked_about(world, petra):
    contact = world.contact()
    request = hold(
        world.actor(world.anna), contact, {"person": {"lastName": "King", "nickname": "K"}}
    )
    submit(world.actor(), contact, {"person": {"lastName": "Lovelace"}})

    review = petra.get(page_of(request)).context["review"]
    row = review.rows[0]
    assert (row.change.original, row.conflict.current, row.change.target) == (
        "Byron",
        "Lovelace",
        "King",
    )
    assert (review.conflict_count, review.rows[1].conflict) == (1, None)

    answer = petra.post(review_of(request), {"decision": "approve", "comment": "Kept text"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Values have changed since" in page
    assert "Kept text" in page
    assert status_of(request) == Status.PENDING


@pytest.mark.parametrize(("take", "name"), [("Target", "King"), ("Current", "Lovelace")])
def test_c6_a_conflict_is_settled_by_choice(world, petra, take, name):
    contact = world.contact()
    request = hold(
        world.actor(world.anna), contact, {"person": {"lastName": "King", "nickname": "K"}}
    )
    submit(world.actor(), contact, {"person": {"lastName": "Lovelace"}})

    sent = {"decision": "approve", "take::person.lastName": take}
    assert petra.post(review_of(request), sent).status_code == 302

    contact.refresh_from_db()
    assert contact.details["person"]["lastName"] == name
    assert contact.details["person"]["nickname"] == "K"


def test_c6_an_answer_that_is_none_leaves_the_conflict_open_and_the_choice_kept(world, petra):
    contact = world.contact()
    request = hold(
        world.actor(world.anna), contact, {"person": {"lastName": "King", "nickname": "K"}}
    )
    submit(world.actor(), contact, {"person": {"lastName": "Lovelace", "nickname": "L"}})

    seen = petra.get(page_of(request)).context["review"].rows[0].conflict
    sent = {
        "decision": "approve",
        f"take:{seen.field_name}": "Target",
        f"seen:{seen.field_name}": seen.current_digest,
        "take::person.nickname": "x",
    }
    answer = petra.post(review_of(request), sent)

    assert answer.status_code == 409
    assert answer.content.decode().count(" checked>") == 1
    assert petra.post(review_of(request), {**sent, "take::no.where": "Target"}).status_code == 400
    assert status_of(request) == Status.PENDING


@pytest.mark.parametrize("take", ["Target", "Current"])
def test_c6_an_answer_counts_for_the_value_that_its_reader_saw(world, petra, take):
    contact = world.contact()
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})
    submit(world.actor(), contact, {"person": {"lastName": "Lovelace"}})
    sent = {"decision": "approve", "take::person.lastName": take}
    for name in re.findall(r'name="(seen:[^"]+)" value="(\w+)"', petra.get(page_of(request)).text):
        sent[name[0]] = name[1]
    submit(world.actor(), contact, {"person": {"lastName": "Babbage"}})

    answer = petra.post(review_of(request), sent)

    assert answer.status_code == 409
    assert "Babbage" in answer.text
    assert " checked>" not in answer.text
    assert status_of(request) == Status.PENDING
    contact.refresh_from_db()
    assert contact.details["person"]["lastName"] == "Babbage"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Where you chose between two values nothing is in conflict any more."),
        ("de", "Wo Sie zwischen zwei Werten gewählt haben, besteht kein Konflikt mehr."),
    ],
)
def test_c6_a_choice_where_the_value_has_moved_back_is_asked_for_again(
    world, petra, language, expected
):
    contact = world.contact()
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})
    sent = {"decision": "approve", "take::person.lastName": "Current"}

    answer = petra.post(review_of(request), sent, headers={"accept-language": language})

    assert answer.status_code == 400
    assert answer.context["problems"] == [expected]
    assert status_of(request) == Status.PENDING


def test_c6_a_grid_without_ids_is_compared_as_a_whole(world, petra):
    contact = world.contact({**tiny_details(), "notes": [{"text": "one", "weight": 1}]})
    details = {"person": {"lastName": "King"}, "notes": [{"text": "two", "weight": 1}]}
    request = hold(world.actor(world.anna), contact, details)
    submit(world.actor(), contact, {"notes": [{"text": "three", "weight": 2}]})

    row = petra.get(page_of(request)).context["review"].rows[0]

    assert (row.change.path, row.change.place.label) == ("notes", "notes")
    assert row.change.original == "1. text: one · weight: 1"
    assert row.conflict.current == "1. text: three · weight: 2"
    assert row.change.target.startswith("1. text: two")


def test_c6_the_same_text_in_another_column_is_told_apart(world, petra):
    contact = world.contact({**tiny_details(), "channels": {"addresses": [{"street": "Bern"}]}})
    asked_for = {"channels": {"addresses": [{"street": "Basel"}]}}
    request = hold(world.actor(world.anna), contact, asked_for)
    submit(world.actor(), contact, {"channels": {"addresses": [{"city": "Bern"}]}})

    row = petra.get(page_of(request)).context["review"].rows[0]

    assert row.change.original == "1. street: Bern"
    assert row.conflict.current == "1. city: Bern"
    assert row.change.target == "1. street: Basel"


def test_c6_what_the_schema_no_longer_accepts_is_named(world, petra):
    contact = world.contact(tiny_details(isPep=True))
    request = hold(
        world.actor(world.anna), contact, {"person": {"lastName": "King", "pepReason": "Mayor"}}
    )
    submit(world.actor(), contact, {"person": {"isPep": False}})

    answer = petra.post(review_of(request), {"decision": "approve"})

    assert answer.status_code == 422
    assert "no longer accepts" in answer.content.decode()
    assert "pepReason" in answer.context["problems"][0]
    assert status_of(request) == Status.PENDING


# --- More than a form can ask about ------------------------------------------------------------
def streets(name: str, count: int) -> dict[str, object]:
    rows = [
        {"id": str(number), "street": f"{name} {number}", "city": f"{name} {number}"}
        for number in range(count)
    ]
    return {"channels": {"addresses": rows}}


def test_c6_more_conflicts_than_a_form_has_fields_are_settled_by_one_choice(world, petra):
    contact = world.contact({**tiny_details(), **streets("old", 501)})
    request = hold(world.actor(world.anna), contact, streets("asked", 501))
    submit(world.actor(), contact, streets("now", 501))

    page = petra.get(page_of(request))
    assert page.context["review"].conflict_count == 1_002
    assert "1002 values have changed: too many to choose for each on a page." in page.text
    sent = re.findall(r'<input type="(?:hidden|radio)" name="([^"]+)"', page.text)
    assert [name for name in sent if name.startswith(("take", "seen"))] == [
        "seen_all",
        "take_all",
        "take_all",
    ]
    decision = {"decision": "approve", "seen_all": page.context["review"].conflicts_digest}
    assert petra.post(review_of(request), decision).status_code == 409
    assert petra.post(review_of(request), {**decision, "take_all": "x"}).status_code == 409
    assert status_of(request) == Status.PENDING

    answer = petra.post(review_of(request), {**decision, "take_all": "Target"})

    assert (answer.status_code, status_of(request)) == (302, Status.APPROVED)
    contact.refresh_from_db()
    assert contact.details["channels"] == streets("asked", 501)["channels"]


def test_c6_one_choice_for_all_counts_for_what_its_reader_saw(world, petra, monkeypatch):
    monkeypatch.setattr("changerequests.admin.requests.MOST_CHOICES", 1)
    contact = world.contact({**tiny_details(), **streets("old", 2)})
    request = hold(world.actor(world.anna), contact, streets("asked", 2))
    submit(world.actor(), contact, streets("now", 2))
    seen = petra.get(page_of(request)).context["review"].conflicts_digest
    submit(world.actor(), contact, streets("later", 2))
    sent = {"decision": "approve", "take_all": "Target", "seen_all": seen}

    stale = petra.post(review_of(request), sent)
    assert (stale.status_code, status_of(request)) == (409, Status.PENDING)
    assert "later 1" in stale.text
    sent["seen_all"] = stale.context["review"].conflicts_digest
    sent["take_all"] = "Current"
    assert petra.post(review_of(request), sent).status_code == 302

    assert status_of(request) == Status.APPROVED
    contact.refresh_from_db()
    assert contact.details["channels"] == streets("later", 2)["channels"]

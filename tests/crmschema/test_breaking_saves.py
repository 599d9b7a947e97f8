"""Saves that stored documents stand against, without a check and with one (S4)."""

import json
from typing import Any
from uuid import uuid4

import pytest

from config.common.actors import SYSTEM
from contacts.models import Contact
from crmschema.exceptions import BreakingChange, CheckNotFinished, CheckUnknown, FieldInUse
from crmschema.models import CrmSchemaVersion, SchemaCheck
from crmschema.selectors import schema_check_get
from crmschema.services import clearance, schema_check_start
from tests.crmschema.nickname import (
    Status,
    found,
    nickname,
    person,
    required_nickname,
    save,
    stored_components,
    token,
    without_nickname,
)
from tests.factories.checks import make_check
from tests.factories.fixtures import World
from tests.factories.schemas import component, form, tiny_components, tiny_details, tiny_schema
from tests.factories.submissions import submit


def renamed_nickname() -> str:
    components = stored_components()
    nickname(components)["key"] = "petName"
    return form(*components)


def numeric_nickname() -> str:
    components = stored_components()
    nickname(components)["type"] = "number"
    return form(*components)


def moved_nickname() -> str:
    components = stored_components()
    moved = nickname(components)
    person(components).remove(moved)
    components[1]["components"].append(moved)
    return form(*components)


# --- Without a check ---------------------------------------------------------------------------
def test_s4_a_compatible_save_needs_no_check(world: World) -> None:
    world.contact(tiny_details(nickname="x"))
    components = stored_components()
    person(components).append(component("textfield", "added"))
    nickname(components)["label"] = "Nick"

    assert save(form(*components)).concurrency_token == 2


@pytest.mark.parametrize("text", [required_nickname, without_nickname, renamed_nickname])
def test_s4_what_no_document_stands_against_is_compatible(world: World, text: Any) -> None:
    if text is required_nickname:
        world.contact(tiny_details(nickname="x"))
    else:
        world.contact()

    assert save(text()).concurrency_token == 2


def test_s4_a_breaking_save_is_refused_with_what_it_breaks(world: World) -> None:
    ids = [world.contact().pk for _ in range(2)]
    world.contact(tiny_details(nickname="x"))

    with pytest.raises(BreakingChange) as refused:
        save(required_nickname())

    assert refused.value.properties == {
        "changes": [
            {
                "path": "person.nickname",
                "previousPath": None,
                "kind": "Required",
                "effect": "Breaking",
                "attribute": None,
                "before": False,
                "after": True,
                "text": "Field nickname: is now required",
            }
        ],
        "findings": [
            {
                "kind": "contact",
                "path": "person.nickname",
                "rule": "Required",
                "count": 2,
                "ids": ids,
            }
        ],
        "isComplete": True,
    }
    assert (token(), CrmSchemaVersion.objects.count()) == (1, 1)


def test_s4_removing_a_field_that_holds_data_is_breaking(world: World) -> None:
    contact = world.contact(tiny_details(nickname="x"))

    with pytest.raises(BreakingChange) as refused:
        save(without_nickname())

    assert refused.value.properties is not None
    [finding] = refused.value.properties["findings"]
    assert (finding["path"], finding["rule"], finding["ids"]) == (
        "person.nickname",
        "Removed",
        [contact.pk],
    )
    assert token() == 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (renamed_nickname, "Renamed"),
        (moved_nickname, "Moved"),
        (numeric_nickname, "Retyped"),
    ],
)
def test_s4_renaming_moving_and_retyping_what_holds_data_is_always_refused(
    world: World, text: Any, rule: str
) -> None:
    contact = world.contact(tiny_details(nickname="x"))
    check = make_check(text())

    for accepted in (None, check.uid):
        with pytest.raises(FieldInUse) as refused:
            save(text(), accepted)
        assert refused.value.properties is not None
        assert [(each["rule"], each["ids"]) for each in refused.value.properties["findings"]] == [
            (rule, [contact.pk])
        ]

    assert schema_check_get(key="tiny", check_id=check.uid).is_refused
    assert token() == 1


def test_s4_another_currency_is_never_silent(world: World) -> None:
    components = [*stored_components(), component("currency", "income", currency="CHF")]
    save(form(*components))
    components = stored_components()
    components[-1]["currency"] = "EUR"
    text = form(*components)
    world.contact({**tiny_details(), "income": 5})

    with pytest.raises(BreakingChange):
        save(text, token=2)

    Contact.objects.all().update(details=tiny_details())
    with pytest.raises(BreakingChange) as refused:
        save(text, token=2)
    assert refused.value.properties is not None
    assert refused.value.properties["findings"] == []
    check = make_check(text, token=2)
    assert schema_check_get(key="tiny", check_id=check.uid).is_breaking
    assert save(text, check.uid, token=2).concurrency_token == 3


def test_s4_a_look_that_takes_too_long_asks_for_a_check(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearance, "PAGE", 1)
    monkeypatch.setattr(clearance, "LOOK_SECONDS", -1.0)
    for _ in range(2):
        world.contact()
    text = required_nickname()

    with pytest.raises(BreakingChange) as refused:
        save(text)
    assert refused.value.properties is not None
    assert refused.value.properties["isComplete"] is False
    assert [each["count"] for each in refused.value.properties["findings"]] == [1]

    make_check(text)
    with pytest.raises(BreakingChange) as known:
        save(text)
    assert known.value.properties is not None
    assert known.value.properties["isComplete"] is True
    assert [each["count"] for each in known.value.properties["findings"]] == [2]


# --- Checks ------------------------------------------------------------------------------------
def test_s4_an_accepted_check_lets_the_save_pass(world: World) -> None:
    contact = world.contact(tiny_details(nickname="x"))
    text = without_nickname()
    check = make_check(text)

    assert save(text, check.uid).concurrency_token == 2
    # What is stored stays, and stays readable; other fields can be changed.
    assert world.api().get(f"/v1.0/contacts/{contact.pk}/details").status_code == 200
    submit(world.actor(), contact, {"person": {"lastName": "King"}})
    details = Contact.objects.get(pk=contact.pk).details
    assert (details["person"]["nickname"], details["person"]["lastName"]) == ("x", "King")


def test_s4_spaces_noise_and_new_uids_make_no_other_text(world: World) -> None:
    world.contact()
    components = tiny_components()
    person(components).append(component("textfield", "more", validate={"required": True}))
    check = make_check(form(*components))
    components[0]["tableView"] = True

    assert save(json.dumps({"components": components}, indent=2), check.uid).concurrency_token == 2


def test_s4_an_unknown_check_is_refused(world: World) -> None:
    world.contact()
    text = required_nickname()
    of_other_text = make_check(without_nickname())

    for check_id in (uuid4(), of_other_text.uid):
        with pytest.raises(CheckUnknown):
            save(text, check_id)

    stale = make_check(text)
    save(tiny_schema())
    with pytest.raises(CheckUnknown):
        save(text, stale.uid, token=2)
    assert token() == 2


def test_s4_an_unfinished_check_is_refused(world: World) -> None:
    world.contact()
    text = required_nickname()
    check = schema_check_start(actor=SYSTEM, key="tiny", schema=text, concurrency_token=1)

    for status in (Status.QUEUED, Status.RUNNING, Status.FAILED):
        SchemaCheck.objects.update(status=status)
        with pytest.raises(CheckNotFinished) as refused:
            save(text, check.uid)
        assert refused.value.properties == {"status": status}
    assert token() == 1


def test_s4_documents_written_since_the_check_are_examined_again(world: World) -> None:
    contact = world.contact(tiny_details(nickname="x", height=1))
    text = required_nickname()
    check = make_check(text)
    assert found(check) == []
    submit(world.actor(), contact, {"person": {"nickname": None}})

    with pytest.raises(BreakingChange) as refused:
        save(text, check.uid)

    assert refused.value.properties is not None
    assert [each["ids"] for each in refused.value.properties["findings"]] == [[contact.pk]]
    assert refused.value.properties["isComplete"] is False
    submit(world.actor(), contact, {"person": {"nickname": "y"}})
    assert save(text, check.uid).concurrency_token == 2


def test_s4_a_field_that_got_data_since_the_check_is_in_use(world: World) -> None:
    contact = world.contact()
    text = renamed_nickname()
    check = make_check(text)
    submit(world.actor(), contact, {"person": {"nickname": "x"}})

    with pytest.raises(FieldInUse):
        save(text, check.uid)


def test_s4_what_is_accepted_may_happen_to_more_documents(world: World) -> None:
    world.contact()
    text = required_nickname()
    check = make_check(text)
    world.contact()

    assert save(text, check.uid).concurrency_token == 2

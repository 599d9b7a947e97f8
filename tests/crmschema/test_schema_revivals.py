"""Fields that come where a removed one has left values: a change of type in two steps (S4)."""

import json
from typing import Any

import pytest
from django.db.models.functions import Now

from contacts.models import Contact
from crmschema.compiler.model import CompiledSchema
from crmschema.editing import draft_judge
from crmschema.evolution import compare, data_paths, new_places
from crmschema.exceptions import BreakingChange, FieldInUse
from crmschema.models import CrmSchemaVersion
from crmschema.selectors.changes import former_places
from tests.crmschema.nickname import (
    found,
    person,
    save,
    stored_components,
    token,
    without_nickname,
)
from tests.factories.checks import make_check, save_accepting
from tests.factories.fixtures import World
from tests.factories.schemas import (
    compiled_of,
    component,
    container,
    form,
    grid,
    select,
    tiny_components,
    tiny_details,
)


def with_nickname(kind: str = "textfield", **properties: Any) -> str:
    """What is stored, and a new field where the nickname stood."""
    components = stored_components()
    person(components).append(component(kind, "nickname", label="Nick", **properties))
    return form(*components)


def removed(world: World, *values: str) -> list[int]:
    """Contacts with nicknames, a field that is removed thereafter."""
    ids = [world.contact(tiny_details(nickname=value)).pk for value in values]
    world.contact()
    save_accepting(without_nickname())
    return ids


# --- What comes back ---------------------------------------------------------------------------
def test_s4_a_type_is_not_changed_in_two_steps_either(world: World) -> None:
    [contact] = removed(world, "Countess")
    text = with_nickname("number")
    check = make_check(text, token=2)

    assert found(check) == [
        ("contact", "person.nickname", "Retyped", 1, [contact]),
        ("contact", "person.nickname", "Revived", 1, [contact]),
    ]
    for accepted in (None, check.uid):
        with pytest.raises(FieldInUse) as refused:
            save(text, accepted, token=2)
        assert refused.value.properties is not None
        assert [each["rule"] for each in refused.value.properties["findings"]] == ["Retyped"]
    assert token() == 2
    assert Contact.objects.get(pk=contact).details["person"]["nickname"] == "Countess"


def test_s4_values_that_may_not_fit_come_back_with_an_accepted_check_only(world: World) -> None:
    ids = removed(world, "Countess", "Enchantress of Number")

    text = with_nickname(validate={"maxLength": 10})
    with pytest.raises(BreakingChange) as refused:
        save(text, token=2)

    assert refused.value.properties is not None
    assert [change["text"] for change in refused.value.properties["changes"]] == [
        "Field Nick: stands where another one was removed; what is still stored there counts again"
    ]
    findings = refused.value.properties["findings"]
    assert [(each["path"], each["rule"], each["ids"]) for each in findings] == [
        ("person.nickname", "MaxLength", ids[1:]),
        ("person.nickname", "Revived", ids),
    ]
    assert token() == 2
    assert save_accepting(text, token=2).concurrency_token == 3
    assert Contact.objects.get(pk=ids[0]).details["person"]["nickname"] == "Countess"


def test_s4_the_same_field_comes_back_at_once_with_its_values(world: World) -> None:
    """As by a restore: a component is the same where it stands at the same path."""
    [contact] = removed(world, "Countess")

    assert save(with_nickname("textarea"), token=2).concurrency_token == 3
    answer = world.api().get(f"/v1.0/contacts/{contact}/details")
    assert answer.json()["details"]["person"]["nickname"] == "Countess"


def test_s4_amounts_do_not_come_back_in_another_currency_unseen(world: World) -> None:
    components = stored_components()
    person(components).append(component("currency", "fee", currency="CHF"))
    save(form(*components))
    contact = world.contact(tiny_details(fee=10))
    save_accepting(form(*without_fee(components)), token=2)
    person(components)[-1]["currency"] = "EUR"

    check = make_check(form(*components), token=3)

    assert found(check) == [("contact", "person.fee", "Revived", 1, [contact.pk])]
    with pytest.raises(BreakingChange):
        save(form(*components), token=3)
    assert save(form(*components), check.uid, token=3).concurrency_token == 4


def without_fee(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = [each for each in person(components) if each["key"] != "fee"]
    return [{**components[0], "components": kept}, *components[1:]]


def test_s4_a_place_of_a_version_that_no_longer_compiles_counts(world: World) -> None:
    contact = world.contact()
    Contact.objects.update(details=tiny_details(ghost="Boo"))
    schema = contact.contact_type.schema
    ghost = component("unheardOf", "x"), container("person", component("textfield", "ghost"))
    text = form(*ghost).replace(": ", ":")
    CrmSchemaVersion.objects.create(crm_schema=schema, token=0, schema=text)
    components = stored_components()
    person(components).append(component("textfield", "ghost"))

    check = make_check(form(*components))

    assert found(check) == [("contact", "person.ghost", "Revived", 1, [contact.pk])]


def test_s4_a_place_that_nothing_is_stored_at_comes_back_at_once(world: World) -> None:
    removed(world)

    assert save(with_nickname("number"), token=2).concurrency_token == 3


def test_s4_a_removed_field_whose_values_are_gone_comes_back_at_once(world: World) -> None:
    """They go by a PUT, or by null in a PATCH; a change of something else leaves them."""
    replaced, cleared = removed(world, "Countess", "Ada")
    api, text = world.api(), with_nickname("number")

    answers = [
        api.put(f"/v1.0/contacts/{replaced}/details", {"details": tiny_details()}),
        api.patch(f"/v1.0/contacts/{cleared}/details", {"details": {"person": {"height": 170}}}),
    ]
    with pytest.raises(FieldInUse):
        save(text, token=2)
    cleaner = {"details": {"person": {"nickname": None}}}
    answers.append(api.patch(f"/v1.0/contacts/{cleared}/details", cleaner))

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert save(text, token=2).concurrency_token == 3


def test_s4_values_of_another_list_are_refused(world: World) -> None:
    contact = world.contact(tiny_details(region="NORTH"))
    components = stored_components()
    person(components).remove(next(each for each in person(components) if each["key"] == "region"))
    save_accepting(form(*components))
    person(components).append(select("region", "colours"))

    with pytest.raises(FieldInUse) as refused:
        save(form(*components), token=2)

    assert refused.value.properties is not None
    [finding] = refused.value.properties["findings"]
    assert (finding["rule"], finding["ids"]) == ("Retyped", [contact.pk])


def test_s4_what_rows_still_hold_counts(world: World) -> None:
    rows = [{"city": "x"}, {"city": "y", "permit": "p", "isForeign": True}]
    contact = world.contact({**tiny_details(), "channels": {"addresses": rows}})
    components = stored_components()
    addresses = components[1]["components"][2]
    permit = addresses["components"].pop()
    save_accepting(form(*components))
    addresses["components"].append({**permit, "type": "number", "crm": {}})

    check = make_check(form(*components), token=2)

    assert found(check) == [
        ("contact", "channels.addresses.permit", "Retyped", 1, [contact.pk]),
        ("contact", "channels.addresses.permit", "Revived", 1, [contact.pk]),
    ]


def test_s4_a_group_does_not_take_the_place_of_a_removed_field(world: World) -> None:
    [contact] = removed(world, "Countess")
    components = stored_components()
    person(components).append(container("nickname", component("textfield", "short")))

    check = make_check(form(*components), token=2)

    assert found(check) == [
        ("contact", "person.nickname", "Retyped", 1, [contact]),
        ("contact", "person.nickname", "Revived", 1, [contact]),
    ]


def test_s4_a_group_comes_back_as_a_whole(world: World) -> None:
    notes = [{"text": "first", "weight": 1}]
    contact = world.contact({**tiny_details(), "notes": notes})
    before = stored_components()
    save_accepting(form(*before[:2]))
    before[2]["components"][1]["type"] = "textfield"
    text = form(*before)

    check = make_check(text, token=2)

    assert found(check) == [
        ("contact", "notes", "Revived", 1, [contact.pk]),
        ("contact", "notes.weight", "Retyped", 1, [contact.pk]),
    ]


def test_n3_what_an_anonymised_contact_kept_is_not_given_another_type(world: World) -> None:
    [contact] = removed(world, "Countess")
    Contact.objects.filter(pk=contact).update(anonymised_at=Now())

    check = make_check(with_nickname("number", validate={"required": True}), token=2)

    assert ("contact", "person.nickname", "Retyped", 1, [contact]) in found(check)


def test_s4_a_save_that_adds_what_never_was_looks_at_no_document(
    world: World, django_assert_max_num_queries: Any
) -> None:
    removed(world, "Countess")
    components = stored_components()
    person(components).append(component("number", "shoe"))
    with django_assert_max_num_queries(50) as queries:
        save(form(*components), token=2)

    assert not [each for each in queries if "target.details" in each["sql"]]


# --- The editor --------------------------------------------------------------------------------
def test_s4_a_draft_says_that_a_place_comes_back_whatever_is_stored(world: World) -> None:
    removed(world)

    verdict = draft_judge(key="tiny", schema=with_nickname("number"), language="en", words="de")

    assert [(each["effect"], each["path"]) for each in verdict.changes[:2]] == [
        ("Compatible", "person.nickname"),
        ("Breaking", "person.nickname"),
    ]
    assert verdict.changes[1]["text"] == (
        "Feld Nick: steht, wo ein anderes entfernt wurde; "
        "was dort noch gespeichert ist, gilt wieder"
    )


# --- Places ------------------------------------------------------------------------------------
def schema_of(*components: dict[str, Any]) -> CompiledSchema:
    return compiled_of(component("textfield", "kept"), *components)


def test_only_the_outermost_new_places_count() -> None:
    old = schema_of(grid("rows", component("textfield", "a")), container("group"))
    new = schema_of(
        grid("rows", component("textfield", "a"), container("b", component("textfield", "c"))),
        container("group", grid("inner", component("textfield", "d"))),
        container("other", component("textfield", "e", label="E"), label="The other"),
    )

    assert list(new_places(old, new)) == ["rows.b", "group.inner", "other"]
    revived = compare(old, new, {"group.inner", "other", "rows.b.c"})[-3:]
    assert [(str(each.kind), each.path, each.label.default, each.is_grid) for each in revived] == [
        ("Revived", "group.inner", "inner", True),
        ("Revived", "other", "The other", False),
        ("Layout", "", "", False),
    ]


def test_the_places_of_a_stored_version_are_read_without_compiling_it(world: World) -> None:
    tabs = {"key": "one", "components": [component("textfield", "inTab")]}
    layout = [
        {"type": "tabs", "key": "tabs", "label": "T", "components": [tabs]},
        {"type": "table", "key": "table", "label": "T", "rows": [[{"components": []}]]},
        {
            "type": "columns",
            "key": "columns",
            "label": "C",
            "columns": [{"components": [component("textarea", "inColumn", rows=3)]}],
        },
    ]
    text = form(container("group", *layout), *tiny_components()[2:])

    assert list(data_paths(json.loads(text))) == [
        "group",
        "group.inTab",
        "group.inColumn",
        "notes",
        "notes.text",
        "notes.weight",
    ]


def test_places_of_earlier_versions_are_found_of_this_schema_only(world: World) -> None:
    world.contact()
    save(without_nickname())
    schema_id = Contact.objects.select_related("contact_type").get().contact_type.schema_id
    places = ["person.nickname", "nickname", "person"]

    assert former_places(schema_id=schema_id, token=3, places=places) == {
        "person.nickname": 1,
        "person": 2,
    }
    assert former_places(schema_id=schema_id, token=1, places=places) == {}
    assert former_places(schema_id=schema_id + 1, token=3, places=places) == {}

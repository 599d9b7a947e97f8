"""What a check of the stored documents finds, and the check on the API (S4)."""

from uuid import uuid4

import pytest
from django.db.models.functions import Now

from contacts.models import Contact
from crmschema.exceptions import BreakingChange
from crmschema.models import SchemaCheck
from crmschema.selectors import schema_check_get
from crmschema.services import schema_check_run
from tests.crmschema.nickname import (
    Status,
    found,
    nickname,
    person,
    required_nickname,
    save,
    stored_components,
)
from tests.factories.checks import make_check, save_accepting
from tests.factories.fixtures import World
from tests.factories.schemas import component, form, tiny_details, tiny_schema
from tests.factories.submissions import hold

TINY = "/v1.0/crm/schemas/tiny"
CHECKS = "/v1.1/crm/schemas/tiny/check"


# --- Checks ------------------------------------------------------------------------------------
def test_s4_a_check_counts_by_path_and_rule_and_names_the_first_ids(world: World) -> None:
    ids = [world.contact(tiny_details(height=200)).pk for _ in range(21)]
    anonymised = world.contact(tiny_details(height=200))
    Contact.objects.filter(pk=anonymised.pk).update(anonymised_at=Now())
    components = stored_components()
    nickname(components)["validate"] = {"required": True}
    next(each for each in person(components) if each["key"] == "height")["validate"] = {"max": 100}

    check = make_check(form(*components))

    assert check.status == Status.FINISHED
    assert found(check) == [
        ("contact", "person.height", "Maximum", 21, ids[:20]),
        ("contact", "person.nickname", "Required", 21, ids[:20]),
    ]
    result = schema_check_get(key="tiny", check_id=check.uid)
    assert (result.checked, result.total, result.is_breaking) == (22, 22, True)


def test_s4_errors_that_documents_have_already_do_not_count(world: World) -> None:
    world.contact()
    save_accepting(required_nickname())
    components = stored_components()
    person(components).append(component("textfield", "more", validate={"required": True}))

    check = make_check(form(*components), token=2)

    assert [each[1:4] for each in found(check)] == [("person.more", "Required", 1)]


def test_s4_values_that_a_condition_would_hide_count(world: World) -> None:
    hidden = world.contact(tiny_details(nickname="x"))
    world.contact(tiny_details(nickname="x", isPep=True))
    world.contact()
    rows = [{"city": "x", "isForeign": True, "permit": "p"}, {"city": "y"}]
    world.contact({**tiny_details(isPep=True), "channels": {"addresses": rows}})
    components = stored_components()
    nickname(components)["conditional"] = {"show": True, "when": "person.isPep", "eq": "true"}

    check = make_check(form(*components))

    assert found(check) == [("contact", "person.nickname", "Hidden", 1, [hidden.pk])]


def test_s4_values_in_rows_count(world: World) -> None:
    rows = [{"city": "x"}, {"city": "y", "street": "one"}]
    contact = world.contact({**tiny_details(), "channels": {"addresses": rows}})
    world.contact({**tiny_details(), "channels": {"addresses": rows[:1]}})
    components = stored_components()
    grid = components[1]["components"][2]
    grid["components"] = [each for each in grid["components"] if each["key"] != "street"]
    text = form(*components)

    assert found(make_check(text)) == [
        ("contact", "channels.addresses.street", "Removed", 1, [contact.pk])
    ]
    with pytest.raises(BreakingChange):
        save(text)


def test_s4_requests_and_export_columns_are_named(world: World) -> None:
    last_name = hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})
    street = hold(
        world.actor(world.anna),
        world.contact(),
        {"channels": {"addresses": [{"city": "x", "street": "y"}]}},
    )
    hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "Lovelace"}})
    components = stored_components()
    last = next(each for each in person(components) if each["key"] == "lastName")
    last["validate"] = {"maxLength": 20}
    last["crm"]["isExportable"] = True
    grid = components[1]["components"][2]
    grid["components"] = [each for each in grid["components"] if each["key"] != "street"]

    check = make_check(form(*components))

    answer = world.api().get(f"{CHECKS}/{check.uid}").json()
    assert answer["supersededRequests"] == {"count": 1, "ids": [street.pk]}
    assert answer["affectedRequests"] == {"count": 2, "ids": [last_name.pk, last_name.pk + 2]}
    assert answer["exportColumns"] == [{"path": "person.lastName", "change": "Added"}]


# --- On the API --------------------------------------------------------------------------------
def test_s4_check_and_save_on_the_api(world: World) -> None:
    contact = world.contact()
    body = {"schema": required_nickname(), "concurrencyToken": 1}
    api = world.api()

    refused = api.put(TINY, body, Accept_Language="de")
    started = api.post(CHECKS, body, Idempotency_Key="once")
    again = api.post(CHECKS, body, Idempotency_Key="once")
    address = started.headers["Location"]
    queued = api.get(address).json()
    check_id = started.json()["checkId"]
    unfinished = api.put(TINY, {**body, "acceptedCheck": check_id})
    schema_check_run(check_id=SchemaCheck.objects.get().pk)
    finished = api.get(f"{address}?language=de").json()
    unknown = api.put(TINY, {**body, "acceptedCheck": str(uuid4())})
    saved = api.put(TINY, {**body, "acceptedCheck": check_id})

    assert (refused.status_code, refused.json()["subCode"]) == (409, "BreakingChange")
    assert refused.json()["properties"]["changes"][0]["text"] == "Feld nickname: ist jetzt Pflicht"
    assert (started.status_code, again.json()) == (202, started.json())
    assert address == f"{CHECKS}/{check_id}"
    assert (queued["status"], queued["progress"], queued["isBreaking"]) == (
        "Queued",
        {"checked": 0, "total": 0},
        False,
    )
    assert (unfinished.status_code, unfinished.json()["subCode"]) == (409, "CheckNotFinished")
    assert finished == {
        "checkId": check_id,
        "status": "Finished",
        "concurrencyToken": 1,
        "progress": {"checked": 1, "total": 1},
        "isBreaking": True,
        "changes": finished["changes"],
        "findings": [
            {
                "kind": "contact",
                "path": "person.nickname",
                "rule": "Required",
                "count": 1,
                "ids": [contact.pk],
            }
        ],
        "supersededRequests": {"count": 0, "ids": []},
        "affectedRequests": {"count": 0, "ids": []},
        "exportColumns": [],
        "createDate": finished["createDate"],
        "finishDate": finished["finishDate"],
    }
    assert finished["changes"][0]["text"] == "Feld nickname: ist jetzt Pflicht"
    assert (unknown.status_code, unknown.json()["subCode"]) == (400, "CheckUnknown")
    assert (saved.status_code, saved.json()) == (200, {"concurrencyToken": 2})


def test_s4_a_check_that_does_not_exist_is_404(world: World) -> None:
    check = make_check(tiny_schema())

    for address in (f"{CHECKS}/{uuid4()}", f"/v1.1/crm/schemas/none/check/{check.uid}"):
        assert world.api().get(address).status_code == 404

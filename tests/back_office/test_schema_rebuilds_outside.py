"""What clients and staff see when a schema takes names and filters from other fields (S4, D12)."""

from typing import Any

import pytest
from django.test import Client

from contacts.models import Contact, Member
from crmschema.models import CrmSchema, SchemaCheck, SchemaRebuild
from crmschema.services import schema_check_run
from tests.back_office.conftest import SignIn
from tests.crmschema.nickname import filtered_by_nickname, named_by_nickname
from tests.factories.api import search_path
from tests.factories.fixtures import World
from tests.factories.rebuilds import run_rebuild
from tests.factories.schemas import tiny_details
from tests.factories.submissions import hold

TINY = "/v1.0/crm/schemas/tiny"


@pytest.fixture
def staff(admin: Member, world: World, sign_in: SignIn) -> Client:
    return sign_in(admin)


def save(world: World, text: str) -> None:
    """As a client saves it that has read what it breaks."""
    body = {"schema": text, "concurrencyToken": 1}
    check_id = world.api().post("/v1.1/crm/schemas/tiny/check", body).json()["checkId"]
    schema_check_run(check_id=SchemaCheck.objects.get().pk)
    answer = world.api().put(TINY, {**body, "acceptedCheck": check_id})
    assert answer.status_code == 200, answer.content


def found_by(staff: Client, words: str) -> list[int]:
    page: Any = staff.get(f"/admin/contacts/contact/?q={words}")
    return [contact.pk for contact in page.context["cl"].result_list]


def test_d12_contacts_are_shown_and_found_by_the_field_that_names_them_now(
    world: World, staff: Client
) -> None:
    contact = world.contact(tiny_details(nickname="Countess"))
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})
    assert (found_by(staff, "byron"), found_by(staff, "countess")) == ([contact.pk], [])

    save(world, named_by_nickname())
    run_rebuild()

    assert (found_by(staff, "byron"), found_by(staff, "countess")) == ([], [contact.pk])
    [row] = world.api(world.petra).post(search_path(), {"statusId": 1}).json()["results"]
    assert (row["id"], row["contact"]["name"]) == (request.pk, "Countess")


def test_d9_a_rebuild_changes_no_details_no_version_and_no_history(world: World) -> None:
    contact = world.contact(tiny_details(nickname="Countess"))
    path = f"/v1.0/contacts/{contact.pk}/details"
    before = world.api().get(path)
    kept = ("details", "details_hash", "version", "schema_token", "uid", "username")
    [columns] = Contact.objects.values(*kept)

    save(world, named_by_nickname())
    run_rebuild()

    after = world.api().get(path)
    assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])
    assert Contact.objects.values(*kept).get() == columns
    assert contact.change_sets.count() == 1


def test_s4_switching_fast_filters_of_a_field_reaches_what_is_stored(world: World) -> None:
    world.contact(tiny_details(nickname="Countess"))

    save(world, filtered_by_nickname())
    rebuild = run_rebuild()

    assert Contact.objects.get().search == {
        "person.firstName": "ada",
        "person.nickname": "countess",
    }
    assert (rebuild.status, rebuild.checked, rebuild.rebuilt) == ("Finished", 1, 1)


def test_s4_the_page_of_a_schema_says_how_far_names_and_filters_are(
    world: World, staff: Client
) -> None:
    world.contact(tiny_details(nickname="Countess"))
    save(world, filtered_by_nickname())
    page = f"/admin/crmschema/crmschema/{CrmSchema.objects.get().pk}/change/"

    waiting = staff.get(page).content.decode()
    run_rebuild()
    finished = staff.get(page).content.decode()

    assert "Names and filters of stored details" in waiting
    assert ("Waiting" in waiting, "0 of 0" in waiting) == (True, True)
    assert ("Waiting" in finished, "1 of 1" in finished) == (False, True)
    assert SchemaRebuild.objects.count() == 1

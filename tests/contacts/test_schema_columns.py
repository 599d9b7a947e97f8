"""Names and filters of stored targets follow a saved schema (S4, D12, N3)."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changerequests.services import Submission, details_submit_unlocked
from config.common.actors import SYSTEM
from config.common.models import AuditEvent
from config.common.tokens import verify
from contacts.documents import CONTACT_DOCUMENTS
from contacts.models import ChangeSet, Contact
from contacts.selectors.targets import contact_state_reach
from contacts.services.anonymisation import Selection, contacts_anonymise
from contacts.services.details import DetailsCreation, Origin, details_create
from contacts.targets import LEGAL_ENTITY
from crmschema.documents import Document, Mode
from crmschema.models import CrmSchema
from crmschema.registry import RebuiltPage
from crmschema.selectors import compiled
from crmschema.services import schema_create
from legalentities.models import LegalEntity
from tests.crmschema.nickname import (
    filtered_by_nickname,
    named_by_nickname,
    nickname,
    save,
    stored_components,
)
from tests.factories.api import details_path
from tests.factories.checks import save_accepting
from tests.factories.contacts import make_contact, make_contact_type
from tests.factories.fixtures import World
from tests.factories.rebuilds import run_rebuild
from tests.factories.schemas import component, form, tiny_components, tiny_details, tiny_schema
from tests.factories.submissions import submit
from tests.factories.tokens import bearer


def columns(contact: Contact) -> tuple[str, str, Document]:
    stored = Contact.objects.get(pk=contact.pk)
    return stored.display_name, stored.display_name_folded, stored.search


def test_d12_the_columns_are_what_a_write_would_have_stored(world: World) -> None:
    details = tiny_details(nickname="Élan " + "x" * 400)
    details["channels"] = {"addresses": [{"city": "Zürich"}, {"street": "A"}]}
    before = world.contact(details)
    save_accepting(named_by_nickname())
    after = world.contact(details)

    run_rebuild()

    assert columns(before) == columns(after)
    assert columns(before)[0] == ("Élan " + "x" * 400)[:300]
    assert columns(before)[2]["channels.addresses.city"] == ["zurich"]


def test_d12_without_a_value_the_name_is_the_username_else_the_uid(world: World) -> None:
    named = world.contact(username="ada@example.com")
    unnamed = world.contact()
    save_accepting(named_by_nickname())

    run_rebuild()

    assert columns(named)[:2] == ("ada@example.com", "ada@example.com")
    assert columns(unnamed)[0] == str(unnamed.uid)


def test_d12_another_composed_name_is_shown_before_it_is_written(world: World) -> None:
    contact = world.contact()
    components = stored_components()
    members = components[0]["components"]
    display = next(each for each in members if each["key"] == "displayName")
    del display["crm"]["alias"]
    members.append(
        component("textfield", "fullName", crm={"alias": "DisplayName", "isReadOnly": True})
    )
    save_accepting(form(*components))

    rebuild = run_rebuild()

    assert (columns(contact)[0], rebuild.checked, rebuild.rebuilt) == ("Ada Byron", 1, 0)
    submit(world.actor(), contact, {"person": {"lastName": "King"}})
    assert columns(contact)[0] == "Ada King"


def test_n3_an_anonymised_contact_keeps_its_name(world: World) -> None:
    components = tiny_components()
    nickname(components)["crm"] = {"isPersonalData": False}
    save(form(*components))
    contact = world.contact(tiny_details(nickname="Countess"))
    contacts_anonymise(actor=SYSTEM, selection=Selection([contact.pk]), reason="Asked for.")
    save_accepting(named_by_nickname(), token=2)

    rebuild = run_rebuild(3)

    name = f"Anonymised {contact.pk}"
    assert columns(contact) == (name, name.lower(), {"person.nickname": "countess"})
    assert rebuild.rebuilt == 1


def test_l1_legal_entities_follow_their_schema(world: World) -> None:
    schema_create(actor=SYSTEM, key="legalentity", schema=tiny_schema())
    creation = DetailsCreation(
        uid=uuid4(),
        compiled=compiled("legalentity"),
        document=tiny_details(displayName="Global Holding", nickname="Glob"),
        own={},
    )
    details_create(origin=Origin(ChangeSet.Source.SYSTEM), kind=LEGAL_ENTITY, creations=[creation])
    contact = world.contact(tiny_details(nickname="Countess"))
    text = named_by_nickname()
    save_accepting(text, key="legalentity")

    rebuild = run_rebuild()

    stored = LegalEntity.objects.get()
    assert (stored.display_name, stored.display_name_folded) == ("Glob", "glob")
    assert stored.search == {"person.firstName": "ada", "person.nickname": "glob"}
    assert (rebuild.checked, rebuild.rebuilt, rebuild.source) == (1, 1, 2)
    assert columns(contact)[0] == "Ada Byron"


def test_s4_contacts_under_another_schema_are_left_alone(world: World) -> None:
    other = make_contact_type(
        "other", schema_create(actor=SYSTEM, key="other", schema=tiny_schema())
    )
    details = tiny_details(nickname="Countess")
    stranger = make_contact(details, contact_type=other)
    mine = world.contact(details)
    save(filtered_by_nickname())

    run_rebuild()

    assert columns(stranger)[2] == {"person.firstName": "ada"}
    assert columns(mine)[2] == {"person.firstName": "ada", "person.nickname": "countess"}


def test_s4_every_contact_type_of_the_schema_follows(world: World) -> None:
    second = make_contact_type("second", CrmSchema.objects.get(key="tiny"))
    contacts = [
        world.contact(tiny_details(nickname="Countess")),
        make_contact(tiny_details(nickname="Duchess"), contact_type=second),
    ]
    save(filtered_by_nickname())

    rebuild = run_rebuild()

    assert [columns(each)[2]["person.nickname"] for each in contacts] == ["countess", "duchess"]
    assert (rebuild.total, rebuild.checked, rebuild.rebuilt) == (2, 2, 2)


def test_d9_a_rebuild_makes_no_version_stale_and_leaves_no_trace(world: World) -> None:
    contact = world.contact(tiny_details(nickname="Countess"))
    path, api = details_path(contact.pk), world.api()
    save(filtered_by_nickname())
    before, events = api.get(path), AuditEvent.objects.count()

    run_rebuild()

    after = api.get(path)
    assert (after.headers["ETag"], after.content) == (before.headers["ETag"], before.content)
    assert ChangeSet.objects.count() == 1
    assert AuditEvent.objects.count() == events
    change = {"details": {"person": {"nickname": "Duchess"}}}
    written = api.patch(path, change, If_Match=before.headers["ETag"])
    assert (written.status_code, written.headers["ETag"]) == (200, '"2"')
    assert columns(contact)[2]["person.nickname"] == "duchess"


def test_d9_a_write_that_was_read_before_a_rebuild_looks_again(world: World) -> None:
    contact = world.contact(tiny_details(nickname="Countess"))
    save(filtered_by_nickname())
    _, state = contact_state_reach(verify(bearer(app=world.app)), contact.pk)
    assert state is not None

    run_rebuild()

    submission = Submission(mode=Mode.PATCH, details={"person": {"nickname": "Duchess"}})
    written = details_submit_unlocked(
        actor=world.actor(), state=state, submission=submission, source=ChangeSet.Source.API
    )
    assert written is None
    assert columns(contact)[2]["person.nickname"] == "countess"
    assert Contact.objects.get().version == 1


def test_s4_what_was_written_since_the_save_is_right_already(world: World) -> None:
    contact = world.contact(tiny_details(nickname="Countess"))
    save(filtered_by_nickname())
    submit(world.actor(), contact, {"person": {"nickname": "Duchess"}})
    row = Contact.objects.extra(select={"row": "xmin::text"}).get().row  # type: ignore[attr-defined]  # by extra

    rebuild = run_rebuild()

    assert columns(contact)[2] == {"person.firstName": "ada", "person.nickname": "duchess"}
    assert (rebuild.checked, rebuild.rebuilt) == (1, 0)
    assert Contact.objects.extra(select={"row": "xmin::text"}).get().row == row  # type: ignore[attr-defined]  # by extra


def test_s4_a_value_that_is_no_filter_any_more_is_forgotten(world: World) -> None:
    contact = world.contact()
    components = stored_components()
    del components[0]["components"][0]["crm"]["isFilterable"]
    save(form(*components))

    run_rebuild()

    assert columns(contact) == ("Ada Byron", "ada byron", {})


def statements(call: Any) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        call()
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("count", [1, 7])
def test_s4_a_batch_is_one_statement_and_four_where_columns_change(
    world: World, count: int
) -> None:
    ids = [world.contact(tiny_details(nickname=f"n{number}")).pk for number in range(count)]
    save(filtered_by_nickname())
    compiled("tiny")
    results: list[RebuiltPage] = []

    def rebuild() -> None:
        results.append(CONTACT_DOCUMENTS.rebuild("tiny", 0, 100))

    look, lock, read, update = statements(rebuild)
    again = statements(rebuild)

    assert "FOR NO KEY UPDATE" in lock
    assert "ORDER BY target.id" in lock
    assert update.lstrip().startswith("WITH new")
    assert [len(again), again[0]] == [1, look]
    assert "FOR NO KEY UPDATE" not in look + read
    assert results == [RebuiltPage(count, count, ids[-1]), RebuiltPage(count, 0, ids[-1])]


def test_s4_a_batch_of_nothing_ends_where_it_began(world: World) -> None:
    assert CONTACT_DOCUMENTS.rebuild("tiny", 17, 100) == RebuiltPage(0, 0, 17)

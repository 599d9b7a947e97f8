"""Subject access: everything that is held on a contact (A1)."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.common.models import AuditEvent
from config.common.privacy import PERSONAL_DATA
from contacts.models import ContactType
from contacts.services.disclosure import contact_disclose
from tests.factories.api import Api
from tests.factories.contacts import ADVISER, make_app, make_member
from tests.factories.fixtures import World
from tests.factories.submissions import submit
from tests.factories.tokens import bearer


def path(contact_id: int) -> str:
    return f"/v1.1/contacts/{contact_id}/personal-data"


def test_subject_access_gives_every_store_and_who_can_read_it(world: World) -> None:
    contact = world.contact(username="ada")
    submit(world.actor(world.anna), contact, {"person": {"nickname": "Addie"}})
    other = ContactType.objects.create(key="other", schema=world.contact_type.schema)
    make_app("reader", scopes=["contacts.read"], contact_types=[world.contact_type])
    make_app("elsewhere", scopes=["contacts.read"], contact_types=[other])
    make_app("writer", scopes=["contacts.write"])
    make_app("gone", scopes=["contacts.read"], is_active=False)

    answer = world.api().get(path(contact.pk))

    assert answer.status_code == 200
    body = answer.json()
    assert body["contactId"] == contact.pk
    assert body["recipients"] == {
        "adviserUids": [str(world.anna.uid)],
        "managerUids": [str(world.petra.uid)],
        "readerOfAllUids": [],
        "apps": ["firm", "reader"],
    }
    held = {store["name"]: store for store in body["stores"]}
    assert list(held) == [store.name for store in PERSONAL_DATA]
    assert held["contact"]["data"]["username"] == "ada"
    assert held["contact"]["data"]["details"]["person"]["nickname"] == "Addie"
    assert held["history"]["data"][1]["memberUid"] == str(world.anna.uid)
    assert all(store["keptAfterErasure"] for store in body["stores"])


def test_subject_access_names_members_who_read_every_contact(world: World) -> None:
    contact = world.contact()
    boss = make_member("boss", is_superuser=True)
    auditor = make_member("auditor", permissions=["view_contact", "reach_all_contacts"])
    make_member("blind", permissions=["reach_all_contacts"])
    make_member("gone", permissions=["view_contact", "reach_all_contacts"], is_active=False)

    recipients = world.api().get(path(contact.pk)).json()["recipients"]

    assert recipients["readerOfAllUids"] == [str(boss.uid), str(auditor.uid)]


def test_subject_access_is_audited(world: World) -> None:
    contact = world.contact()
    officer = make_member(permissions=[*ADVISER, "disclose_contact", "reach_all_contacts"])

    assert world.api(world.anna).get(path(contact.pk)).status_code == 403
    assert world.api(officer).get(path(contact.pk)).status_code == 200

    event = AuditEvent.objects.get(operation="disclosePersonalData")
    assert (event.object_id, event.member) == (str(contact.pk), officer)
    assert "history" in event.fields


def test_subject_access_locks_the_contact_before_it_reads_a_store(world: World) -> None:
    contact, actor = world.contact(), world.actor()

    with CaptureQueriesContext(connection) as queries:
        contact_disclose(actor=actor, contact_id=contact.pk)

    statements = [query["sql"] for query in queries if "FROM" in query["sql"]]
    assert "FOR NO KEY UPDATE" in statements[0]


def test_subject_access_needs_reach(world: World) -> None:
    contact = world.contact()
    officer = make_member(permissions=["disclose_contact"])
    other = ContactType.objects.create(key="other", schema=world.contact_type.schema)
    restricted = Api(bearer(app=make_app(contact_types=[other])))

    assert world.api(officer).get(path(contact.pk)).status_code == 404
    assert restricted.get(path(contact.pk)).status_code == 404
    assert not AuditEvent.objects.filter(operation="disclosePersonalData").exists()


def test_subject_access_of_an_anonymised_contact_gives_what_is_left(world: World) -> None:
    contact = world.contact(username="no-uid-has-it")
    world.api().post("/v1.0/contacts/anonymize", {"contactIds": [contact.pk]})

    body = world.api().get(path(contact.pk)).json()

    held = {store["name"]: store["data"] for store in body["stores"]}
    assert held["contact"]["details"] == {}
    assert held["contact"]["name"] == f"Anonymised {contact.pk}"
    assert "no-uid-has-it" not in str(body)

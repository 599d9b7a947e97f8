"""Picture, username, external ids and the past on the page of a contact (P1, U1, X1, D11, A1)."""

from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.common.models import AuditEvent
from contacts.models import Contact, ContactPicture
from tests.factories.pictures import picture
from tests.factories.submissions import submit

CONTACTS = "/admin/contacts/contact/"


@pytest.fixture
def contact(world) -> Contact:
    return world.contact(username="ada")


def path(contact: Contact, name: str) -> str:
    return f"{CONTACTS}{contact.pk}/{name}/"


def upload(client, contact: Contact, content: bytes):
    file = SimpleUploadedFile("../x.svg", content, content_type="image/svg+xml")
    return client.post(path(contact, "picture-set"), {"picture": file}, follow=True)


def texts(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def operations() -> set[str]:
    return set(AuditEvent.objects.values_list("operation", flat=True))


def test_p1_a_picture_is_shown_replaced_and_deleted(world, anna, contact):
    drawn = anna.get(path(contact, "picture"))
    saved = upload(anna, contact, picture("JPEG"))
    stored = anna.get(path(contact, "picture"))
    deleted = anna.post(path(contact, "picture-delete"), follow=True)

    assert (drawn.status_code, drawn["Content-Type"]) == (200, "image/png")
    assert texts(saved) == ["The picture was saved."]
    assert (stored.status_code, stored["Content-Type"]) == (200, "image/jpeg")
    assert stored["X-Content-Type-Options"] == "nosniff"
    assert texts(deleted) == ["The picture was deleted."]
    assert anna.get(path(contact, "picture")).content == drawn.content
    assert {"updateProfilePicture", "deleteProfilePicture"} <= operations()
    assert AuditEvent.objects.get(operation="updateProfilePicture").member == world.anna


@pytest.mark.parametrize("content", [b"<svg><script>alert(1)</script></svg>", b""])
def test_pp01_what_is_no_picture_is_refused(world, anna, contact, content):
    upload(anna, contact, picture())
    before = ContactPicture.objects.get().file

    answer = upload(anna, contact, content)

    assert len(texts(answer)) == 1
    assert ContactPicture.objects.get().file == before


def test_a1_readers_change_nothing(world, sign_in, contact):
    world.anna.user_permissions.remove(*world.anna.user_permissions.filter(codename__contains="ch"))
    anna = sign_in(world.anna)

    page = anna.get(path(contact, "change"))

    assert page.status_code == 200
    assert "Change the picture" not in page.content.decode()
    for name in ("picture-set", "picture-delete", "username", "connection"):
        assert anna.post(path(contact, name)).status_code == 403
        assert anna.get(path(contact, name)).status_code == 405
    assert anna.get(path(contact, "picture")).status_code == 200


def test_a2_out_of_reach_has_no_picture(world, anna):
    hidden = world.contact(adviser=world.carl)

    assert anna.get(path(hidden, "picture")).status_code == 404
    for name in ("picture-set", "picture-delete", "username", "connection"):
        assert anna.post(path(hidden, name)).status_code == 404


def test_a1_members_change_neither_username_nor_ids(world, anna, contact):
    page = anna.get(path(contact, "change")).content.decode()
    username = anna.post(path(contact, "username"), {"username": "new"})
    body = {"system": "Sso", "external_id": "a"}
    connection = anna.post(path(contact, "connection"), body)

    assert "Change the username" not in page
    assert (username.status_code, connection.status_code) == (403, 403)
    contact.refresh_from_db()
    assert contact.username == "ada"
    assert not contact.connections.exists()


def test_a1_a_superuser_changes_username_and_adds_ids(world, admin, sign_in, contact):
    client = sign_in(admin)
    other = world.contact(username="taken")

    saved = client.post(path(contact, "username"), {"username": "new"}, follow=True)
    taken = client.post(path(other, "username"), {"username": "NEW"}, follow=True)
    body = {"system": "Sso", "external_id": " a/b "}
    added = client.post(path(contact, "connection"), body, follow=True)
    refused = client.post(path(other, "connection"), body, follow=True)
    unknown = client.post(path(other, "connection"), {**body, "system": "x"}, follow=True)
    missing = client.post(path(other, "connection"), {"system": "Sso"}, follow=True)

    assert texts(saved) == ["The username was saved."]
    assert texts(taken) == ["Another contact has this username."]
    assert texts(added) == ["The external id was added."]
    assert texts(refused) == ["Another contact has this external id."]
    assert texts(unknown) == ["The picture, username or id cannot be taken as it is."]
    assert texts(missing) == ["Nothing was changed: a value is missing or too long."]
    contact.refresh_from_db()
    assert contact.username == "new"
    assert [(each.system, each.external_id) for each in contact.connections.all()] == [
        ("Sso", "a/b")
    ]
    assert not other.connections.exists()
    assert "a/b" in client.get(path(contact, "change")).content.decode()


def test_n3_an_anonymised_contact_shows_no_forms(world, anna, contact):
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    page = anna.get(path(contact, "change")).content.decode()
    refused = upload(anna, contact, picture())

    assert "Change the picture" not in page
    assert texts(refused) == ["The contact is anonymised; its details can no longer change."]


# --- The past ------------------------------------------------------------------------------------
def test_d11_history_leads_to_the_details_of_the_time(world, anna, contact):
    for nickname in ("Countess", "Enchantress"):
        submit(world.actor(), contact, {"person": {"nickname": nickname}})
    moment = contact.change_sets.get(version=2).executed_at

    history = anna.get(path(contact, "history")).content.decode()
    link = f"change/?asOf={quote(moment.isoformat())}"
    then = anna.get(path(contact, "change"), {"asOf": moment.isoformat()}).content.decode()
    now = anna.get(path(contact, "change")).content.decode()

    assert link in history
    assert "Details as they were on" in then
    assert "version 2" in then
    assert ("Countess" in then, "Enchantress" in then) == (True, False)
    assert ("Countess" in now, "Enchantress" in now) == (False, True)


@pytest.mark.parametrize("moment", ["", "x", "9999-01-01T00:00:00Z", "2001-01-01T00:00:00Z"])
def test_d11_a_moment_without_details_is_not_found(world, anna, contact, moment):
    assert anna.get(path(contact, "change"), {"asOf": moment}).status_code == 404


def test_n2_details_that_were_erased_are_said_to_be(world, anna, contact):
    submit(world.actor(), contact, {"person": {"nickname": "Countess"}})
    moment = contact.change_sets.get(version=1).executed_at
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    page = anna.get(path(contact, "change"), {"asOf": moment.isoformat()}).content.decode()

    assert "The details of that time have been erased." in page
    assert "There are no details." not in page
    assert "Byron" not in page.partition("bo-columns")[2]

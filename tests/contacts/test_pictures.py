"""Profile pictures: stored, replaced, deleted, swept (P1, F5, D10, H3)."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.utils import timezone

from config.common.models import AuditEvent
from config.common.privacy import Erasure
from contacts.exceptions import ContactAnonymized
from contacts.models import Contact, ContactPicture
from contacts.personal_data.pictures import PICTURE_STORE
from contacts.pictures import default_picture
from contacts.selectors.pictures import picture_get
from contacts.services.pictures import picture_set, pictures_sweep
from contacts.tasks import pictures_sweep_task
from tests.factories.api import Api, details_path, picture_path
from tests.factories.contacts import make_app, make_contact_type
from tests.factories.fixtures import World
from tests.factories.pictures import BOTTOM, TOP, encoded, picture, shown, text_of, two_coloured
from tests.factories.tokens import bearer

DAY = 24 * 3600


@pytest.fixture
def contact(world: World) -> Contact:
    return world.contact()


def put(api: Api, contact: Contact, content: bytes, **headers: str) -> Any:
    body = {"imageContentBase64": text_of(content)}
    return api.put(picture_path(contact.pk), body, **headers)


def get(api: Api, contact: Contact) -> dict[str, Any]:
    answer = api.get(picture_path(contact.pk))
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def events(operation: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(operation=f"{operation}ProfilePicture"))


def files(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_p1_a_picture_is_stored_and_read(world: World, contact: Contact, media: Path) -> None:
    answer = put(world.api(world.anna), contact, picture("PNG"))

    found = get(world.api(world.petra), contact)
    image = shown(found["imageContentBase64"])
    assert (answer.status_code, answer.content) == (204, b"")
    assert found["isDefaultImage"] is False
    assert (image.format, image.size) == ("PNG", (40, 60))
    assert (image.getpixel((5, 5)), image.getpixel((5, 55))) == (TOP, BOTTOM)
    row = ContactPicture.objects.get()
    assert files(media) == [row.file]
    assert str(row) == f"picture of {contact.pk}"
    (event,) = events("update")
    assert (event.member, event.app, event.fields) == (world.anna, world.app, ["picture"])
    assert event.object_id == str(contact.pk)


def test_p1_names_of_files_are_random_and_say_nothing(
    world: World, contact: Contact, media: Path
) -> None:
    put(world.api(), contact, picture("JPEG"))

    (file,) = files(media)
    directory, shard, name = file.split("/")
    assert (directory, shard, len(name)) == ("pictures", name[:2], 36)
    assert name.endswith(".jpg")


def test_p1_a_replaced_picture_is_removed_after_the_commit(
    committed_world: World, media: Path
) -> None:
    contact = committed_world.contact()
    put(committed_world.api(), contact, picture("PNG"))
    first = ContactPicture.objects.get().file

    put(committed_world.api(), contact, picture("JPEG"))

    assert files(media) == [ContactPicture.objects.get().file]
    assert files(media) != [first]
    assert len(events("update")) == 2


def test_p1_deleting_gives_the_drawn_picture_back_and_twice_is_fine(
    committed_world: World, media: Path
) -> None:
    world, contact = committed_world, committed_world.contact()
    put(world.api(), contact, picture("PNG"))

    statuses = [
        world.api(world.anna).call("DELETE", picture_path(contact.pk)).status_code for _ in range(2)
    ]

    assert statuses == [204, 204]
    assert get(world.api(), contact)["isDefaultImage"] is True
    assert files(media) == []
    assert len(events("delete")) == 1


def test_p1_the_default_picture_is_drawn_and_always_the_same(
    world: World, contact: Contact
) -> None:
    first, again = get(world.api(), contact), get(world.api(), contact)

    assert first == again
    assert first["isDefaultImage"] is True
    assert first["imageContentBase64"] == text_of(
        default_picture(name="Ada Byron", key=str(contact.uid))
    )
    assert shown(first["imageContentBase64"]).format == "PNG"


def test_n3_the_picture_of_an_anonymised_contact_has_no_initials(
    world: World, contact: Contact
) -> None:
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    found = get(world.api(), contact)

    expected = default_picture(name=None, key=str(contact.uid))
    assert found == {"imageContentBase64": text_of(expected), "isDefaultImage": True}


def test_n3_the_picture_of_an_anonymised_contact_cannot_change(
    world: World, contact: Contact, media: Path
) -> None:
    put(world.api(), contact, picture())
    before = files(media)
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    changed = put(world.api(), contact, b"nonsense")
    deleted = world.api().call("DELETE", picture_path(contact.pk))

    assert (changed.status_code, deleted.status_code) == (409, 409)
    assert changed.json()["subCode"] == "ContactAnonymized"
    assert files(media) == before


def test_n3_a_contact_that_is_anonymised_meanwhile_gets_no_picture(
    world: World, contact: Contact, media: Path
) -> None:
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    with pytest.raises(ContactAnonymized):
        picture_set(actor=world.actor(), contact_id=contact.pk, content=picture())

    assert not ContactPicture.objects.exists()
    assert events("update") == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"imageContentBase64": None},
        {"imageContentBase64": ""},
        {"imageContentBase64": 7},
        {"imageContentBase64": text_of(picture()), "isDefaultImage": False},
        {"image": text_of(picture())},
    ],
)
def test_p1_a_missing_picture_is_refused(
    world: World, contact: Contact, body: dict[str, Any]
) -> None:
    put(world.api(), contact, picture())
    before = get(world.api(), contact)

    assert world.api().put(picture_path(contact.pk), body).status_code == 400
    assert get(world.api(), contact) == before


_TEXT = text_of(picture())


@pytest.mark.parametrize(
    "text",
    [
        f"data:image/png;base64,{_TEXT}",
        f"{_TEXT[:76]}\n{_TEXT[76:]}",
        f"{_TEXT}\n",
        f" {_TEXT}",
        f"*{_TEXT[1:]}",
        _TEXT.rstrip("=") if _TEXT.endswith("=") else f"{_TEXT}=",
        f"{_TEXT[:-4]}-_-_",
        f"{_TEXT}{_TEXT}=",
        f"é{_TEXT[1:]}",
        "=",
        "A",
    ],
)
def test_pp05_base64_is_strict(world: World, contact: Contact, text: str) -> None:
    answer = world.api().put(picture_path(contact.pk), {"imageContentBase64": text})

    assert answer.status_code == 400
    (error,) = answer.json()["properties"]["errors"]
    assert (error["path"], error["code"]) == ("imageContentBase64", "Base64")
    assert not ContactPicture.objects.exists()


def test_pp09_three_megabytes_pass_and_ten_are_too_large(world: World, contact: Contact) -> None:
    large = picture("PNG") + bytes(3 * 1024 * 1024)
    larger = picture("PNG") + bytes(5 * 1024 * 1024)

    assert put(world.api(), contact, large).status_code == 204
    refused = put(world.api(), contact, larger)
    too_large = put(world.api(), contact, bytes(10 * 1024 * 1024))

    assert (refused.status_code, too_large.status_code) == (400, 413)
    assert refused.json()["properties"]["errors"][0]["code"] == "Size"


def test_d10_a_repeated_upload_is_replayed(world: World, contact: Contact) -> None:
    first = put(world.api(), contact, picture(), Idempotency_Key="k")
    kept = ContactPicture.objects.get().file
    again = put(world.api(), contact, picture(), Idempotency_Key="k")
    other = put(world.api(), contact, picture("JPEG"), Idempotency_Key="k")

    assert (first.status_code, again.status_code) == (204, 204)
    assert again["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["subCode"]) == (409, "IdempotencyKeyReused")
    assert ContactPicture.objects.get().file == kept


def test_f5_reach_comes_before_the_content(world: World, contact: Contact) -> None:
    other = make_contact_type("other", world.contact_type.schema)
    restricted = Api(bearer(app=make_app(contact_types=[other])))
    path = picture_path(contact.pk)

    for api in (world.api(world.carl), restricted):
        assert api.get(path).status_code == 404
        assert api.put(path, {"imageContentBase64": "nonsense"}).status_code == 404
        assert api.call("DELETE", path).status_code == 404


def test_a1_readers_do_not_write_pictures(world: World, contact: Contact) -> None:
    reader = Api(bearer(app=make_app(scopes=["contacts.read"])))

    assert reader.get(picture_path(contact.pk)).status_code == 200
    assert put(reader, contact, picture()).status_code == 403
    assert reader.call("DELETE", picture_path(contact.pk)).status_code == 403


def test_d9_a_picture_does_not_move_the_version(world: World, contact: Contact) -> None:
    put(world.api(), contact, picture())

    assert world.api().get(details_path(contact.pk))["ETag"] == '"1"'


# --- Files and rows ------------------------------------------------------------------------------
def age(media: Path, seconds: float) -> None:
    for file in files(media):
        moment = time.time() - seconds
        os.utime(media / file, (moment, moment))


def test_pp12_the_sweep_is_a_task_and_does_without_files(db: None, media: Path) -> None:
    pictures_sweep_task()

    assert files(media) == []


def test_pp12_a_file_that_goes_while_it_is_swept_is_left_alone(
    db: None, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = media / "pictures" / "ab"
    directory.mkdir(parents=True)
    (directory / "gone.jpg").write_bytes(b"")

    def gone(storage: FileSystemStorage, name: str) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(FileSystemStorage, "get_modified_time", gone)

    assert pictures_sweep() == 0


def test_p1_a_picture_that_is_replaced_while_it_is_read_is_the_new_one(
    world: World, contact: Contact, media: Path
) -> None:
    put(world.api(), contact, picture("PNG"))

    found = picture_get(
        contact_id=contact.pk, uid=contact.uid, name="x", is_anonymised=False, file="pictures/old"
    )

    assert (found.is_default, found.media_type) == (False, "image/png")


def test_p1_a_lost_file_is_the_drawn_picture(world: World, contact: Contact, media: Path) -> None:
    put(world.api(), contact, picture("PNG"))
    (media / ContactPicture.objects.get().file).unlink()

    assert get(world.api(), contact)["isDefaultImage"] is True


def test_p1_a_deleted_picture_whose_file_was_named_is_the_drawn_one(
    world: World, contact: Contact
) -> None:
    found = picture_get(
        contact_id=contact.pk,
        uid=contact.uid,
        name=str(contact.uid),
        is_anonymised=False,
        file="pictures/old",
    )

    assert found.content == default_picture(name=None, key=str(contact.uid))


def test_n2_an_erasure_removes_row_and_file(committed_world: World, media: Path) -> None:
    contacts = [committed_world.contact() for _ in range(2)]
    for each in contacts:
        put(committed_world.api(), each, picture("JPEG"))

    PICTURE_STORE.erase(Erasure(committed_world.actor(), [contacts[0].pk]))

    assert files(media) == [ContactPicture.objects.get().file]
    assert ContactPicture.objects.get().contact == contacts[1]


def test_n2_subject_access_hands_out_the_stored_picture(
    world: World, contact: Contact, media: Path
) -> None:
    assert PICTURE_STORE.collect(contact.pk) is None

    put(world.api(), contact, picture("PNG"))

    assert PICTURE_STORE.collect(contact.pk) == {
        "storedAt": ContactPicture.objects.get().stored_at,
        "mediaType": "image/png",
        "contentBase64": get(world.api(), contact)["imageContentBase64"],
    }


def test_p1_lossless_stays_lossless(world: World, contact: Contact) -> None:
    for kind, expected in (("PNG", "PNG"), ("JPEG", "JPEG"), ("WEBP", "JPEG")):
        put(world.api(), contact, encoded(two_coloured((30, 30)), kind))
        assert shown(get(world.api(), contact)["imageContentBase64"]).format == expected

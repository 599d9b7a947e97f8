"""Creating contacts (A1, D2, D10, D12, U1, U2, C1, V1)."""

from typing import Any

import pytest
from django.test import override_settings

from changerequests.models import ChangeRequest
from config.common.actors import SYSTEM
from config.common.models import AuditEvent, IdempotencyKey
from contacts.models import ChangeSet, Contact, ContactAssignment, PendingChannel
from crmschema.services import schema_create
from tests.factories.api import Api, details_path
from tests.factories.contacts import ADVISER, make_app, make_contact, make_contact_type, make_member
from tests.factories.fixtures import World
from tests.factories.schemas import component, form, tiny_details
from tests.factories.tokens import bearer

PATH = "/v1.0/contacts"


def body(world: World, **members: Any) -> dict[str, Any]:
    return {"contactTypeId": world.contact_type.pk, "details": tiny_details(), **members}


def advisers(contact_id: int) -> set[str]:
    assigned = ContactAssignment.objects.filter(contact_id=contact_id)
    return set(assigned.values_list("member__username", flat=True))


def test_answers_with_ids_details_and_version(world: World) -> None:
    answer = world.api().post(PATH, body(world, username="ada"))

    contact = Contact.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": contact.pk,
        "uId": str(contact.uid),
        "details": tiny_details(displayName="Ada Byron"),
    }
    assert answer["ETag"] == '"1"'
    assert answer["Location"] == details_path(contact.pk)
    assert contact.username == "ada"
    assert contact.display_name == "Ada Byron"
    assert contact.display_name_folded == "ada byron"
    assert contact.search == {"person.firstName": "ada"}
    assert contact.schema_token == 1


def test_d11_creation_leaves_one_change_set_that_holds_the_document(world: World) -> None:
    world.api(world.anna).post(PATH, body(world))

    change_set = ChangeSet.objects.get()
    assert change_set.kind == "creation"
    assert change_set.version == 1
    assert change_set.details == Contact.objects.get().details
    assert change_set.paths == []
    assert change_set.member == world.anna
    assert change_set.app == world.app


def test_a1_the_creating_member_advises_the_contact(world: World) -> None:
    answer = world.api(world.anna).post(PATH, body(world))

    assert advisers(answer.json()["id"]) == {"anna"}
    assert world.api(world.anna).get(details_path(answer.json()["id"])).status_code == 200
    event = AuditEvent.objects.get(operation="assignContact")
    assert (event.member, event.fields) == (world.anna, ["members"])


def test_an_app_assigns_whom_it_names_and_nobody_else(world: World) -> None:
    named = world.api().post(PATH, body(world, memberUids=[str(world.carl.uid)]))
    nobody = world.api().post(PATH, body(world))

    assert advisers(named.json()["id"]) == {"carl"}
    assert advisers(nobody.json()["id"]) == set()


def test_a_member_assigns_others_with_the_permission_only(world: World) -> None:
    chief = make_member(permissions={*ADVISER, "assign_contact"})
    uids = [str(world.carl.uid), str(world.carl.uid)]

    refused = world.api(world.anna).post(PATH, body(world, memberUids=uids))
    allowed = world.api(chief).post(PATH, body(world, memberUids=uids))

    assert refused.status_code == 403
    assert advisers(allowed.json()["id"]) == {"carl", chief.username}
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("case", ["unknown", "inactive"])
def test_an_unknown_or_inactive_adviser_is_refused(world: World, case: str) -> None:
    uid = "00000000-0000-0000-0000-000000000000"
    if case == "inactive":
        uid = str(make_member(is_active=False).uid)

    answer = world.api().post(PATH, body(world, memberUids=[uid]))

    assert answer.status_code == 400
    assert answer.json()["properties"]["errors"][0]["path"] == "memberUids"
    assert not Contact.objects.exists()


def test_c1_v1_on_create_nothing_is_held_and_nothing_waits(world: World) -> None:
    details = {**tiny_details(), "channels": {"email": "ada@example.com"}}

    answer = world.api(world.anna).post(PATH, body(world, details=details))

    assert answer.status_code == 201
    assert answer.json()["details"]["channels"] == {"email": "ada@example.com"}
    assert not PendingChannel.objects.exists()
    assert not ChangeRequest.objects.exists()


def test_d2_what_is_required_is_required(world: World) -> None:
    answer = world.api().post(PATH, body(world, details={}))

    assert answer.status_code == 400
    assert answer.json()["subCode"] == "DetailsInvalid"
    assert answer.json()["properties"]["errors"] == [
        {"path": "person.firstName", "code": "Required", "message": "A value is required."}
    ]
    assert not Contact.objects.exists()


def test_d7_a_member_creates_without_read_only_values(world: World) -> None:
    details = tiny_details(score=7)

    refused = world.api(world.anna).post(PATH, body(world, details=details))
    allowed = world.api().post(PATH, body(world, details=details))

    assert refused.status_code == 400
    assert [error["code"] for error in refused.json()["properties"]["errors"]] == ["ReadOnly"]
    assert allowed.json()["details"]["person"]["score"] == 7


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"contactTypeId": 0}, "contactTypeId"),
        ({"contactTypeId": 2**31}, "contactTypeId"),
        ({"contactTypeId": "1"}, "contactTypeId"),
        ({"contactTypeId": True}, "contactTypeId"),
        ({"details": None}, "details"),
        ({"details": []}, "details"),
        ({"details": "{}"}, "details"),
        ({"username": 1}, "username"),
        ({"username": "a\ud800"}, None),
        ({"correlationId": ""}, "correlationId"),
        ({"memberUids": ["x"]}, "memberUids[0]"),
        ({"contacttypeid": 1}, "contacttypeid"),
    ],
)
def test_q4_a_wrong_body_is_refused(
    world: World, members: dict[str, Any], path: str | None
) -> None:
    answer = world.api().post(PATH, body(world, **members))

    assert answer.status_code == 400
    if path is not None:
        assert [error["path"] for error in answer.json()["properties"]["errors"]] == [path]
    assert not Contact.objects.exists()


def test_a2_a_restricted_app_creates_its_types_only(world: World) -> None:
    other = make_contact_type("other", world.contact_type.schema)
    api = Api(bearer(app=make_app(contact_types=[other])))

    refused = api.post(PATH, body(world))
    unknown = api.post(PATH, body(world, contactTypeId=999_999))
    allowed = api.post(PATH, body(world, contactTypeId=other.pk))

    assert (refused.status_code, allowed.status_code) == (400, 201)
    assert refused.json()["message"] == unknown.json()["message"]


# --- Usernames (U1, U2) ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ada", "ADA"),
        ("straße", "STRASSE"),
        ("\u212aelvin", "kelvin"),
        ("\u017f", "s"),
        ("\uff41da", "ada"),
        ("e\u0301", "\u00e9"),
        ("\u03a3", "\u03c2"),
        ("ﬁ", "FI"),
    ],
)
def test_u1_usernames_are_compared_by_nfkc_and_case_folding(
    world: World, first: str, second: str
) -> None:
    world.api().post(PATH, body(world, username=first))

    answer = world.api().post(PATH, body(world, username=second))

    assert answer.status_code == 422
    assert answer.json()["subCode"] == "UsernameNotUnique"
    assert Contact.objects.count() == 1
    assert ChangeSet.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "second"), [("\u0131", "i"), ("\u0130", "i"), ("é", "e"), ("a b", "ab")]
)
def test_u1_other_usernames_are_others(world: World, first: str, second: str) -> None:
    world.api().post(PATH, body(world, username=first))

    assert world.api().post(PATH, body(world, username=second)).status_code == 201


@pytest.mark.parametrize("username", ["", " ", "x" * 255, "\ufdfa" * 254, "㌀" * 250])
def test_u1_a_username_that_is_empty_or_too_long_is_refused(world: World, username: str) -> None:
    answer = world.api().post(PATH, body(world, username=username))

    assert answer.status_code == 400
    assert not Contact.objects.exists()


@pytest.mark.parametrize("username", ["x", "x" * 254, "\U00020000" * 254, "ß" * 254])
def test_u1_a_username_has_up_to_254_characters(world: World, username: str) -> None:
    assert world.api().post(PATH, body(world, username=username)).status_code == 201


def test_u1_many_contacts_have_no_username(world: World) -> None:
    for username in (None, None):
        assert world.api().post(PATH, body(world, username=username)).status_code == 201


@override_settings(USERNAME_COUPLED_WITH_EMAIL=True)
def test_u2_a_coupled_username_is_the_primary_email(world: World) -> None:
    details = {**tiny_details(), "channels": {"email": "Ada@Example.com"}}

    refused = world.api().post(PATH, body(world, details=details, username="ada"))
    created = world.api().post(PATH, body(world, details=details, username="ada@example.COM"))
    taken = world.api().post(PATH, body(world, details=details))
    without = world.api().post(PATH, body(world))

    assert refused.status_code == 400
    assert created.status_code == 201
    assert taken.json()["subCode"] == "UsernameNotUnique"
    assert without.status_code == 201
    assert set(Contact.objects.values_list("username", flat=True)) == {"Ada@example.com", None}


def test_d12_without_a_name_the_contact_is_shown_by_username_else_uid(world: World) -> None:
    schema = schema_create(
        actor=SYSTEM, key="nameless", schema=form(component("textfield", "text"))
    )
    kind = make_contact_type("nameless", schema)

    named = make_contact({"text": "x"}, contact_type=kind, username="ada")
    nameless = make_contact({"text": "x"}, contact_type=kind)

    assert named.display_name == "ada"
    assert nameless.display_name == str(nameless.uid)


# --- Retries (D10) -----------------------------------------------------------------------------
def test_d10_a_correlation_id_makes_a_retry_safe(world: World) -> None:
    sent = body(world, correlationId="c1", username="ada")

    first, second = (world.api().post(PATH, sent) for _ in range(2))
    other = world.api().post(PATH, {**sent, "username": "eva"})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert second["Location"] == first["Location"]
    assert (other.status_code, other.json()["subCode"]) == (409, "IdempotencyKeyReused")
    assert Contact.objects.count() == 1


def test_d10_a_correlation_id_is_no_idempotency_key(world: World) -> None:
    first = world.api().post(PATH, body(world, correlationId="k"))
    second = world.api().post(PATH, body(world), Idempotency_Key="k")

    assert (first.status_code, second.status_code) == (201, 201)
    assert Contact.objects.count() == 2


def test_d10_both_keys_of_a_request_count(world: World) -> None:
    sent = body(world, correlationId="c1")

    first = world.api().post(PATH, sent, Idempotency_Key="k1")
    by_key = world.api().post(PATH, sent, Idempotency_Key="k1")
    by_id = world.api().post(PATH, sent)

    assert first.json() == by_key.json() == by_id.json()
    assert Contact.objects.count() == 1


def test_d10_another_callers_key_is_another_key(world: World) -> None:
    world.api().post(PATH, body(world, correlationId="c1"))

    assert world.api(world.anna).post(PATH, body(world, correlationId="c1")).status_code == 201
    assert Contact.objects.count() == 2


def test_d10_a_refused_create_is_not_kept(world: World) -> None:
    api = world.api()
    assert api.post(PATH, body(world, correlationId="c1", details={})).status_code == 400

    assert not IdempotencyKey.objects.exists()
    assert api.post(PATH, body(world, correlationId="c1")).status_code == 201

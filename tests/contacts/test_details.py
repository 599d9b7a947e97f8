"""Details of contacts: read, merged, replaced, in the order of checks (D1, D9, F5)."""

from typing import Any

import pytest

from contacts.models import ChangeSet, Contact
from tests.contacts.details_steps import FREE, details_of, unchanged
from tests.factories.api import Api, details_path, pending_path
from tests.factories.contacts import make_app, make_member
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.tokens import bearer


# --- Reading -----------------------------------------------------------------------------------
def test_details_come_with_flags_and_version(world: World, contact: Contact, path: str) -> None:
    answer = world.api(world.anna).get(path)

    assert answer.status_code == 200
    assert answer.json() == {
        "id": contact.pk,
        "hasPendingChangeRequest": False,
        "hasPendingEmail": False,
        "hasPendingMobile": False,
        "details": contact.details,
    }
    assert answer["ETag"] == '"1"'
    assert answer["Content-Type"] == "application/json"


def test_head_answers_as_get_without_a_body(world: World, path: str) -> None:
    answer = world.api().call("HEAD", path)

    assert (answer.status_code, answer.content, answer["ETag"]) == (200, b"", '"1"')


def test_flags_do_not_move_the_version(world: World, path: str) -> None:
    held = world.api(world.anna).patch(path, {"details": {"person": {"lastName": "King"}}})
    waiting = world.api().patch(path, {"details": {"channels": {"mobile": "+41791234567"}}})

    answer = world.api(world.anna).get(path)

    assert (held["ETag"], waiting["ETag"], answer["ETag"]) == ('"1"', '"1"', '"1"')
    assert answer.json()["hasPendingChangeRequest"] is True
    assert answer.json()["hasPendingMobile"] is True
    assert answer.json()["hasPendingEmail"] is False


# --- Writing -----------------------------------------------------------------------------------
def test_d1_patch_merges_and_answers_what_became_of_it(
    world: World, contact: Contact, path: str
) -> None:
    answer = world.api(world.anna).patch(path, FREE)

    assert answer.status_code == 200
    assert answer.json() == {
        "isApprovalRequired": False,
        "hasPendingEmail": False,
        "hasPendingMobile": False,
        "changeRequestId": None,
    }
    assert answer["ETag"] == '"2"'
    assert details_of(contact) == tiny_details(displayName="Ada Byron", nickname="x")


def test_d1_put_replaces(world: World, contact: Contact, path: str) -> None:
    world.api().patch(path, {"details": {"person": {"nickname": "x", "score": 7}}})

    answer = world.api(world.anna).put(path, {"details": tiny_details(height=2)})

    assert answer.status_code == 200
    assert details_of(contact) == tiny_details(displayName="Ada Byron", height=2, score=7)


def test_d1_put_of_an_app_clears_read_only_fields_too(
    world: World, contact: Contact, path: str
) -> None:
    world.api().patch(path, {"details": {"person": {"score": 7}}})

    world.api().put(path, {"details": tiny_details()})

    assert details_of(contact) == contact.details


def test_dp13_null_clears_what_is_optional_and_not_what_is_required(
    world: World, contact: Contact, path: str
) -> None:
    world.api().patch(path, FREE)

    cleared = world.api().patch(path, {"details": {"person": {"nickname": None}}})
    refused = world.api().patch(path, {"details": {"person": {"firstName": None}}})

    assert cleared.status_code == 200
    assert details_of(contact) == contact.details
    assert refused.status_code == 400
    assert refused.json()["properties"]["errors"][0]["code"] == "Required"
    last = ChangeSet.objects.order_by("-version").first()
    assert last is not None
    assert last.details == [{"path": "person.nickname", "original": "x"}]


def test_az11_a_read_only_field_refuses_the_whole_submission(
    world: World, contact: Contact, path: str
) -> None:
    answer = world.api(world.anna).patch(
        path, {"details": {"person": {"score": 7, "nickname": "x"}}}
    )

    assert answer.status_code == 400
    assert answer.json()["properties"]["errors"] == [
        {"path": "person.score", "code": "ReadOnly", "message": "Only apps may write this field."}
    ]
    assert unchanged(contact)


def test_d3_nothing_changed_answers_200_and_leaves_nothing(
    world: World, contact: Contact, path: str
) -> None:
    answer = world.api(world.anna).patch(path, {"details": tiny_details()})

    assert answer.status_code == 200
    assert answer["ETag"] == '"1"'
    assert unchanged(contact)


def test_c2_a_held_submission_says_so(world: World, contact: Contact, path: str) -> None:
    answer = world.api(world.anna).patch(path, {"details": {"person": {"lastName": "King"}}})

    pending = world.api(world.anna).get(pending_path(contact.pk)).json()
    assert answer.json()["isApprovalRequired"] is True
    assert answer.json()["changeRequestId"] == pending["changeRequest"]["id"]
    again = world.api(world.anna).patch(path, FREE)
    assert again.json()["isApprovalRequired"] is False


@pytest.mark.parametrize("comment", ["x" * 2001, 5, "a\x00b"])
def test_c8_a_wrong_comment_is_refused(
    world: World, contact: Contact, path: str, comment: Any
) -> None:
    assert world.api().patch(path, {**FREE, "comment": comment}).status_code == 400
    assert unchanged(contact)


@pytest.mark.parametrize("comment", ["x" * 2000, "", None])
def test_c8_a_comment_has_up_to_2000_characters(world: World, path: str, comment: Any) -> None:
    assert world.api().patch(path, {**FREE, "comment": comment}).status_code == 200


# --- If-Match (D9) -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "status"),
    [
        ('"1"', 200),
        ("*", 200),
        (' "7" , "1"', 200),
        ('W/"7", "1"', 200),
        ('"2"', 412),
        ('W/"1"', 412),
        ('""', 412),
        ('"01"', 412),
        ('"1 "', 412),
        ('"99999999999999999999"', 412),
        ('"abc", "W/"', 412),
        ("1", 400),
        ('"1', 400),
        ("", 400),
        ('"1", *', 400),
        ('w/"1"', 400),
        ('"1" "2"', 400),
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_d9_if_match(
    world: World, contact: Contact, path: str, header: str, status: int, method: str
) -> None:
    sent = {"details": tiny_details(nickname="x")}

    answer = world.api().call(method, path, sent, If_Match=header)

    assert answer.status_code == status
    if status == 412:
        assert answer.json()["subCode"] == "StaleDetails"
    assert unchanged(contact) is (status != 200)


def test_d9_a_stale_version_comes_before_the_content(world: World, path: str) -> None:
    answer = world.api().patch(path, {"details": {"what": 1}}, If_Match='"7"')

    assert answer.status_code == 412


# --- The order of checks (F5) ------------------------------------------------------------------
def test_f5_the_first_thing_that_is_wrong_decides(world: World, contact: Contact) -> None:
    nobody = make_member(permissions=())
    unreached, wrong = details_path(contact.pk), {"what": 1}
    carl, anna = world.api(world.carl), world.api(world.anna)

    def status(api: Api, path: str, body: Any, **headers: str) -> int:
        return api.patch(path, body, **headers).status_code

    assert status(Api(), unreached, wrong) == 401
    assert status(Api("x"), unreached, wrong) == 401
    assert carl.call("DELETE", unreached).status_code == 405
    assert status(carl, unreached, wrong, Content_Type="text/plain") == 415
    assert status(world.api(nobody), unreached, wrong) == 403
    assert status(carl, unreached, wrong) == 400
    assert status(carl, unreached, FREE) == 404
    assert status(carl, unreached, FREE, If_Match="x") == 400
    assert status(anna, unreached, {"details": {"what": 1}}, If_Match='"7"') == 412
    assert status(anna, unreached, {"details": {"what": 1}}) == 400


# --- Scopes ------------------------------------------------------------------------------------
def test_v1_skipping_verification_takes_its_own_scope(
    world: World, contact: Contact, path: str
) -> None:
    sent = {"details": {"channels": {"mobile": "+41791234567"}}}
    without = Api(bearer(app=make_app(scopes=["contacts.read", "contacts.write"])))

    refused = without.patch(f"{path}?skipVerification=true", sent)
    malformed = world.api().patch(f"{path}?skipVerification=1", sent)
    allowed = world.api().patch(f"{path}?skipVerification=true", sent)

    assert (refused.status_code, malformed.status_code) == (403, 400)
    assert allowed.json()["hasPendingMobile"] is False
    assert details_of(contact)["channels"] == {"mobile": "+41791234567"}
    assert without.patch(f"{path}?skipVerification=false", sent).status_code == 200

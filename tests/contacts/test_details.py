"""Reading and changing details over HTTP (D1-D10, F5, DP rows)."""

from typing import Any

import pytest

from config.common.models import IdempotencyKey
from contacts.models import ChangeSet, Contact
from tests.factories.api import Api, details_path, pending_path
from tests.factories.contacts import make_app, make_member
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.tokens import bearer

FREE = {"details": {"person": {"nickname": "x"}}}


@pytest.fixture
def contact(world: World) -> Contact:
    return world.contact()


@pytest.fixture
def path(contact: Contact) -> str:
    return details_path(contact.pk)


def details_of(contact: Contact) -> dict[str, Any]:
    details: dict[str, Any] = Contact.objects.get(pk=contact.pk).details
    return details


def unchanged(contact: Contact) -> bool:
    stored = Contact.objects.get(pk=contact.pk)
    return (stored.details, stored.version) == (contact.details, 1) and (
        ChangeSet.objects.filter(contact=contact).count() == 1
    )


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


# --- Retries (D10) -----------------------------------------------------------------------------
def test_d10_a_repeated_write_gets_its_first_answer(
    world: World, contact: Contact, path: str
) -> None:
    first = world.api().patch(path, FREE, Idempotency_Key="k1", If_Match='"1"')
    second = world.api().patch(path, FREE, Idempotency_Key="k1", If_Match='"1"')

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert second["ETag"] == first["ETag"] == '"2"'
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert ChangeSet.objects.filter(contact=contact).count() == 2


def test_cr20_a_repeated_held_submission_is_one_request(
    world: World, contact: Contact, path: str
) -> None:
    sent = {"details": {"person": {"lastName": "King"}}}

    first, second = (
        world.api(world.anna).patch(path, sent, Idempotency_Key="k1") for _ in range(2)
    )

    assert first.content == second.content
    assert second.json()["isApprovalRequired"] is True


@pytest.mark.parametrize("differs", ["body", "method", "path", "query"])
def test_d10_another_request_with_the_key_is_refused(
    world: World, contact: Contact, path: str, differs: str
) -> None:
    world.api().patch(path, FREE, Idempotency_Key="k1")
    other = details_path(world.contact().pk)
    sent = {"details": {"person": {"nickname": "y"}}} if differs == "body" else FREE
    where = {"path": other, "query": f"{path}?language=de"}.get(differs, path)

    answer = world.api().call(
        "PUT" if differs == "method" else "PATCH", where, sent, Idempotency_Key="k1"
    )

    assert (answer.status_code, answer.json()["subCode"]) == (409, "IdempotencyKeyReused")
    assert details_of(contact)["person"]["nickname"] == "x"


def test_d10_a_refused_write_is_not_kept(world: World, path: str) -> None:
    refused = world.api().patch(path, FREE, Idempotency_Key="k1", If_Match='"7"')
    wrong = world.api().patch(path, {"details": {"what": 1}}, Idempotency_Key="k1")

    assert (refused.status_code, wrong.status_code) == (412, 400)
    assert not IdempotencyKey.objects.exists()
    assert world.api().patch(path, FREE, Idempotency_Key="k1").status_code == 200


def test_d10_permission_and_reach_are_checked_before_a_replay(
    world: World, contact: Contact, path: str
) -> None:
    api = world.api(world.anna)
    assert api.patch(path, FREE, Idempotency_Key="k1").status_code == 200

    contact.assignments.all().delete()
    out_of_reach = api.patch(path, FREE, Idempotency_Key="k1")
    world.anna.user_permissions.clear()
    not_allowed = api.patch(path, FREE, Idempotency_Key="k1")

    assert (out_of_reach.status_code, not_allowed.status_code) == (404, 403)


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é"])
def test_d10_a_malformed_key_is_refused(
    world: World, contact: Contact, path: str, key: str
) -> None:
    assert world.api().patch(path, FREE, Idempotency_Key=key).status_code == 400
    assert unchanged(contact)


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


# --- Bodies that are wrong (DP) ----------------------------------------------------------------
def nested(depth: int) -> bytes:
    return b'{"details":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("dp01 deep", nested(990)),
        ("dp01 very deep", nested(100_000)),
        ("dp03 NUL", b'{"details":{"person":{"nickname":"a\\u0000b"}}}'),
        ("dp03 NUL in a key", b'{"details":{"person":{"a\\u0000b":1}}}'),
        ("dp03 surrogate", b'{"details":{"person":{"nickname":"\\ud800"}}}'),
        ("dp06 NaN", b'{"details":{"person":{"height":NaN}}}'),
        ("dp06 Infinity", b'{"details":{"person":{"height":Infinity}}}'),
        ("dp06 -Infinity", b'{"details":{"person":{"height":-Infinity}}}'),
        ("dp06 1e400", b'{"details":{"person":{"height":1e400}}}'),
        ("dp08 digits", b'{"details":{"person":{"height":' + b"9" * 4000 + b"}}}"),
        ("dp09 duplicate field", b'{"details":{"person":{"height":1,"height":2}}}'),
        ("dp09 duplicate details", b'{"details":{},"details":{}}'),
        ("dp10 __proto__", b'{"details":{"__proto__":{"a":1}}}'),
        ("dp10 constructor", b'{"details":{"constructor":1}}'),
        ("dp10 toString", b'{"details":{"person":{"toString":"x"}}}'),
        ("dp10 dotted", b'{"details":{"person.nickname":"x"}}'),
        ("dp10 index", b'{"details":{"notes[0]":{"text":"x"}}}'),
        ("blank", b" "),
        ("no json", b"{"),
        ("array", b"[]"),
        ("null", b"null"),
        ("dp17 UTF-16", '{"details":{}}'.encode("utf-16")),
        ("dp17 BOM", b"\xef\xbb\xbf" + b'{"details":{}}'),
        ("bad UTF-8", b'{"details":{"person":{"nickname":"\xff"}}}'),
        ("unknown member", b'{"details":{},"detials":{}}'),
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_dp_a_wrong_body_is_refused(
    world: World, contact: Contact, path: str, name: str, sent: bytes, method: str
) -> None:
    answer = world.api().call(method, path, sent)

    assert answer.status_code == 400, name
    assert set(answer.json()) >= {"code", "subCode", "message", "correlationId"}
    assert unchanged(contact)


def test_dp02_a_body_that_is_too_large_is_refused_before_it_is_read(
    world: World, contact: Contact, path: str
) -> None:
    answer = world.api().patch(path, b'{"details":{"person":{"nickname":"' + b"x" * 1_100_000)

    assert answer.status_code == 413
    assert answer.json()["code"] == "PayloadTooLarge"
    assert unchanged(contact)


@pytest.mark.parametrize("number", [2**53 + 1, -(2**63), 2**63 - 1, 0.1, 1e15, 5e-324])
def test_dp08_numbers_are_exact(world: World, contact: Contact, path: str, number: float) -> None:
    answer = world.api().patch(path, {"details": {"person": {"height": number}}})
    again = world.api().patch(path, {"details": {"person": {"height": number}}})

    assert answer.status_code == 200, answer.content
    assert (answer.status_code, again["ETag"]) == (200, '"2"')
    assert world.api().get(path).json()["details"]["person"]["height"] == number


def test_dp15_composed_and_decomposed_text_is_one_value(
    world: World, contact: Contact, path: str
) -> None:
    for nickname in ("e\u0301", "\u00e9"):
        world.api().patch(path, {"details": {"person": {"nickname": nickname}}})

    assert details_of(contact)["person"]["nickname"] == "\u00e9"
    assert ChangeSet.objects.filter(contact=contact).count() == 2


@pytest.mark.parametrize(
    "content_type",
    ["application/xml", "text/plain", "application/json; charset=bogus", "multipart/form-data", ""],
)
def test_dp17_only_json_in_utf_8_is_read(
    world: World, contact: Contact, path: str, content_type: str
) -> None:
    answer = world.api().patch(path, FREE, Content_Type=content_type)

    assert answer.status_code == 415
    assert unchanged(contact)


def test_dp17_an_encoded_body_is_refused(world: World, path: str) -> None:
    assert world.api().patch(path, FREE, Content_Encoding="gzip").status_code == 415


def test_dp20_one_bad_element_of_many_is_named(world: World, contact: Contact, path: str) -> None:
    rows: list[dict[str, Any]] = [{"text": str(number)} for number in range(1000)]
    rows[637]["weight"] = "heavy"

    answer = world.api().patch(path, {"details": {"notes": rows}})

    assert answer.status_code == 400
    assert [error["path"] for error in answer.json()["properties"]["errors"]] == [
        "notes[637].weight"
    ]
    assert unchanged(contact)


def test_dp_a_mixed_array_is_refused(world: World, contact: Contact, path: str) -> None:
    answer = world.api().patch(path, {"details": {"notes": [{"text": "x"}, 5, None, []]}})

    assert answer.status_code == 400
    assert unchanged(contact)


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

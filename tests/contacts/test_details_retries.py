"""Writes of details that are sent again (D10)."""

import pytest

from config.common.models import IdempotencyKey
from contacts.models import ChangeSet, Contact
from tests.contacts.details_steps import FREE, details_of, unchanged
from tests.factories.api import details_path
from tests.factories.fixtures import World


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

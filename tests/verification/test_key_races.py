"""Keys at the same instant, on real connections (VK-05, V2)."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse

from contacts.models import ChangeSet, Contact
from tests.factories.api import Api, details_path
from tests.factories.fixtures import World
from tests.factories.keys import latest_key, wrong_key
from tests.factories.submissions import folded
from tests.factories.threads import Racers
from tests.factories.tokens import bearer
from tests.verification.conftest import (
    NEW,
    OTHER,
    STORED,
    ask,
    attempts,
    discontinue,
    make,
    pending,
    stored_email,
    verify,
    versions,
)

ROUNDS = 10


@pytest.fixture
def contact(committed: Contact) -> Contact:
    return committed


def api(world: World) -> Api:
    """A caller of its own for each thread."""
    return Api(bearer(world.anna, app=world.app))


def waiting(world: World, caller: Api, number: int) -> tuple[Contact, str]:
    """A contact of its own for a round, whose new email waits for the key."""
    target = make(world, f"c{number}@example.com")
    ask(caller, target)
    return target, latest_key(target)


def statuses(answers: list[HttpResponse]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def test_vk05_the_right_key_twice_at_once_counts_once(
    committed_world: World, contact: Contact
) -> None:
    callers = [api(committed_world) for _ in range(2)]
    with Racers(2) as racers:
        for number in range(ROUNDS):
            target, key = waiting(committed_world, callers[0], number)

            answers = racers.run([partial(verify, each, target, key) for each in callers])

            assert statuses(answers) == [204, 422]
            assert versions(target) == [1, 2]
            assert stored_email(target) == NEW
            discontinue(callers[0], target)


def test_vk05_with_one_idempotency_key_both_succeed_or_one_waits(
    committed_world: World, contact: Contact
) -> None:
    callers = [api(committed_world) for _ in range(2)]
    ask(callers[0], contact)
    key = latest_key(contact)

    with Racers(2) as racers:
        answers = racers.run(
            [partial(verify, each, contact, key, Idempotency_Key="v") for each in callers]
        )

    assert statuses(answers) in ([204, 204], [204, 409])
    assert versions(contact) == [1, 2]


def test_v2_guesses_at_once_never_exceed_the_attempts(
    committed_world: World, contact: Contact
) -> None:
    callers = [api(committed_world) for _ in range(8)]
    ask(callers[0], contact)
    wrong = wrong_key(contact)

    with Racers(8) as racers:
        answers = racers.run([partial(verify, each, contact, wrong) for each in callers])

    codes = Counter(answer.json()["subCode"] for answer in answers)
    assert codes == {"KeyNoMatch": 5, "KeyExpired": 3}
    assert attempts(contact) == 5


def test_vk08_a_key_against_giving_up_is_one_of_the_two(
    committed_world: World, contact: Contact
) -> None:
    callers = [api(committed_world) for _ in range(2)]
    with Racers(2) as racers:
        for number in range(ROUNDS):
            target, key = waiting(committed_world, callers[0], number)

            verified, given_up = racers.run(
                [
                    partial(verify, callers[0], target, key),
                    partial(discontinue, callers[1], target),
                ]
            )

            assert given_up.status_code == 204
            assert pending(target) is None
            outcome = (verified.status_code, stored_email(target), versions(target))
            assert outcome in (
                (204, NEW, [1, 2]),
                (422, f"c{number}@example.com", [1]),
            )


def test_v1_a_key_against_a_write_of_the_channel_keeps_history_whole(
    committed_world: World, contact: Contact
) -> None:
    member, app = api(committed_world), Api(bearer(app=committed_world.app))
    body: dict[str, Any] = {"details": {"channels": {"email": OTHER}}}
    with Racers(2) as racers:
        for number in range(ROUNDS):
            target, key = waiting(committed_world, member, number)
            path = f"{details_path(target.pk)}?skipVerification=true"

            verified, written = racers.run(
                [
                    partial(verify, member, target, key),
                    partial(app.patch, path, body),
                ]
            )

            assert written.status_code == 200
            assert (stored_email(target), pending(target)) == (OTHER, None)
            expected = {204: [1, 2, 3], 422: [1, 2]}[verified.status_code]
            assert versions(target) == expected
            assert folded(target) == Contact.objects.get(pk=target.pk).details


def test_v1_values_at_once_leave_one_that_waits_with_its_own_key(
    committed_world: World, contact: Contact
) -> None:
    callers = [api(committed_world) for _ in range(2)]

    with Racers(2) as racers:
        answers = racers.run(
            [
                lambda: ask(callers[0], contact, NEW),
                lambda: ask(callers[1], contact, OTHER),
            ]
        )

    assert statuses(answers) == [200, 200]
    waiting = pending(contact)
    assert waiting in (NEW, OTHER)
    assert verify(callers[0], contact, latest_key(contact)).status_code == 204
    assert stored_email(contact) == waiting


def test_vk13_two_contacts_that_verify_one_address_at_once(
    committed_world: World, contact: Contact, settings: Any
) -> None:
    settings.USERNAME_COUPLED_WITH_EMAIL = True
    other = make(committed_world, "ben@example.com")
    callers = [api(committed_world) for _ in range(2)]
    for caller, target in zip(callers, (contact, other), strict=True):
        ask(caller, target)

    with Racers(2) as racers:
        answers = racers.run(
            [
                lambda: verify(callers[0], contact, latest_key(contact)),
                lambda: verify(callers[1], other, latest_key(other)),
            ]
        )

    assert statuses(answers) == [204, 422]
    assert Contact.objects.filter(username_folded=NEW).count() == 1
    assert sorted(map(str, (stored_email(contact), stored_email(other)))) in (
        sorted([NEW, "ben@example.com"]),
        sorted([STORED, NEW]),
    )
    assert ChangeSet.objects.filter(version=2).count() == 1


def test_v5_two_that_confirm_each_others_address_at_once_are_both_told(
    committed_world: World, contact: Contact, settings: Any
) -> None:
    settings.USERNAME_COUPLED_WITH_EMAIL = True
    settings.VERIFICATION_ATTEMPTS = 1000
    callers = [api(committed_world) for _ in range(2)]
    emails = ("a@example.com", "b@example.com")
    contacts = [make(committed_world, email) for email in emails]
    for caller, each, email in zip(callers, contacts, reversed(emails), strict=True):
        ask(caller, each, email)
    keys = [latest_key(each) for each in contacts]

    with Racers(2) as racers:
        for _ in range(100):
            answers = racers.run(
                [partial(verify, *call) for call in zip(callers, contacts, keys, strict=True)]
            )
            codes = [answer.json()["subCode"] for answer in answers]
            assert codes == ["UsernameNotUnique"] * 2

    for each, email in zip(contacts, emails, strict=True):
        assert (stored_email(each), versions(each)) == (email, [1])
        assert pending(each) is not None


def test_vk09_an_address_gets_its_share_also_at_one_instant(
    committed_world: World, contact: Contact, settings: Any
) -> None:
    settings.VERIFICATION_KEYS_PER_ADDRESS_AND_HOUR = 3
    callers = [api(committed_world) for _ in range(6)]
    with Racers(6) as racers:
        for number in range(ROUNDS):
            targets = [make(committed_world, f"c{number}-{n}@example.com") for n in range(6)]
            # One address in other spellings.
            email = f"New{number}@example.com"
            wanted = [email, email.lower()] * 3

            answers = racers.run(
                [partial(ask, *call) for call in zip(callers, targets, wanted, strict=True)]
            )

            assert statuses(answers) == [200] * 3 + [429] * 3
            assert sum(pending(target) is not None for target in targets) == 3

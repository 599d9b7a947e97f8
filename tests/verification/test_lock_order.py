"""The order in which locks are taken, on real connections: no two ever wait for each other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config.common.actors import SYSTEM
from config.common.idempotency import purge_expired
from config.common.models import IdempotencyKey, OutboxMessage
from config.common.outbox import outbox_cancel_about
from config.common.outbox.services import outbox_purge
from config.common.value_locks import LockSpace
from contacts.exceptions import UsernameNotUnique
from contacts.models import Contact, PendingChannel
from contacts.services.coupling import usernames_lock, usernames_write
from contacts.services.erasure import ErasureResult, contacts_erase
from contacts.services.verification import keys_purge
from tests.factories.api import Api, details_path
from tests.factories.fixtures import World
from tests.factories.keys import let_keys_age
from tests.factories.threads import TIMEOUT_SECONDS, wait_for_waiter
from tests.verification.conftest import MOBILE, NEW, OTHER, STORED, make


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    """A connection of its own."""
    with ThreadPoolExecutor(1) as pool:
        yield pool
        pool.submit(lambda: connection.close()).result(TIMEOUT_SECONDS)


def erase(*contacts: Contact) -> ErasureResult:
    with transaction.atomic():
        return contacts_erase(
            actor=SYSTEM, contact_ids=[contact.pk for contact in contacts], reason="Asked for."
        )


def test_u2_a_name_that_is_erased_and_taken_at_once_is_one_or_the_other(
    committed_world: World, settings: Any, other: ThreadPoolExecutor
) -> None:
    settings.USERNAME_COUPLED_WITH_EMAIL = True
    taker, erased = make(committed_world, STORED), make(committed_world, OTHER)

    with transaction.atomic():
        usernames_lock([STORED, OTHER])
        erasure = other.submit(erase, erased)
        wait_for_waiter()
        # The taker's index entry waits for every writer of the row that has the name.
        with pytest.raises(UsernameNotUnique), transaction.atomic():
            usernames_write({taker.pk: OTHER})

    assert erasure.result(TIMEOUT_SECONDS).erased == [erased.pk]
    names = Contact.objects.order_by("pk").values_list("pk", "username")
    assert dict(names) == {taker.pk: STORED, erased.pk: None}


def test_n4_an_erasure_locks_whole_rows_and_names_before_it_writes(world: World) -> None:
    first, second = make(world, STORED), make(world, OTHER)

    with CaptureQueriesContext(connection) as captured:
        erase(second, first)

    statements = [query["sql"] for query in captured]
    whole_rows = _index(statements, "ASC FOR UPDATE OF")
    names = _index(statements, f"pg_advisory_xact_lock({LockSpace.USERNAMES}::int")
    write = _index(statements, 'UPDATE "contacts_contact"')
    assert whole_rows < names < write


def _index(statements: list[str], part: str) -> int:
    return next(index for index, sql in enumerate(statements) if part in sql)


def test_v2_the_purge_of_keys_leaves_out_what_somebody_is_at(
    committed_world: World, other: ThreadPoolExecutor
) -> None:
    contact = make(committed_world)
    ask_for_both(committed_world.api(), contact)
    let_keys_age(minutes=11)
    hashes = PendingChannel.objects.exclude(key_hash=None).values_list("channel", flat=True)

    with transaction.atomic():
        PendingChannel.objects.select_for_update().get(channel="Email")
        assert without_waiting(other, keys_purge) == 1
        assert list(hashes.all()) == ["Email"]

    assert keys_purge() == 1
    assert not hashes.all().exists()


def test_v7_the_purge_of_messages_leaves_out_what_somebody_is_at(
    committed_world: World, other: ThreadPoolExecutor
) -> None:
    ask_for_both(committed_world.api(), make(committed_world))
    held, free = OutboxMessage.objects.order_by("pk")
    OutboxMessage.objects.update(state="Failed", expires_at=held.created_at)

    with transaction.atomic():
        outbox_cancel_about(held.about)
        assert without_waiting(other, outbox_purge) == 0
        free.refresh_from_db()
        assert free.sealed is None


def test_v7_the_removal_of_messages_leaves_out_what_somebody_is_at(
    committed_world: World, other: ThreadPoolExecutor, settings: Any
) -> None:
    settings.OUTBOX_KEPT_DAYS = 0
    ask_for_both(committed_world.api(), make(committed_world))
    held, _ = OutboxMessage.objects.order_by("pk")
    OutboxMessage.objects.update(state="Failed", finished_at=held.created_at)

    with transaction.atomic():
        OutboxMessage.objects.select_for_update().get(pk=held.pk)
        assert without_waiting(other, outbox_purge) == 1
        assert list(OutboxMessage.objects.values_list("pk", flat=True)) == [held.pk]

    assert outbox_purge() == 1


def test_d10_the_purge_of_answers_leaves_out_what_somebody_is_at(
    committed_world: World, other: ThreadPoolExecutor
) -> None:
    api, contact = committed_world.api(), make(committed_world)
    for key in ("held", "free"):
        body = {"details": {"person": {"nickname": key}}}
        assert api.patch(details_path(contact.pk), body, Idempotency_Key=key).status_code == 200
    held, _ = IdempotencyKey.objects.order_by("pk")
    IdempotencyKey.objects.update(expires_at=held.created_at)

    with transaction.atomic():
        IdempotencyKey.objects.select_for_update().get(pk=held.pk)
        assert without_waiting(other, purge_expired) == 1
        assert list(IdempotencyKey.objects.values_list("pk", flat=True)) == [held.pk]

    assert purge_expired() == 1


def ask_for_both(api: Api, contact: Contact) -> None:
    body = {"details": {"channels": {"email": NEW, "mobile": MOBILE}}}
    assert api.patch(details_path(contact.pk), body).status_code == 200


def without_waiting(other: ThreadPoolExecutor, work: Callable[[], int]) -> int:
    """What `work` gives; it fails when it has to wait for a lock."""

    def run() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        return work()

    return other.submit(run).result(TIMEOUT_SECONDS)

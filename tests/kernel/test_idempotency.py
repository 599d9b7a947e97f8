"""Safe retries (D10) and the transaction that services join."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from queue import Queue

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.celery import app
from config.common import idempotency
from config.common.db import atomic, joinable_atomic
from config.common.exceptions import BadRequest, Unprocessable
from config.common.idempotency import (
    IdempotencyKeyReused,
    RequestInProgress,
    fingerprint_of,
    parse_key,
    purge_expired,
    run_once,
)
from config.common.models import IdempotencyKey
from tests.factories.threads import TIMEOUT_SECONDS

CALLER = "app:1/member:2"
PRINT = fingerprint_of("POST", "/v1.1/contacts", b"{}")
Action = Callable[[], HttpResponse]


def write(key: str = "colours") -> HttpResponse:
    """A service's write with its answer."""
    with atomic():
        Group.objects.create(name=key)
    return HttpResponse(
        b'{"id":1}', status=201, headers={"ETag": '"1"', "Location": "/x", "X-Other": "no"}
    )


def once(
    action: Action = write,
    *,
    keys: tuple[str, ...] = ("k",),
    caller: str = CALLER,
    print_: bytes = PRINT,
) -> HttpResponse:
    return run_once(caller=caller, keys=keys, fingerprint=print_, action=action)


@pytest.mark.parametrize("key", ["a", "!~", "x" * 255])
def test_d10_a_key_is_visible_ascii(key: str) -> None:
    assert parse_key(key) == key
    assert parse_key(None) is None


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "é", "a\n", "\x7f"])
def test_d10_other_keys_are_refused(key: str) -> None:
    with pytest.raises(BadRequest):
        parse_key(key)


def test_d10_method_path_query_and_body_tell_requests_apart() -> None:
    prints = {
        fingerprint_of("POST", "/a", b"{}"),
        fingerprint_of("PUT", "/a", b"{}"),
        fingerprint_of("POST", "/a?b=1", b"{}"),
        fingerprint_of("POST", "/a", b"{} "),
    }

    assert len(prints) == 4


@pytest.mark.django_db
def test_d10_without_keys_nothing_is_kept() -> None:
    assert once(keys=()).status_code == 201

    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_d10_the_same_request_gets_the_first_answer_again() -> None:
    first = once()
    second = once()

    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert (second.status_code, second.content) == (201, b'{"id":1}')
    assert (second["ETag"], second["Location"], second["Content-Type"]) == (
        '"1"',
        "/x",
        first["Content-Type"],
    )
    assert "X-Other" not in second
    assert Group.objects.filter(name="colours").count() == 1


@pytest.mark.django_db
def test_d10_an_answer_is_kept_for_24_hours() -> None:
    once()

    [row] = IdempotencyKey.objects.all()
    assert row.expires_at - row.created_at == timedelta(hours=24)
    assert bytes(row.key_hash) != b"k"


@pytest.mark.django_db
def test_d10_another_request_with_the_key_is_409() -> None:
    once()

    with pytest.raises(IdempotencyKeyReused) as caught:
        once(print_=fingerprint_of("POST", "/v1.1/contacts", b'{"a":1}'))
    assert caught.value.sub_code == "IdempotencyKeyReused"


@pytest.mark.django_db
def test_d10_keys_belong_to_their_caller() -> None:
    once()

    response = once(lambda: write("sizes"), caller="app:1/member:3")

    assert "Idempotency-Replayed" not in response
    assert Group.objects.filter(name="sizes").exists()


@pytest.mark.django_db
def test_d10_either_of_two_keys_finds_the_answer() -> None:
    once(keys=("header", "correlation"))

    assert once(keys=("header",))["Idempotency-Replayed"] == "true"
    assert once(keys=("correlation", "new"))["Idempotency-Replayed"] == "true"
    assert IdempotencyKey.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("status", [200, 202, 204])
def test_d10_every_2xx_answer_is_kept(status: int) -> None:
    def answer() -> HttpResponse:
        response = HttpResponse(status=status)
        del response["Content-Type"]
        return response

    once(answer)

    replayed = once()
    assert dict(replayed.items()) == {"Idempotency-Replayed": "true"}
    assert (replayed.status_code, replayed.content) == (status, b"")


@pytest.mark.django_db
def test_d10_answers_other_than_2xx_are_not_kept() -> None:
    once(lambda: HttpResponse(status=409))

    assert once().status_code == 201


@pytest.mark.django_db
def test_d10_an_error_leaves_neither_writes_nor_key() -> None:
    def fails() -> HttpResponse:
        write()
        raise Unprocessable

    with pytest.raises(Unprocessable):
        once(fails)

    assert not Group.objects.filter(name="colours").exists()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_d10_an_error_inside_the_service_rolls_all_back_though_it_is_caught() -> None:
    def fails_inside() -> HttpResponse:
        write()
        with pytest.raises(Unprocessable), atomic():
            raise Unprocessable
        return HttpResponse(status=200)

    with pytest.raises(transaction.TransactionManagementError):
        once(fails_inside)

    assert not Group.objects.filter(name="colours").exists()


@pytest.mark.django_db
def test_d10_an_expired_answer_is_replaced() -> None:
    once()
    IdempotencyKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    response = once(lambda: HttpResponse(b"new"), print_=fingerprint_of("PUT", "/other", b""))

    assert response.content == b"new"
    [row] = IdempotencyKey.objects.all()
    assert bytes(row.body) == b"new"
    assert row.expires_at > timezone.now()


@pytest.mark.django_db
def test_d10_a_key_costs_two_statements() -> None:
    with CaptureQueriesContext(connection) as queries:
        once(lambda: HttpResponse(status=200))

    statements = [query["sql"].split()[0] for query in queries]
    assert [word for word in statements if word not in {"SAVEPOINT", "RELEASE"}] == [
        "SELECT",
        "INSERT",
    ]


@pytest.mark.django_db
def test_a_service_joins_the_request_s_transaction_without_savepoint() -> None:
    with joinable_atomic(), CaptureQueriesContext(connection) as queries, atomic():
        Group.objects.create(name="a")

    assert [query["sql"].split()[0] for query in queries] == ["INSERT"]


@pytest.mark.django_db
def test_a_nested_service_has_its_own_savepoint() -> None:
    with joinable_atomic(), atomic():
        Group.objects.create(name="a")
        with suppress(Unprocessable), atomic():
            Group.objects.create(name="b")
            raise Unprocessable

    assert set(Group.objects.filter(name__in=["a", "b"]).values_list("name", flat=True)) == {"a"}


@pytest.mark.django_db
def test_outside_of_requests_a_service_has_a_plain_transaction() -> None:
    @atomic()
    def service() -> None:
        Group.objects.create(name="a")
        raise Unprocessable

    for _ in range(2):
        with pytest.raises(Unprocessable):
            service()

    assert not Group.objects.filter(name="a").exists()


@pytest.mark.django_db(transaction=True)
def test_the_request_s_transaction_commits_what_the_service_wrote() -> None:
    once()

    assert Group.objects.filter(name="colours").exists()
    assert IdempotencyKey.objects.count() == 1


def in_thread(work: Callable[[], object], results: Queue[object]) -> threading.Thread:
    def run() -> None:
        try:
            results.put(work())
        except Exception as error:
            results.put(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_d10_a_key_still_in_work_is_409() -> None:
    started, finish = threading.Event(), threading.Event()
    results: Queue[object] = Queue()

    def slow() -> HttpResponse:
        started.set()
        assert finish.wait(TIMEOUT_SECONDS)
        return write()

    thread = in_thread(lambda: once(slow).status_code, results)
    assert started.wait(TIMEOUT_SECONDS)
    with pytest.raises(RequestInProgress) as caught:
        once()
    assert once(lambda: write("sizes"), keys=("other",)).status_code == 201
    finish.set()
    thread.join()

    assert results.get() == 201
    assert caught.value.headers == {"Retry-After": "1"}
    assert once()["Idempotency-Replayed"] == "true"


@pytest.mark.django_db(transaction=True)
def test_d10_parallel_requests_write_once() -> None:
    for number in range(20):
        results: Queue[object] = Queue()
        barrier = threading.Barrier(4)

        def work(key: str = f"key-{number}", gate: threading.Barrier = barrier) -> object:
            gate.wait(TIMEOUT_SECONDS)
            return once(lambda: write(key), keys=(key,)).status_code

        threads = [in_thread(work, results) for _ in range(4)]
        for thread in threads:
            thread.join()

        outcomes = [results.get() for _ in threads]
        refused = [outcome for outcome in outcomes if outcome != 201]
        assert len(refused) < 4
        assert [type(outcome) for outcome in refused] == [RequestInProgress] * len(refused)
        assert Group.objects.filter(name=f"key-{number}").count() == 1


@pytest.mark.django_db(transaction=True)
def test_d10_an_answer_committed_while_we_looked_is_replayed() -> None:
    """The first look misses the row, as when it was committed between look and lock."""
    calls: list[str] = []

    def overtaken() -> HttpResponse:
        calls.append("ran")
        thread = in_thread(_store_directly, Queue())
        thread.join()
        return write("doomed")

    response = once(overtaken)

    assert response["Idempotency-Replayed"] == "true"
    assert response.content == b"first"
    assert calls == ["ran"]
    assert not Group.objects.filter(name="doomed").exists()


def _store_directly() -> None:
    run = idempotency._Run(CALLER, ["k"], PRINT)
    with transaction.atomic():
        run._store(HttpResponse(b"first"))


@pytest.mark.django_db
def test_d10_the_purge_removes_only_what_has_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "PURGE_BATCH", 2)
    for number in range(6):
        once(lambda: HttpResponse(status=200), keys=(f"k{number}",))
    old = IdempotencyKey.objects.order_by("id")[:5].values("id")
    IdempotencyKey.objects.filter(id__in=old).update(expires_at=timezone.now() - timedelta(hours=1))

    assert purge_expired() == 5
    assert purge_expired() == 0
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["idempotency_purge_task", "sign_in_attempts_purge_task", "tokens_purge_task"]
)
def test_purge_tasks_can_run_twice(name: str) -> None:
    app.loader.import_default_modules()
    task = app.tasks[f"config.common.tasks.{name}"]

    task()
    task()

    assert task.acks_late

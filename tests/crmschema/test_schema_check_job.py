"""The job that examines the stored documents: started, killed, taken over, swept (S4)."""

from typing import Any

import pytest
from django.db.models.functions import Now

from config.common.actors import SYSTEM
from config.common.broker import ask_worker
from config.common.exceptions import NotFound
from config.common.models import AuditEvent
from crmschema.exceptions import ConcurrencyConflict, SchemaInvalid
from crmschema.models import SchemaCheck
from crmschema.services import checks, clearance, jobs, schema_check_run, schema_check_start
from crmschema.tasks import schema_check_task, schema_checks_sweep_task
from tests.crmschema.nickname import Status, found, required_nickname, token
from tests.factories.checks import make_check
from tests.factories.fixtures import World
from tests.factories.schemas import component, form, tiny_schema


def test_h3_starting_a_check_is_audited_and_saves_nothing(world: World) -> None:
    check = schema_check_start(
        actor=world.actor(world.petra), key="tiny", schema=tiny_schema(), concurrency_token=1
    )

    event = AuditEvent.objects.latest("pk")
    assert (event.operation, event.object_type, event.object_id, event.member) == (
        "startSchemaCheck",
        "schemaCheck",
        str(check.uid),
        world.petra,
    )
    assert (check.status, token()) == (Status.QUEUED, 1)


def test_s4_a_check_of_nothing_or_of_something_bad_is_not_started(world: World) -> None:
    def start(key: str, text: str, number: int) -> None:
        schema_check_start(actor=SYSTEM, key=key, schema=text, concurrency_token=number)

    with pytest.raises(NotFound):
        start("none", "no JSON", 1)
    with pytest.raises(ConcurrencyConflict):
        start("tiny", "no JSON", 2)
    with pytest.raises(SchemaInvalid):
        start("tiny", "no JSON", 1)
    assert not SchemaCheck.objects.exists()


def test_s4_a_check_goes_on_where_another_worker_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearance, "PAGE", 2)
    ids = [world.contact().pk for _ in range(5)]
    check = schema_check_start(
        actor=SYSTEM, key="tiny", schema=required_nickname(), concurrency_token=1
    )
    looked: list[int] = []
    original = clearance.tally_page

    def dying(tally: Any, examiner: Any, kind: str, page: Any) -> None:
        looked.extend(document.id for document in page)
        if len(looked) == 4:
            raise MemoryError
        original(tally, examiner, kind, page)

    monkeypatch.setattr(checks, "tally_page", dying)
    with pytest.raises(MemoryError):
        schema_check_run(check_id=check.pk)

    schema_check_run(check_id=check.pk)
    assert SchemaCheck.objects.get().status == Status.RUNNING  # somebody may still be at it
    SchemaCheck.objects.update(heartbeat_at=Now() - jobs.STALE)
    monkeypatch.setattr(checks, "tally_page", lambda *args: (looked.extend([0]), original(*args)))
    schema_check_task(check.pk)

    assert found(check) == [("contact", "person.nickname", "Required", 5, ids)]
    assert (check.status, check.attempt, check.checked) == (Status.FINISHED, 2, 5)
    assert looked == [*ids[:4], 0, 0]
    schema_check_run(check_id=check.pk)
    assert SchemaCheck.objects.get().attempt == 2


def test_s4_a_kind_that_has_been_examined_is_not_examined_again(world: World) -> None:
    world.contact()
    check = schema_check_start(
        actor=SYSTEM, key="tiny", schema=required_nickname(), concurrency_token=1
    )
    SchemaCheck.objects.update(source=1)

    schema_check_run(check_id=check.pk)

    assert (found(check), check.status, check.checked) == ([], Status.FINISHED, 0)


@pytest.mark.parametrize("moment", ["mark", "page"])
def test_s4_a_worker_that_was_replaced_stops_writing(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    world.contact()
    check = schema_check_start(
        actor=SYSTEM, key="tiny", schema=required_nickname(), concurrency_token=1
    )

    def replaced(*args: Any) -> int:
        SchemaCheck.objects.update(attempt=9)
        return 0

    name = "writes_fence" if moment == "mark" else "tally_page"
    monkeypatch.setattr(checks, name, replaced)
    schema_check_run(check_id=check.pk)

    assert (SchemaCheck.objects.get().status, found(check)) == (Status.RUNNING, [])


def test_s4_a_check_that_ever_fails_ends(world: World) -> None:
    check = schema_check_start(actor=SYSTEM, key="tiny", schema=tiny_schema(), concurrency_token=1)
    SchemaCheck.objects.update(attempt=checks.MAX_ATTEMPTS)

    schema_check_run(check_id=check.pk)

    assert SchemaCheck.objects.get().status == Status.FAILED


def test_s4_a_check_whose_turn_is_over_is_left_to_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        checks, "ask_worker", lambda task, pk, queue: asked.append((task, pk, queue))
    )
    monkeypatch.setattr(clearance, "PAGE", 2)
    monkeypatch.setattr(jobs, "TURN_SECONDS", -1.0)
    ids = [world.contact().pk for _ in range(5)]

    check = make_check(required_nickname())

    assert (check.status, check.attempt, check.checked) == (Status.QUEUED, 1, 2)
    assert asked[-1] == (checks.TASK, check.pk, "default")
    monkeypatch.setattr(jobs, "TURN_SECONDS", 60.0)
    schema_check_run(check_id=check.pk)
    assert found(check) == [("contact", "person.nickname", "Required", 5, ids)]
    assert (check.status, check.attempt, check.checked) == (Status.FINISHED, 2, 5)


def test_s4_a_check_that_gets_ahead_may_have_more_attempts(world: World) -> None:
    check = schema_check_start(actor=SYSTEM, key="tiny", schema=tiny_schema(), concurrency_token=1)
    SchemaCheck.objects.update(attempt=checks.MAX_ATTEMPTS, checked=checks.DOCUMENTS_AN_ATTEMPT)

    schema_check_run(check_id=check.pk)

    assert SchemaCheck.objects.get().status == Status.FINISHED


def test_s4_a_check_whose_text_is_refused_by_now_fails(world: World) -> None:
    check = schema_check_start(actor=SYSTEM, key="tiny", schema=tiny_schema(), concurrency_token=1)
    SchemaCheck.objects.update(schema=form(component("unknown", "x")))

    schema_check_run(check_id=check.pk)

    assert SchemaCheck.objects.get().status == Status.FAILED


def test_s4_the_sweep_asks_again_for_checks_that_nobody_is_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(
        checks, "ask_worker", lambda task, pk, queue: asked.append((task, pk, queue))
    )
    silent, at_work, fresh, done, old = (
        schema_check_start(actor=SYSTEM, key="tiny", schema=tiny_schema(), concurrency_token=1).pk
        for _ in range(5)
    )
    checks_of = SchemaCheck.objects.filter
    checks_of(pk__in=[silent, done]).update(heartbeat_at=Now() - jobs.STALE)
    checks_of(pk=at_work).update(status=Status.RUNNING)
    checks_of(pk__in=[done, old]).update(status=Status.FINISHED)
    checks_of(pk__in=[silent, old]).update(created_at=Now() - checks.KEPT)

    schema_checks_sweep_task()

    assert asked == [(checks.TASK, silent, checks.QUEUE)]
    assert set(SchemaCheck.objects.values_list("pk", flat=True)) == {silent, at_work, fresh, done}


def test_in02_a_check_asks_a_worker_after_the_commit(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        check = schema_check_start(
            actor=SYSTEM, key="tiny", schema=tiny_schema(), concurrency_token=1
        )

    [callback] = callbacks
    assert (callback.func, callback.args, callback.keywords) == (
        ask_worker,
        (checks.TASK, check.pk),
        {"queue": "default"},
    )


def test_s4_a_check_without_documents_or_changes_ends_at_once(world: World) -> None:
    assert make_check(tiny_schema()).checked == 0
    world.contact()
    assert make_check(tiny_schema()).checked == 1

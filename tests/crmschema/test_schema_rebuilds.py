"""The job that has names and filters follow a schema: started, killed, taken over, swept (S4)."""

from typing import Any

import pytest
from django.db.models.functions import Now

from config.common.actors import SYSTEM
from config.common.broker import ask_worker
from contacts.models import Contact
from crmschema.models import SchemaRebuild
from crmschema.services import jobs, rebuilds, schema_rebuild_run, schema_restore
from crmschema.tasks import schema_checks_sweep_task, schema_rebuild_task
from tests.crmschema.nickname import (
    filtered_by_nickname,
    nickname,
    save,
    stored_components,
)
from tests.factories.fixtures import World
from tests.factories.rebuilds import filters, run_rebuild
from tests.factories.schemas import form, tiny_details

Status = SchemaRebuild.Status


@pytest.fixture
def clients(world: World) -> list[Contact]:
    return [world.contact(tiny_details(nickname=f"n{number}")) for number in range(5)]


def labelled() -> str:
    components = stored_components()
    nickname(components)["label"] = "Called"
    return form(*components)


def unfiltered() -> str:
    components = stored_components()
    del nickname(components)["crm"]["isFilterable"]
    return form(*components)


def stopped(rebuild: SchemaRebuild) -> SchemaRebuild:
    """As it looks once its worker has been gone for long."""
    SchemaRebuild.objects.filter(pk=rebuild.pk).update(heartbeat_at=Now() - jobs.STALE)
    rebuild.refresh_from_db()
    return rebuild


def test_s4_a_save_that_takes_names_and_filters_from_the_same_fields_rebuilds_nothing(
    world: World,
) -> None:
    save(labelled())

    assert not SchemaRebuild.objects.exists()


def test_in02_a_rebuild_asks_a_worker_after_the_commit(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        save(filtered_by_nickname())

    [callback] = callbacks
    rebuild = SchemaRebuild.objects.get()
    assert (rebuild.status, rebuild.token, rebuild.attempt) == (Status.QUEUED, 2, 0)
    assert (callback.func, callback.args, callback.keywords) == (
        ask_worker,
        (rebuilds.TASK, rebuild.pk),
        {"queue": "maintenance"},
    )


def test_s4_a_rebuild_says_what_it_has_done(clients: list[Contact]) -> None:
    save(filtered_by_nickname())

    rebuild = run_rebuild()

    assert filters() == ["n0", "n1", "n2", "n3", "n4"]
    assert (rebuild.status, rebuild.attempt) == (Status.FINISHED, 1)
    assert (rebuild.total, rebuild.checked, rebuild.rebuilt) == (5, 5, 5)
    assert rebuild.finished_at is not None
    schema_rebuild_run(rebuild_id=rebuild.pk)
    assert SchemaRebuild.objects.get().attempt == 1


@pytest.mark.parametrize("batch", [2, 5])
def test_s4_a_rebuild_goes_through_batches_in_order_of_id(
    clients: list[Contact], monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(rebuilds, "PAGE", batch)
    save(filtered_by_nickname())

    rebuild = run_rebuild()

    assert filters() == ["n0", "n1", "n2", "n3", "n4"]
    assert (rebuild.checked, rebuild.rebuilt, rebuild.source, rebuild.after_id) == (5, 5, 2, 0)


def test_s4_a_rebuild_that_is_killed_goes_on_with_the_batch_it_was_at(
    clients: list[Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilds, "PAGE", 2)
    save(filtered_by_nickname())
    rebuild, original = SchemaRebuild.objects.get(), rebuilds.job_keep

    def dying(job: SchemaRebuild, **fields: Any) -> bool:
        if fields.get("checked") == 4:
            raise MemoryError
        return original(job, **fields)

    monkeypatch.setattr(rebuilds, "job_keep", dying)
    with pytest.raises(MemoryError):
        schema_rebuild_run(rebuild_id=rebuild.pk)
    monkeypatch.setattr(rebuilds, "job_keep", original)

    rebuild.refresh_from_db()
    assert filters() == ["n0", "n1", None, None, None]
    assert (rebuild.checked, rebuild.rebuilt, rebuild.after_id) == (2, 2, clients[1].pk)
    schema_rebuild_run(rebuild_id=rebuild.pk)  # somebody may still be at it
    assert filters() == ["n0", "n1", None, None, None]
    schema_rebuild_task(stopped(rebuild).pk)
    rebuild.refresh_from_db()
    assert filters() == ["n0", "n1", "n2", "n3", "n4"]
    assert (rebuild.status, rebuild.attempt) == (Status.FINISHED, 2)
    assert (rebuild.checked, rebuild.rebuilt) == (5, 5)


@pytest.mark.parametrize("moment", ["total", "checked"])
def test_s4_a_worker_that_was_replaced_leaves_the_rebuild_to_the_other(
    clients: list[Contact], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    monkeypatch.setattr(rebuilds, "PAGE", 2)
    save(filtered_by_nickname())
    original = rebuilds.job_keep

    def replaced(job: SchemaRebuild, **fields: Any) -> bool:
        if moment in fields:
            SchemaRebuild.objects.update(attempt=9)
        return original(job, **fields)

    monkeypatch.setattr(rebuilds, "job_keep", replaced)
    rebuild = run_rebuild()

    assert (rebuild.status, rebuild.attempt, rebuild.checked) == (Status.RUNNING, 9, 0)
    # The batch under way is kept: it is right, whoever did it.
    assert filters() == ([None] * 5 if moment == "total" else ["n0", "n1", None, None, None])


def test_s4_a_rebuild_that_ever_fails_is_tried_again(clients: list[Contact]) -> None:
    save(filtered_by_nickname())
    SchemaRebuild.objects.update(attempt=99, status=Status.RUNNING)
    stopped(SchemaRebuild.objects.get())

    rebuild = run_rebuild()

    assert (rebuild.status, rebuild.attempt) == (Status.FINISHED, 100)
    assert filters() == ["n0", "n1", "n2", "n3", "n4"]


def test_s4_a_rebuild_whose_turn_is_over_is_left_to_the_next(
    clients: list[Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        rebuilds, "ask_worker", lambda task, pk, queue: asked.append((task, pk, queue))
    )
    monkeypatch.setattr(rebuilds, "PAGE", 2)
    monkeypatch.setattr(jobs, "TURN_SECONDS", -1.0)
    save(filtered_by_nickname())

    rebuild = run_rebuild()

    assert (rebuild.status, rebuild.attempt, rebuild.checked) == (Status.QUEUED, 1, 2)
    assert filters() == ["n0", "n1", None, None, None]
    assert asked == [(rebuilds.TASK, rebuild.pk, "maintenance")]
    monkeypatch.setattr(jobs, "TURN_SECONDS", 60.0)
    rebuild = run_rebuild()
    assert (rebuild.status, rebuild.attempt, rebuild.checked) == (Status.FINISHED, 2, 5)
    assert filters() == ["n0", "n1", "n2", "n3", "n4"]


def test_s4_the_sweep_notices_a_save_that_left_no_rebuild(clients: list[Contact]) -> None:
    """As a web process of before there were rebuilds leaves it, while others are upgraded."""
    save(filtered_by_nickname())
    SchemaRebuild.objects.all().delete()

    schema_checks_sweep_task()
    schema_checks_sweep_task()

    assert SchemaRebuild.objects.get().status == Status.QUEUED
    assert run_rebuild().rebuilt == 5
    assert filters() == ["n0", "n1", "n2", "n3", "n4"]
    schema_checks_sweep_task()
    assert SchemaRebuild.objects.count() == 1


def test_s4_the_sweep_leaves_alone_what_needs_no_rebuild(clients: list[Contact]) -> None:
    save(labelled())
    schema_checks_sweep_task()
    assert not SchemaRebuild.objects.exists()

    save(filtered_by_nickname(), token=2)
    run_rebuild(3)
    save(labelled(), token=3)
    schema_checks_sweep_task()

    assert SchemaRebuild.objects.get().status == Status.FINISHED


def test_s4_a_later_save_takes_an_unfinished_rebuild_over(clients: list[Contact]) -> None:
    save(filtered_by_nickname())
    save(unfiltered(), token=2)
    earlier, later = SchemaRebuild.objects.order_by("token")

    schema_rebuild_run(rebuild_id=earlier.pk)
    schema_rebuild_run(rebuild_id=later.pk)

    assert filters() == [None] * 5
    kept = SchemaRebuild.objects.order_by("token").values_list("status", "checked", "rebuilt")
    assert list(kept) == [(Status.SUPERSEDED, 0, 0), (Status.FINISHED, 5, 0)]


def test_s4_a_rebuild_that_is_at_work_stops_for_a_later_one(
    clients: list[Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilds, "PAGE", 2)
    save(filtered_by_nickname())
    original = rebuilds.job_keep

    def saved_meanwhile(job: SchemaRebuild, **fields: Any) -> bool:
        kept = original(job, **fields)
        if fields.get("checked") == 2:
            save(unfiltered(), token=2)
        return kept

    monkeypatch.setattr(rebuilds, "job_keep", saved_meanwhile)
    earlier = run_rebuild()
    monkeypatch.setattr(rebuilds, "job_keep", original)
    assert filters() == ["n0", "n1", None, None, None]
    assert (earlier.status, earlier.checked) == (Status.SUPERSEDED, 2)

    later = run_rebuild(3)

    assert filters() == [None] * 5
    assert (later.status, later.checked, later.rebuilt) == (Status.FINISHED, 5, 2)


def test_s4_a_save_of_other_things_leaves_a_rebuild_at_work(clients: list[Contact]) -> None:
    save(filtered_by_nickname())
    save(labelled(), token=2)

    rebuild = run_rebuild()

    assert SchemaRebuild.objects.count() == 1
    assert (rebuild.status, rebuild.rebuilt) == (Status.FINISHED, 5)
    assert filters() == ["n0", "n1", "n2", "n3", "n4"]


def test_s4_restoring_a_version_restores_its_names_and_filters(clients: list[Contact]) -> None:
    save(filtered_by_nickname())
    run_rebuild()

    schema_restore(actor=SYSTEM, key="tiny", version=1, concurrency_token=2)
    rebuild = run_rebuild(3)

    assert filters() == [None] * 5
    assert (rebuild.status, rebuild.rebuilt) == (Status.FINISHED, 5)


def test_s4_the_sweep_asks_again_for_rebuilds_that_nobody_is_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        rebuilds, "ask_worker", lambda task, pk, queue: asked.append((task, pk, queue))
    )
    save(filtered_by_nickname())
    rebuild = SchemaRebuild.objects.get()

    schema_checks_sweep_task()
    assert asked == []
    stopped(rebuild)
    schema_checks_sweep_task()
    assert asked == [(rebuilds.TASK, rebuild.pk, "maintenance")]
    run_rebuild()
    stopped(rebuild)
    schema_checks_sweep_task()
    assert len(asked) == 1

"""Names and filters converge, whoever saves, writes or dies at the same time (S4, S5)."""

from itertools import count
from threading import Event, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from contacts.models import Contact
from contacts.selectors.targets import targets_get_for_update
from contacts.services import rebuild
from contacts.services.derived import stored_columns
from crmschema.models import CrmSchema, SchemaRebuild
from crmschema.services import jobs, rebuilds, schema_rebuild_run
from tests.crmschema.nickname import (
    filtered_by_nickname,
    named_by_nickname,
    nickname,
    save,
    stored_components,
)
from tests.factories.checks import save_accepting
from tests.factories.fixtures import World
from tests.factories.rebuilds import filters, run_rebuild
from tests.factories.schemas import form, tiny_details
from tests.factories.submissions import ref_of, submit
from tests.factories.threads import TIMEOUT_SECONDS, Racers, wait_for_waiter

Status = SchemaRebuild.Status
ROUNDS = 6
COLUMNS = ("search", "display_name", "display_name_folded")


@pytest.fixture
def clients(committed_world: World) -> list[Contact]:
    return [committed_world.contact(tiny_details(nickname=f"n{number}")) for number in range(5)]


class Worker:
    """A thread that runs a rebuild, and what became of it."""

    def __init__(self, job: SchemaRebuild) -> None:
        self.error: OperationalError | None = None
        self._id = job.pk
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            schema_rebuild_run(rebuild_id=self._id)
        except OperationalError as error:
            self.error = error
        finally:
            connection.close()

    def join(self) -> None:
        self._thread.join(TIMEOUT_SECONDS)
        assert not self._thread.is_alive()


def run_all() -> None:
    for job in SchemaRebuild.objects.filter(status__in=jobs.AT_WORK):
        schema_rebuild_run(rebuild_id=job.pk)


def filtered(*, is_filterable: bool) -> str:
    components = stored_components()
    nickname(components)["crm"]["isFilterable"] = is_filterable
    return form(*components)


def lock_row(contact: Contact) -> None:
    Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)


def test_s4_a_contact_that_is_written_meanwhile_has_the_columns_of_what_was_written(
    committed_world: World, clients: list[Contact]
) -> None:
    save(filtered_by_nickname())

    with transaction.atomic():
        submit(committed_world.actor(), clients[3], {"person": {"nickname": "Late"}})
        worker = Worker(SchemaRebuild.objects.get())
        wait_for_waiter()
    worker.join()

    assert filters() == ["n0", "n1", "n2", "late", "n4"]
    job = SchemaRebuild.objects.get()
    # The writer has done it for the fourth.
    assert (job.status, job.checked, job.rebuilt) == (Status.FINISHED, 5, 4)


def test_s4_a_batch_treats_contacts_by_the_schema_that_is_current_under_their_locks(
    clients: list[Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    save(filtered_by_nickname())
    earlier = SchemaRebuild.objects.get()
    look = rebuild.targets_with_columns
    looked, saved = Event(), Event()

    def look_before_the_save(*args: Any, **options: Any) -> Any:
        found = look(*args, **options)
        looked.set()
        assert saved.wait(TIMEOUT_SECONDS)
        return found

    monkeypatch.setattr(rebuild, "targets_with_columns", look_before_the_save)
    worker = Worker(earlier)
    assert looked.wait(TIMEOUT_SECONDS)
    save_accepting(named_by_nickname(), token=2)
    saved.set()
    worker.join()

    names = [contact.display_name for contact in Contact.objects.order_by("pk")]
    assert names == filters() == ["n0", "n1", "n2", "n3", "n4"]
    earlier.refresh_from_db()
    assert (earlier.status, earlier.checked) == (Status.SUPERSEDED, 0)
    later = run_rebuild(3)
    assert (later.status, later.checked, later.rebuilt) == (Status.FINISHED, 5, 0)


def test_s4_a_worker_that_dies_in_a_batch_leaves_nothing_half_done(
    clients: list[Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilds, "PAGE", 2)
    save(filtered_by_nickname())
    job = SchemaRebuild.objects.get()

    with transaction.atomic():
        lock_row(clients[3])
        worker = Worker(job)
        wait_for_waiter()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
        worker.join()

    job.refresh_from_db()
    assert worker.error is not None
    assert filters() == ["n0", "n1", None, None, None]
    assert (job.status, job.checked, job.rebuilt) == (Status.RUNNING, 2, 2)
    SchemaRebuild.objects.update(heartbeat_at=Now() - jobs.STALE)
    job = run_rebuild()
    assert filters() == ["n0", "n1", "n2", "n3", "n4"]
    assert (job.status, job.checked, job.rebuilt) == (Status.FINISHED, 5, 5)


def test_s4_two_workers_share_no_rebuild(clients: list[Contact]) -> None:
    save(filtered_by_nickname())
    rebuild_id = SchemaRebuild.objects.get().pk

    with Racers(2) as racers:
        racers.run([lambda: schema_rebuild_run(rebuild_id=rebuild_id)] * 2)

    job = SchemaRebuild.objects.get()
    assert (job.attempt, job.status) == (1, Status.FINISHED)
    assert (job.checked, job.rebuilt) == (5, 5)


def test_s5_saves_writes_and_rebuilds_at_once_end_with_the_columns_of_the_last_schema(
    committed_world: World, clients: list[Contact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilds, "PAGE", 2)
    actor, numbers = committed_world.actor(), count()

    def save_often() -> None:
        for token in range(1, ROUNDS + 1):
            save(filtered(is_filterable=token % 2 == 1), token=token)

    def write_often() -> None:
        for contact in clients * ROUNDS:
            submit(actor, contact, {"person": {"nickname": f"w{next(numbers)}"}})

    def rebuild_often() -> None:
        for _ in range(ROUNDS):
            run_all()

    with Racers(3) as racers:
        racers.run([save_often, write_often, rebuild_often])
    run_all()

    assert CrmSchema.objects.get().concurrency_token == ROUNDS + 1
    with transaction.atomic():
        states = targets_get_for_update([ref_of(contact) for contact in clients])
    stored = {
        contact.pk: Contact.objects.values(*COLUMNS).get(pk=contact.pk) for contact in clients
    }
    assert stored == {pk: stored_columns(state) for pk, state in states.items()}
    assert filters() == [None] * 5
    statuses = set(SchemaRebuild.objects.values_list("status", flat=True))
    assert statuses <= {Status.FINISHED, Status.SUPERSEDED}

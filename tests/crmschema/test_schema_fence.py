"""The mark of a check: which writes are "changed since" (S4)."""

from threading import Event, Thread

from django.db import connection, transaction

from contacts.documents import writes_mark
from contacts.models import ChangeSet
from crmschema.locks import schema_lock_shared
from crmschema.models import CrmSchema
from crmschema.services.fence import writes_fence
from tests.factories.fixtures import World
from tests.factories.submissions import submit
from tests.factories.threads import TIMEOUT_SECONDS


def test_s4_the_mark_is_that_of_the_latest_write(world: World) -> None:
    contact = world.contact()
    before = writes_mark()

    submit(world.actor(), contact, {"person": {"nickname": "x"}})

    assert writes_mark() == before + 1 == ChangeSet.objects.latest("pk").pk


def test_s4_the_fence_waits_for_writers_that_are_at_work_and_keeps_nobody_waiting(
    committed_world: World,
) -> None:
    world = committed_world
    contact, actor = world.contact(), world.actor()
    schema_id = CrmSchema.objects.get(key="tiny").pk
    marks: list[int] = []
    fenced = Event()

    def fence() -> None:
        marks.append(writes_fence(schema_id))
        fenced.set()
        connection.close()

    waiting = Thread(target=fence)
    with transaction.atomic():
        schema_lock_shared(schema_id)
        submit(actor, contact, {"person": {"nickname": "x"}})
        waiting.start()
        assert not fenced.wait(0.5)
        # Another writer gets through meanwhile, which it would not with the exclusive lock.
        other = Thread(target=lambda: (_take_and_leave(schema_id), connection.close()))
        other.start()
        other.join(TIMEOUT_SECONDS)
        assert not other.is_alive()
    waiting.join(TIMEOUT_SECONDS)

    # The write that was under way has a number up to the mark, and is visible by now.
    assert marks == [ChangeSet.objects.latest("pk").pk]


def _take_and_leave(schema_id: int) -> None:
    with transaction.atomic():
        schema_lock_shared(schema_id)

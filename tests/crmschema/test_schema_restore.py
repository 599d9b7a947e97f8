"""Earlier versions of a schema: compared and restored (S2)."""

import pytest

from config.common.actors import SYSTEM
from config.common.exceptions import NotFound
from crmschema.exceptions import BreakingChange, ConcurrencyConflict
from crmschema.models import CrmSchema
from crmschema.selectors import schema_versions_diff
from crmschema.services import schema_restore
from tests.crmschema.nickname import save, without_nickname
from tests.factories.checks import make_check, save_accepting
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details


def test_s2_an_earlier_version_is_restored_as_the_next(world: World) -> None:
    world.contact(tiny_details(nickname="x"))
    first = CrmSchema.objects.get(key="tiny").schema
    save_accepting(without_nickname())

    restored = schema_restore(actor=SYSTEM, key="tiny", version=1, concurrency_token=2)

    assert (restored.concurrency_token, restored.schema) == (3, first)
    with pytest.raises(ConcurrencyConflict):
        schema_restore(actor=SYSTEM, key="tiny", version=1, concurrency_token=2)
    with pytest.raises(BreakingChange):
        schema_restore(actor=SYSTEM, key="tiny", version=2, concurrency_token=3)
    for key, version in (("tiny", 9), ("none", 1)):
        with pytest.raises(NotFound):
            schema_restore(actor=SYSTEM, key=key, version=version, concurrency_token=3)
    check = make_check(without_nickname(), token=3)
    again = schema_restore(
        actor=SYSTEM, key="tiny", version=2, concurrency_token=3, accepted_check=check.uid
    )
    assert again.concurrency_token == 4


def test_s2_the_difference_of_two_versions(world: World) -> None:
    save(without_nickname())

    def kinds(first: int, second: int) -> list[tuple[str, str]]:
        changes = schema_versions_diff(key="tiny", from_token=first, to_token=second)
        return [(change.kind.value, change.path) for change in changes]

    assert kinds(1, 2) == [("Removed", "person.nickname")]
    assert kinds(2, 1) == [("Added", "person.nickname")]
    assert kinds(1, 1) == []
    with pytest.raises(NotFound):
        kinds(1, 3)

"""Who advises a contact, and where members stand (A2, A3, H3)."""

import pytest

from config.common.actors import SYSTEM
from config.common.exceptions import NotFound
from config.common.models import AuditEvent
from contacts.models import Contact, MemberClosure
from contacts.services.members import (
    HierarchyCycle,
    MemberUpdate,
    member_tokens_revoke,
    member_update,
)
from tests.factories.api import members_path
from tests.factories.fixtures import World


@pytest.fixture
def contact(world: World) -> Contact:
    return world.contact()


def advisers(contact: Contact) -> set[str]:
    return set(contact.assignments.values_list("member__username", flat=True))


def events(operation: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(operation=operation))


def test_exactly_the_named_members_advise(world: World, contact: Contact) -> None:
    before = len(events("assignContact"))

    answer = world.api().put(
        members_path(contact.pk), {"memberUids": [str(world.ben.uid), str(world.anna.uid)]}
    )

    assert (answer.status_code, answer.content) == (204, b"")
    assert advisers(contact) == {"anna", "ben"}
    assert len(events("assignContact")) == before + 1


def test_the_same_members_again_change_nothing(world: World, contact: Contact) -> None:
    before = len(events("assignContact"))
    kept = contact.assignments.get().pk

    world.api().put(members_path(contact.pk), {"memberUids": [str(world.anna.uid)] * 2})

    assert contact.assignments.get().pk == kept
    assert len(events("assignContact")) == before


def test_nobody_may_be_left(world: World, contact: Contact) -> None:
    assert world.api().put(members_path(contact.pk), {"memberUids": []}).status_code == 204
    assert advisers(contact) == set()


@pytest.mark.parametrize("uids", [None, "x", ["x"], [5], ["00000000-0000-0000-0000-000000000000"]])
def test_wrong_members_are_refused(world: World, contact: Contact, uids: object) -> None:
    answer = world.api().put(members_path(contact.pk), {"memberUids": uids})

    assert answer.status_code == 400
    assert advisers(contact) == {"anna"}


def test_an_inactive_member_advises_nobody_new(world: World, contact: Contact) -> None:
    world.carl.is_active = False
    world.carl.save()

    answer = world.api().put(members_path(contact.pk), {"memberUids": [str(world.carl.uid)]})

    assert answer.status_code == 400


def test_d10_a_repeated_assignment_is_replayed(world: World, contact: Contact) -> None:
    path, body = members_path(contact.pk), {"memberUids": [str(world.ben.uid)]}

    first = world.api().put(path, body, Idempotency_Key="k1")
    again = world.api().put(path, body, Idempotency_Key="k1")

    assert (first.status_code, again.status_code) == (204, 204)
    assert again["Idempotency-Replayed"] == "true"


# --- The hierarchy -----------------------------------------------------------------------------
def closure() -> set[tuple[str, str, int]]:
    rows = MemberClosure.objects.values_list("ancestor__username", "descendant__username", "depth")
    return {(above, below, depth) for above, below, depth in rows if depth}


def move(world: World, name: str, manager: str | None) -> None:
    member = getattr(world, name)
    update = MemberUpdate(
        manager_id=getattr(world, manager).pk if manager else None, is_active=True, groups=[]
    )
    member_update(actor=SYSTEM, member_id=member.pk, update=update)


def test_a2_the_closure_follows_every_move(world: World) -> None:
    assert closure() == {("petra", "anna", 1), ("petra", "ben", 1)}

    move(world, "petra", "carl")
    assert closure() == {
        ("petra", "anna", 1),
        ("petra", "ben", 1),
        ("carl", "petra", 1),
        ("carl", "anna", 2),
        ("carl", "ben", 2),
    }

    move(world, "anna", None)
    assert closure() == {("petra", "ben", 1), ("carl", "petra", 1), ("carl", "ben", 2)}


@pytest.mark.parametrize("manager", ["petra", "anna"])
def test_a2_nobody_stands_below_itself(world: World, manager: str) -> None:
    before = closure()

    with pytest.raises(HierarchyCycle):
        move(world, "petra", manager)

    assert closure() == before


def test_h3_only_what_differs_is_written_and_audited(world: World) -> None:
    move(world, "anna", "petra")
    assert events("updateMember") == []

    move(world, "anna", "carl")

    assert [event.fields for event in events("updateMember")] == [["manager_id"]]


def test_a_member_that_does_not_exist_is_not_found(db: None) -> None:
    update = MemberUpdate(manager_id=None, is_active=True, groups=[])
    with pytest.raises(NotFound):
        member_update(actor=SYSTEM, member_id=0, update=update)
    with pytest.raises(NotFound):
        member_tokens_revoke(actor=SYSTEM, member_id=0)

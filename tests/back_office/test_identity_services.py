"""Services of members and apps that the pages alone do not reach."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from config.common.actors import SYSTEM, Actor
from config.common.exceptions import BadRequest, Forbidden, NotFound
from config.common.models import AuditEvent
from contacts.exceptions import UsernameNotUnique
from contacts.models import App, Member
from contacts.services.apps import AppSettings, app_create, app_secret_rotate, app_update
from contacts.services.members import (
    HierarchyCycle,
    MemberCreation,
    MemberProfile,
    MemberUpdate,
    member_create,
    member_password_set,
    member_tokens_revoke,
    member_unlock,
    member_update,
)

NOBODY = 999999


def creation(username: str = "eve", **values: object) -> MemberCreation:
    return MemberCreation(
        **{
            "username": username,
            "password": "a long enough secret",
            "profile": MemberProfile("Eve", "Lang", "eve@example.com"),
            "manager_id": None,
            "groups": (),
            **values,
        }
    )


def as_is(member: Member, **values: object) -> MemberUpdate:
    return MemberUpdate(
        **{
            "manager_id": member.manager_id,
            "is_active": member.is_active,
            "groups": list(member.groups.all()),
            **values,
        }
    )


def person(member: Member, *permissions: str) -> Actor:
    return Actor(member_id=member.pk, permissions=frozenset(permissions))


def events() -> list[tuple[str, list[str]]]:
    rows = AuditEvent.objects.filter(object_type__in=("member", "app")).order_by("id")
    return [(event.operation, event.fields) for event in rows]


def test_h3_a_created_member_is_audited_without_values(world):
    group = Group.objects.create(name="adviser")

    member = member_create(actor=SYSTEM, creation=creation(groups=[group]))

    assert list(member.groups.all()) == [group]
    assert events() == [
        (
            "createMember",
            ["email", "first_name", "groups", "last_name", "manager_id", "password", "username"],
        )
    ]


def test_a_login_that_is_taken_is_refused(world):
    with pytest.raises(UsernameNotUnique):
        member_create(actor=SYSTEM, creation=creation("anna"))
    assert Member.objects.filter(username="anna").count() == 1


def test_only_superusers_create_members_with_roles(world):
    group = Group.objects.create(name="adviser")

    with pytest.raises(Forbidden):
        member_create(actor=person(world.petra), creation=creation(groups=[group]))
    assert not Member.objects.filter(username="eve").exists()


def test_a3_roles_and_activity_are_changed_and_audited_once(world):
    group = Group.objects.create(name="adviser")
    update = as_is(world.anna, groups=[group], is_active=False)

    member_update(actor=SYSTEM, member_id=world.anna.pk, update=update)
    member_update(actor=SYSTEM, member_id=world.anna.pk, update=update)

    assert events() == [("updateMember", ["groups", "is_active"])]


@pytest.mark.parametrize("rights", [{"is_superuser": True}, {"is_staff": True}])
def test_a_member_raises_nobodys_rights(world, rights):
    actor = person(world.petra, "contacts.change_member", "contacts.move_member")

    with pytest.raises(Forbidden):
        member_update(actor=actor, member_id=world.anna.pk, update=as_is(world.anna, **rights))
    world.anna.refresh_from_db()
    assert not world.anna.is_superuser
    assert events() == []


def test_moving_a_member_takes_its_permission(world):
    update = as_is(world.anna, manager_id=world.carl.pk)

    with pytest.raises(Forbidden):
        member_update(actor=person(world.petra), member_id=world.anna.pk, update=update)
    actor = person(world.petra, "contacts.move_member")
    member_update(actor=actor, member_id=world.anna.pk, update=update)

    assert events() == [("updateMember", ["manager_id"])]


@pytest.mark.parametrize("manager", ["petra", "anna"])
def test_a_cycle_is_refused(world, manager):
    update = as_is(world.petra, manager_id=getattr(world, manager).pk)

    with pytest.raises(HierarchyCycle):
        member_update(actor=SYSTEM, member_id=world.petra.pk, update=update)
    world.petra.refresh_from_db()
    assert world.petra.manager_id is None


def test_a6_oneself_and_superusers_are_for_superusers(world):
    Member.objects.filter(pk=world.ben.pk).update(is_superuser=True)
    actor = person(world.petra, "contacts.change_member", "contacts.move_member")

    for member in (world.petra, world.ben):
        for service in (member_tokens_revoke, member_unlock):
            with pytest.raises(Forbidden):
                service(actor=actor, member_id=member.pk)
        update = as_is(member, is_active=False)
        with pytest.raises(Forbidden):
            member_update(actor=actor, member_id=member.pk, update=update)
    assert events() == []
    member_unlock(actor=actor, member_id=world.anna.pk)
    member_tokens_revoke(actor=actor, member_id=world.anna.pk)
    assert [operation for operation, _ in events()] == ["unlockMember", "revokeMemberTokens"]


def test_what_an_update_does_not_name_stays(world):
    group = Group.objects.create(name="adviser")
    world.anna.groups.add(group)

    profile = MemberProfile("Anna", "", "")
    member_update(actor=SYSTEM, member_id=world.anna.pk, update=MemberUpdate(profile=profile))

    world.anna.refresh_from_db()
    assert (world.anna.first_name, world.anna.manager_id) == ("Anna", world.petra.pk)
    assert (world.anna.is_active, list(world.anna.groups.all())) == (True, [group])
    assert events() == [("updateMember", ["first_name"])]


def test_another_violation_is_no_cycle(world):
    update = MemberUpdate(profile=MemberProfile(None, "", ""))

    with pytest.raises(IntegrityError), transaction.atomic():
        member_update(actor=SYSTEM, member_id=world.anna.pk, update=update)


def test_only_superusers_set_passwords(world):
    with pytest.raises(Forbidden):
        member_password_set(actor=person(world.petra), member_id=world.anna.pk, password="x")
    assert events() == []


def test_unknown_members_are_not_found(world):
    with pytest.raises(NotFound):
        member_update(actor=SYSTEM, member_id=NOBODY, update=as_is(world.anna))
    with pytest.raises(NotFound):
        member_tokens_revoke(actor=SYSTEM, member_id=NOBODY)


def test_a6_only_superusers_make_or_change_apps_or_their_secrets(world):
    actor = person(world.petra, "contacts.add_app", "contacts.change_app")
    settings = AppSettings("firm", App.GRANT_CLIENT_CREDENTIALS, ["contacts.read"], ())

    with pytest.raises(Forbidden):
        app_create(actor=actor, client_id="other", settings=settings)
    with pytest.raises(Forbidden):
        app_update(actor=actor, app_id=world.app.pk, settings=settings)
    with pytest.raises(Forbidden):
        app_secret_rotate(actor=actor, app_id=world.app.pk)
    assert App.objects.count() == 1
    assert events() == []


def test_an_unknown_scope_or_app_is_refused(world):
    settings = AppSettings("firm", App.GRANT_CLIENT_CREDENTIALS, ["everything"], ())

    with pytest.raises(BadRequest):
        app_update(actor=SYSTEM, app_id=world.app.pk, settings=settings)
    with pytest.raises(NotFound):
        app_secret_rotate(actor=SYSTEM, app_id=NOBODY)
    assert events() == []

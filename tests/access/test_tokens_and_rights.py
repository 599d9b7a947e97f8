"""What counts with the next request, on tokens that are out already (A1-A3)."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from oauth2_provider.models import AccessToken

from config.common.actors import SYSTEM
from config.common.tokens import clear_cache
from contacts.models import App, Contact, Member
from contacts.services.members import MemberUpdate, member_tokens_revoke, member_update
from tests.factories.api import Api, details_path, members_path
from tests.factories.contacts import make_app, make_contact_type, make_member
from tests.factories.fixtures import World
from tests.factories.tokens import bearer

FREE = {"details": {"person": {"nickname": "x"}}}


@pytest.fixture
def contact(world: World) -> Contact:
    return world.contact()


def statuses(api: Api, contact: Contact) -> tuple[int, int]:
    """Of a read and of a write."""
    path = details_path(contact.pk)
    return api.get(path).status_code, api.patch(path, FREE).status_code


def update(member: Member, **changes: object) -> None:
    now = MemberUpdate(
        manager_id=member.manager_id,
        is_active=member.is_active,
        groups=list(member.groups.all()),
    )
    values = {name: getattr(now, name) for name in ("manager_id", "is_active", "groups")}
    member_update(actor=SYSTEM, member_id=member.pk, update=MemberUpdate(**{**values, **changes}))


def deactivate_member(world: World) -> None:
    update(world.anna, is_active=False)


def revoke_member(world: World) -> None:
    member_tokens_revoke(actor=SYSTEM, member_id=world.anna.pk)


def deactivate_app(world: World) -> None:
    App.objects.update(is_active=False)


def revoke_app(world: World) -> None:
    App.objects.update(tokens_valid_from=timezone.now())


def revoke_token(world: World) -> None:
    AccessToken.objects.all().delete()


@pytest.mark.parametrize(
    "change", [deactivate_member, revoke_member, deactivate_app, revoke_app, revoke_token]
)
def test_a3_a_token_stops_with_the_next_request(
    world: World, contact: Contact, change: Callable[[World], None]
) -> None:
    api = world.api(world.anna)
    assert statuses(api, contact) == (200, 200)

    change(world)

    assert statuses(api, contact) == (401, 401)
    assert api.get("/v1.0/contacts/change-requests/statuses").status_code == 401
    assert api.get("/v1.0/nothing").status_code == 401


def test_a3_a_token_that_was_issued_after_a_revocation_counts(
    world: World, contact: Contact
) -> None:
    revoke_member(world)

    assert statuses(Api(bearer(world.anna, app=world.app)), contact) == (200, 200)


def test_a3_a_deleted_app_or_an_unknown_member_is_nobody(world: World, contact: Contact) -> None:
    lonely = make_app()
    token = bearer(app=lonely)
    AccessToken.objects.filter(application=lonely).delete()
    lonely.delete()

    assert statuses(Api(token), contact) == (401, 401)


def test_a3_permissions_count_with_the_next_request(world: World, contact: Contact) -> None:
    api = world.api(world.anna)
    assert statuses(api, contact) == (200, 200)

    world.anna.user_permissions.remove(Permission.objects.get(codename="change_contact"))
    assert statuses(api, contact) == (200, 403)
    world.anna.user_permissions.clear()
    assert statuses(api, contact) == (403, 403)

    group = Group.objects.create(name="advisers")
    group.permissions.set(Permission.objects.filter(codename="view_contact"))
    update(world.anna, groups=[group])
    assert statuses(api, contact) == (200, 403)


def test_a3_scopes_of_the_app_count_with_the_next_request(world: World, contact: Contact) -> None:
    for api in (world.api(), world.api(world.anna)):
        App.objects.update(scopes=["contacts.read", "contacts.write"])
        assert statuses(api, contact) == (200, 200)
        App.objects.update(scopes=["contacts.read"])
        assert statuses(api, contact) == (200, 403)
        App.objects.update(scopes=[])
        assert statuses(api, contact) == (403, 403)


def test_a1_a_token_never_has_more_than_it_was_issued_with(world: World, contact: Contact) -> None:
    api = Api(bearer(world.anna, app=world.app, scopes=["contacts.read"]))

    assert statuses(api, contact) == (200, 403)


def test_a3_a_moved_member_reaches_what_it_stands_above(world: World, contact: Contact) -> None:
    petra, carl = world.api(world.petra), world.api(world.carl)
    assert (statuses(petra, contact)[0], statuses(carl, contact)[0]) == (200, 404)

    update(world.anna, manager_id=world.carl.pk)

    assert (statuses(petra, contact)[0], statuses(carl, contact)[0]) == (404, 200)


def test_a3_reassigning_counts_with_the_next_request(world: World, contact: Contact) -> None:
    answer = world.api().put(members_path(contact.pk), {"memberUids": [str(world.carl.uid)]})

    assert answer.status_code == 204
    assert statuses(world.api(world.anna), contact) == (404, 404)
    assert statuses(world.api(world.carl), contact) == (200, 200)


def test_a3_a_restriction_of_the_app_counts_with_the_next_request(
    world: World, contact: Contact
) -> None:
    other = make_contact_type("other", world.contact_type.schema)
    assert statuses(world.api(), contact) == (200, 200)

    world.app.contact_types.set([other])

    assert statuses(world.api(), contact) == (404, 404)
    assert statuses(world.api(world.anna), contact) == (404, 404)
    world.app.contact_types.add(world.contact_type)
    assert statuses(world.api(world.anna), contact) == (200, 200)


def test_a2_reach_all_contacts_widens_reach_and_nothing_else(
    world: World, contact: Contact
) -> None:
    reader = make_member(permissions=["view_contact", "reach_all_contacts"])
    superuser = make_member(permissions=(), is_superuser=True)
    only_reach = make_member(permissions=["reach_all_contacts"])

    assert statuses(world.api(reader), contact) == (200, 403)
    assert statuses(world.api(superuser), contact) == (200, 200)
    assert statuses(world.api(only_reach), contact) == (403, 403)


def test_az05_reach_goes_down_the_hierarchy_and_never_sideways(
    world: World, contact: Contact
) -> None:
    top = make_member()
    update(world.petra, manager_id=top.pk)
    for member, status in ((top, 200), (world.petra, 200), (world.anna, 200), (world.ben, 404)):
        assert statuses(world.api(member), contact)[0] == status, member.username


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "Token x"])
def test_a1_without_a_bearer_token_nobody_calls(contact: Contact, header: str) -> None:
    answer = Api().get(details_path(contact.pk), Authorization=header)

    assert answer.status_code == 401
    assert answer.json()["code"] == "Unauthorized"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a3_a_token_that_is_cached_stops_too(world: World, contact: Contact) -> None:
    api = world.api(world.anna)
    clear_cache()
    assert statuses(api, contact)[0] == 200

    member_tokens_revoke(actor=SYSTEM, member_id=world.anna.pk)

    assert statuses(api, contact)[0] == 401

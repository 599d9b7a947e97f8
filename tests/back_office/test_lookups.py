"""Lists show what they offer to filter by and nothing else."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from contacts.models import Member
from tests.factories.fixtures import World

PROBES = [
    "/admin/contacts/member/?password__startswith=md5",
    "/admin/contacts/member/?groups__member__password__startswith=md5",
    "/admin/contacts/app/?client_secret__startswith=p",
    "/admin/contacts/app/?user__password__startswith=p",
]


@pytest.fixture
def staff(world: World, admin: Member, sign_in) -> Client:
    return sign_in(admin)


@pytest.mark.parametrize("address", PROBES)
def test_secrets_cannot_be_probed_through_the_address(staff: Client, address: str) -> None:
    assert staff.get(address).status_code == 400


def test_the_filters_of_a_list_work(staff: Client, world: World) -> None:
    group = Group.objects.create(name="desk")
    world.carl.groups.add(group)

    page = staff.get(f"/admin/contacts/member/?groups__id__exact={group.pk}&is_active__exact=1")

    assert page.status_code == 200
    assert "carl" in page.content.decode()

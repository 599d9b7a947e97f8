"""The deprecated twins of operations on requests name people by id (F4)."""

from tests.changerequests.found_requests import Requests
from tests.factories.api import member_search_path, pending_path, request_path, search_path
from tests.factories.fixtures import World


def test_f4_a_request_by_its_deprecated_address_names_people_by_id(
    requests: Requests, world: World
) -> None:
    current = request_path(requests.of_anna.pk, requests.approved.pk)
    api = world.api(world.anna)

    shown = api.get(current).json()
    answer = api.get(request_path(requests.of_anna.pk, requests.approved.pk, version="v1.0"))

    assert answer.json() == {
        **shown,
        "initiatorMember": {"id": world.anna.pk, "name": "anna"},
        "reviewMember": {"id": world.petra.pk, "name": "petra"},
    }
    assert answer["Deprecation"] == "@1767225600"
    assert answer["Link"] == f'<{current}>; rel="successor-version"'


def test_f4_the_deprecated_check_names_the_initiator_by_id(
    requests: Requests, world: World
) -> None:
    answer = world.api(world.anna).get(pending_path(requests.of_anna.pk, "v1.0"))
    without = world.api(world.ben).get(pending_path(requests.of_ben.pk, "v1.0"))

    assert answer.json() == {
        "hasPendingChangeRequest": True,
        "changeRequest": {
            "id": requests.pending.pk,
            "initiatorMember": {"id": world.anna.pk, "name": "anna"},
            "createdDate": "2026-03-02T12:00:00Z",
        },
    }
    successor = pending_path(requests.of_anna.pk)
    assert answer["Link"] == f'<{successor}>; rel="successor-version"'
    assert without.json() == {"hasPendingChangeRequest": False, "changeRequest": None}


def test_f4_the_deprecated_search_names_its_successor(world: World) -> None:
    answer = world.api().post(member_search_path(world.anna.pk), {})

    assert answer["Deprecation"] == "@1767225600"
    assert answer["Link"] == f'<{search_path()}>; rel="successor-version"'

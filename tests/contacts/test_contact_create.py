"""Creating contacts (A1, D12, U1, C1, V1)."""

from tests.factories.fixtures import World


def test_creates_with_details_and_uid(world: World) -> None:
    answer = world.api().post(
        "/v1.0/contacts",
        {"contactTypeId": world.contact_type.pk, "details": {"person": {"firstName": "Ada"}}},
    )

    assert answer.status_code == 201
    assert answer.json()["details"] == {"person": {"firstName": "Ada", "displayName": "Ada"}}

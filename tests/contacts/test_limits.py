"""Input that is absurd costs little and answers clearly (F1, F3)."""

import base64

import pytest
from django.test import Client

from contacts.models import Contact
from tests.factories.api import details_path, history_path
from tests.factories.fixtures import World


def test_dp20_a_grid_has_at_most_a_thousand_rows(world: World) -> None:
    contact = world.contact()
    rows = [{"id": f"r{number}"} for number in range(1001)]

    answer = world.api().patch(
        details_path(contact.pk), {"details": {"channels": {"addresses": rows}}}
    )

    assert answer.status_code == 400
    errors = answer.json()["properties"]["errors"]
    assert [(error["path"], error["code"]) for error in errors] == [
        ("channels.addresses", "MaxItems")
    ]
    assert Contact.objects.get(pk=contact.pk).version == 1


def test_d2_the_errors_of_an_answer_are_bounded(world: World) -> None:
    contact = world.contact()
    unknown = {f"k{number}": 1 for number in range(300)}

    answer = world.api().patch(details_path(contact.pk), {"details": unknown})

    assert len(answer.json()["properties"]["errors"]) == 100


def test_q1_an_index_with_leading_zeros_matches_nothing(world: World) -> None:
    contact = world.contact()

    answer = world.api().post(history_path(contact.pk), {"paths": ["channels.addresses[00]"]})

    assert (answer.status_code, answer.json()["totalCount"]) == (200, 0)


@pytest.mark.parametrize("client_id", ["firm\x00", "firm%00"])
def test_f1_a_client_id_with_nul_is_an_unknown_client(
    world: World, client: Client, client_id: str
) -> None:
    basic = base64.b64encode(f"{client_id}:x".encode()).decode()

    answer = client.post(
        "/connect/token",
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Basic {basic}"},
    )

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_f1_a_login_name_that_is_too_long_is_a_wrong_one(world: World, client: Client) -> None:
    form = f"grant_type=password&client_id=firm&client_secret=x&username={'a' * 300}&password=x"
    kind = "application/x-www-form-urlencoded"

    token = client.post("/connect/token", form, content_type=kind)
    page = client.post("/admin/login/", {"username": "a" * 300, "password": "x"})

    assert (token.status_code, token.json()["error"]) == (400, "invalid_grant")
    assert page.status_code == 200


@pytest.mark.parametrize("number", ["9" * 4400, "\u0663"])
def test_f1_the_back_office_knows_no_such_number(world: World, client: Client, number: str) -> None:
    world.petra.is_staff = True
    world.petra.save()
    client.force_login(world.petra)

    for kind in ("contacts/contact", "changerequests/changerequest"):
        assert client.get(f"/admin/{kind}/{number}/change/").status_code == 404
    assert client.get(f"/admin/changerequests/changerequest/?q={number}").status_code == 200

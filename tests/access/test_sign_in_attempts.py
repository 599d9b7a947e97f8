"""What failed sign-ins cost, count for and leave behind (AD-08, N2)."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.test import Client
from django.utils import timezone

from config import oauth_views
from config.common.tasks import sign_in_attempts_purge_task
from contacts.models import App
from tests.factories.fixtures import World

PASSWORD, WRONG = "a long enough secret", "x"
SECRET = "a secret of the tests"


@pytest.fixture(autouse=True)
def people(world: World) -> None:
    oauth_views.by_address.reset()
    oauth_views.by_client.reset()
    world.anna.is_staff = True
    world.anna.set_password(PASSWORD)
    world.anna.save()
    App.objects.create(
        client_id="console",
        client_secret=SECRET,
        client_type=App.CLIENT_CONFIDENTIAL,
        authorization_grant_type=App.GRANT_PASSWORD,
        scopes=["contacts.read"],
    )


def sign_in(client: Client, username: str = "anna", password: str = WRONG, **headers: str) -> Any:
    form = {"username": username, "password": password}
    return client.post("/admin/login/?next=/admin/?q=King", form, headers=headers)


def ask(client: Client, username: str = "anna", password: str = WRONG, **headers: str) -> Any:
    form = {"username": username, "password": password, "grant_type": "password"}
    app = f"client_id=console&client_secret={SECRET}&"
    body = app + "&".join(f"{name}={value}" for name, value in form.items())
    return client.post("/connect/token", body, oauth_views.FORM, headers=headers)


@pytest.mark.parametrize("length", [255, 256, 5000])
def test_f1_a_login_of_any_length_is_merely_wrong(client: Client, length: int) -> None:
    page, token = sign_in(client, "a" * length), ask(client, "a" * length)

    assert (page.status_code, bool(page.context["form"].errors)) == (200, True)
    assert (token.status_code, token.json()["error"]) == (400, "invalid_grant")


def test_n2_an_attempt_keeps_nothing_that_was_sent(client: Client) -> None:
    for _ in range(2):
        sign_in(client)
    ask(client)

    for attempt in AccessAttempt.objects.all():
        kept = (attempt.username, attempt.get_data, attempt.post_data)
        assert kept == ("anna", "", "")
        assert attempt.path_info in ("/admin/login/", "/connect/token")
    assert sum(AccessAttempt.objects.values_list("failures_since_start", flat=True)) == 3


def test_n2_signing_in_leaves_no_log(client: Client) -> None:
    sign_in(client)

    assert sign_in(client, password=PASSWORD).status_code == 302
    assert not AccessLog.objects.exists()
    assert not AccessAttempt.objects.exists()


def test_n2_attempts_that_no_longer_count_are_removed(client: Client) -> None:
    sign_in(client)
    sign_in(client, "petra")
    past = timezone.now() - timedelta(minutes=16)
    AccessAttempt.objects.filter(username="anna").update(attempt_time=past)

    sign_in_attempts_purge_task()

    assert AccessAttempt.objects.get().username == "petra"


def test_ad08_behind_a_proxy_a_lock_out_meets_one_client(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    attacker, owner = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "203.0.113.10"}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, **attacker)

    assert sign_in(client, password=PASSWORD, **attacker).status_code == 429
    assert sign_in(client, password=PASSWORD, **owner).status_code == 302


@pytest.mark.usefixtures("one_minute")
def test_a3_behind_a_proxy_the_throttle_counts_clients(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    settings.TOKEN_THROTTLE = {"per_client_per_minute": 9, "per_address_per_minute": 1}

    assert ask(client, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 400
    assert ask(client, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 429
    assert ask(client, **{"X-Forwarded-For": "203.0.113.10"}).status_code == 400

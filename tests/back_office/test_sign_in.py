"""Signing in, the overview, headers and hosts."""

import pytest
from django.test import Client

from config.common.exceptions import DomainError
from contacts.models import Member
from tests.factories.fixtures import World
from tests.factories.submissions import hold

LOGIN = {"username": "anna", "password": "a long enough secret"}


@pytest.fixture
def person(world: World) -> Member:
    world.anna.is_staff = True
    world.anna.set_password(LOGIN["password"])
    world.anna.save()
    return world.anna


def test_ad08_wrong_passwords_lock_the_sign_in(client, person):
    answers = [client.post("/admin/login/", {**LOGIN, "password": "x"}) for _ in range(20)]

    assert [answer.status_code for answer in answers[:9]] == [200] * 9
    assert {answer.status_code for answer in answers[10:]} == {429}
    assert "Too many wrong passwords" in answers[-1].content.decode()
    answer = client.post("/admin/login/", LOGIN)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")


def test_ad08_sessions_end_with_signing_out_and_another_password(client, person):
    other = Client()
    for browser in (client, other):
        assert browser.post("/admin/login/", LOGIN).status_code == 302
    cookie = client.cookies["sessionid"].value

    assert client.get("/admin/logout/").status_code == 405
    client.post("/admin/logout/")
    client.cookies["sessionid"] = cookie
    assert client.get("/admin/").status_code == 302

    person.set_password("another long secret")
    person.save()
    assert other.get("/admin/").status_code == 302


def test_members_that_are_no_staff_or_inactive_do_not_come_in(client, person):
    Member.objects.filter(pk=person.pk).update(is_staff=False)
    assert client.post("/admin/login/", LOGIN).status_code == 200
    Member.objects.filter(pk=person.pk).update(is_staff=True, is_active=False)
    assert client.post("/admin/login/", LOGIN).status_code == 200


def test_ones_own_password_is_changed(client, person):
    client.post("/admin/login/", LOGIN)
    new = "another long secret"
    sent = {"old_password": LOGIN["password"], "new_password1": new, "new_password2": new}

    assert client.get("/admin/password_change/").status_code == 200
    assert client.post("/admin/password_change/", sent).status_code == 302
    assert client.get("/admin/").status_code == 200
    person.refresh_from_db()
    assert person.check_password(new)


def test_the_overview_shows_what_waits(world, petra, anna):
    request = hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})

    reviewer, initiator = petra.get("/admin/"), anna.get("/admin/")

    assert reviewer.context["waiting"] == [request]
    assert (reviewer.context["waiting_count"], reviewer.context["contact_count"]) == (1, 1)
    assert initiator.context["waiting"] == []
    assert initiator.context["own_pending_count"] == 1
    assert initiator.context["own_requests"][0]["status"] == "Pending"
    assert len(initiator.context["changes"]) == 1


def test_the_overview_of_a_member_without_rights_is_empty(world, sign_in):
    world.carl.user_permissions.clear()

    page = sign_in(world.carl).get("/admin/")

    assert page.status_code == 200
    assert page.context["contact_count"] is None
    titles = [
        item["title"] for group in page.context["sidebar_navigation"] for item in group["items"]
    ]
    assert titles == ["Overview"]


def test_the_navigation_offers_what_the_member_may_open(world, admin, petra, sign_in):
    def titles(client):
        groups = client.get("/admin/").context["sidebar_navigation"]
        return [item["title"] for group in groups for item in group["items"]]

    assert titles(petra) == ["Overview", "Contacts", "Change requests"]
    assert titles(sign_in(admin)) == [
        "Overview",
        "Contacts",
        "Change requests",
        "Members",
        "Roles",
        "Apps",
        "Contact types",
        "Lists",
        "List items",
        "Schemas",
        "Audit log",
        "Messages",
    ]


def test_the_badge_counts_what_the_member_may_decide(world, petra, anna):
    def badge(client):
        groups = client.get("/admin/").context["sidebar_navigation"]
        return groups[2]["items"][0].get("badge")

    assert badge(petra) is None
    hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})
    assert (badge(petra), badge(anna)) == ("1", None)


@pytest.mark.parametrize("count", [1, 5])
def test_the_queries_of_the_overview_do_not_grow(world, petra, django_assert_num_queries, count):
    for _ in range(count):
        hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})
    petra.get("/admin/")

    with django_assert_num_queries(10):
        petra.get("/admin/")


PAGES = [
    "/admin/",
    "/admin/contacts/contact/",
    "/admin/changerequests/changerequest/",
    "/admin/login/",
]


@pytest.mark.parametrize("address", PAGES)
def test_ad03_headers(petra, address):
    answer = petra.get(address, secure=True)

    policy = dict(
        directive.split(" ", 1) for directive in answer["Content-Security-Policy"].split("; ")
    )
    assert policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == "'self' 'unsafe-eval'"
    assert policy["default-src"] == "'none'"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_ad03_cookies(client, person):
    client.get("/admin/login/")
    client.post("/admin/login/", LOGIN)

    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_ad10_foreign_hosts_are_refused_and_links_are_not_poisoned(petra):
    answer = petra.get("/admin/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()

    answer = petra.get("/admin/", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.content.decode()


def test_pages_name_no_other_host(petra):
    for address in PAGES:
        page = petra.get(address).content.decode()
        assert 'src="http' not in page
        assert 'href="http' not in page


def test_a_failure_of_ours_is_no_refusal(world, petra, monkeypatch):
    request = hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})
    address = f"/admin/changerequests/changerequest/{request.pk}"

    def fail(**arguments):
        raise DomainError

    monkeypatch.setattr("changerequests.admin.decisions.change_request_review", fail)
    with pytest.raises(DomainError):
        petra.post(f"{address}/review/", {"decision": "approve"})

"""What a reader of the back office sees where there is nothing to see, or nothing was done."""

import re

import pytest
from django.test import Client

from changerequests.models import ChangeRequest
from tests.factories.fixtures import World
from tests.factories.submissions import hold

QUEUE = "/admin/changerequests/changerequest/"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGE = "admin/problem.html"


def asked(world: World) -> ChangeRequest:
    return hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})


def status_of(request: ChangeRequest) -> int:
    return ChangeRequest.objects.get(pk=request.pk).status


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Not found"), ("de", "Nicht gefunden"), ("fr", "Introuvable")]
)
def test_a2_out_of_reach_and_unknown_are_one_page_with_a_way_on(world, petra, language, title):
    far = hold(
        world.actor(world.carl), world.contact(adviser=world.carl), {"person": {"lastName": "X"}}
    )
    headers = {**BROWSER, "accept-language": language}

    pages = [petra.get(f"{QUEUE}{pk}/change/", headers=headers) for pk in (far.pk, 10**8)]

    texts = [re.sub(r"\d{2,}|\w{32,}", "", page.text) for page in pages]
    assert [page.status_code for page in pages] == [404, 404]
    assert title in pages[0].text
    assert 'href="/admin/"' in pages[0].text
    assert texts[0] == texts[1]


def test_a1_what_is_forbidden_says_so(world, sign_in):
    request = asked(world)

    page = sign_in(world.anna).post(f"{QUEUE}{request.pk}/review/", headers=BROWSER)

    assert page.status_code == 403
    assert page.templates[0].name == PAGE
    assert "Not allowed" in page.text


def test_ad01_who_signs_in_between_finds_the_way_back_and_nothing_done(world, petra):
    request = asked(world)
    address = f"{QUEUE}{request.pk}/review/"
    signed_out = Client().post(address, {"decision": "approve"}, headers=BROWSER)
    assert signed_out.url == f"/admin/login/?next={address}"

    page = petra.get(address, headers=BROWSER)

    assert (page.status_code, page.headers["Allow"]) == (405, "POST")
    assert "You were signed out before this was sent" in page.text
    assert 'href="../"' in page.text
    assert petra.get(f"{QUEUE}{request.pk}/", headers=BROWSER).url == f"{QUEUE}{request.pk}/change/"
    assert status_of(request) == ChangeRequest.Status.PENDING


def test_ad01_a_form_from_before_the_sign_in_says_what_happened(world, sign_in):
    request = asked(world)
    strict = sign_in(world.petra, enforce_csrf_checks=True)

    page = strict.post(
        f"{QUEUE}{request.pk}/review/",
        {"decision": "approve", "csrfmiddlewaretoken": "x" * 64},
        headers=BROWSER,
    )

    assert page.status_code == 403
    assert "You have signed in again since this page was opened" in page.text
    assert status_of(request) == ChangeRequest.Status.PENDING


def test_scripts_and_strangers_get_djangos_own_answers(world, petra):
    request = asked(world)
    address = f"{QUEUE}{request.pk}/review/"

    script = petra.get(address)
    assert (script.status_code, script.content) == (405, b"")
    assert PAGE not in [template.name for template in petra.get(f"{QUEUE}1/change/").templates]
    stranger = Client(enforce_csrf_checks=True).post("/admin/login/", headers=BROWSER)
    assert stranger.status_code == 403
    assert "You have signed in again" not in stranger.text
    nowhere = Client().get("/nowhere", headers=BROWSER)
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "NotFound")

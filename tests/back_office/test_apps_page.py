"""OAuth apps in the back office: scopes as boxes, secrets shown once."""

import re

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from config.common.access import SCOPES
from config.common.models import AuditEvent
from contacts.models import App, Member
from tests.back_office.conftest import SignIn, grant
from tests.factories.contacts import make_app
from tests.factories.fixtures import World

APPS = "/admin/contacts/app/"


def page_of(app: App) -> str:
    return f"{APPS}{app.pk}/change/"


def form(**values: object) -> dict[str, object]:
    return {
        "name": "Portal",
        "client_id": "portal",
        "authorization_grant_type": App.GRANT_CLIENT_CREDENTIALS,
        "scopes": ["contacts.read"],
        "redirect_uris": "",
        "is_active": "on",
        **values,
    }


def secret_in(answer) -> str:
    return re.search(r'id="secret">([^<]+)<', answer.content.decode()).group(1)


def last_event() -> tuple[str, list[str]]:
    event = AuditEvent.objects.order_by("id").last()
    return event.operation, event.fields


@pytest.fixture
def staff(admin: Member, world: World, sign_in: SignIn) -> Client:
    return sign_in(admin)


def test_h3_a_new_app_shows_its_secret_once(staff, world):
    answer = staff.post(f"{APPS}add/", form(contact_types=[world.contact_type.pk]))

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    app = App.objects.get(client_id="portal")
    secret = secret_in(answer)
    assert check_password(secret, app.client_secret)
    assert (app.scopes, app.client_type) == (["contacts.read"], App.CLIENT_CONFIDENTIAL)
    assert list(app.contact_types.all()) == [world.contact_type]
    assert last_event()[0] == "createApp"
    for address in (APPS, page_of(app)):
        page = staff.get(address).content.decode()
        assert secret not in page
        assert app.client_secret not in page


@pytest.mark.parametrize(
    "values",
    [
        {"client_id": "firm"},
        {"client_id": ""},
        {"scopes": ["everything"]},
        {"authorization_grant_type": "implicit"},
        {"authorization_grant_type": App.GRANT_AUTHORIZATION_CODE, "redirect_uris": "javascript:1"},
    ],
)
def test_an_illegal_app_shows_its_error(staff, values):
    answer = staff.post(f"{APPS}add/", form(**values))

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert App.objects.count() == 1


def test_an_app_is_changed_through_the_service(staff, world):
    app = make_app("portal", scopes=["contacts.read", "retired.scope"])

    sent = form(name="portal", scopes=["contacts.read", "exports", "retired.scope"], client_id="x")
    assert staff.post(page_of(app), sent).status_code == 302

    app.refresh_from_db()
    assert app.client_id == "portal"
    assert app.scopes == ["contacts.read", "exports", "retired.scope"]
    assert last_event() == ("updateApp", ["scopes"])
    assert staff.post(page_of(app), sent).status_code == 302
    assert AuditEvent.objects.filter(operation="updateApp").count() == 1


def test_an_app_is_restricted_and_switched_off(staff, world):
    sent = form(name="firm", scopes=list(SCOPES), contact_types=[world.contact_type.pk])
    del sent["is_active"]

    assert staff.post(page_of(world.app), sent).status_code == 302

    world.app.refresh_from_db()
    assert (world.app.is_active, world.app.contact_types.count()) == (False, 1)
    assert last_event() == ("updateApp", ["contact_types", "is_active"])


def test_a3_a_new_secret_ends_the_old_one_and_its_tokens(staff, world):
    before = App.objects.get(pk=world.app.pk)
    address = f"{APPS}{world.app.pk}/rotate-secret/"

    assert staff.get(address).status_code == 405
    answer = staff.post(address)

    world.app.refresh_from_db()
    assert check_password(secret_in(answer), world.app.client_secret)
    assert not check_password("unused", world.app.client_secret)
    assert world.app.tokens_valid_from > before.tokens_valid_from
    assert last_event() == ("rotateAppSecret", ["client_secret", "tokens_valid_from"])
    assert staff.post(f"{APPS}999999/rotate-secret/").status_code == 404


def test_a6_apps_are_changed_by_superusers_only(world, sign_in):
    grant(world.petra, "view_app", "add_app", "change_app")
    petra = sign_in(world.petra)

    assert petra.get(page_of(world.app)).status_code == 200
    assert petra.get(f"{APPS}add/").status_code == 403
    assert petra.post(f"{APPS}add/", form()).status_code == 403
    assert petra.post(page_of(world.app), form()).status_code == 403
    assert petra.post(f"{APPS}{world.app.pk}/rotate-secret/").status_code == 403
    assert App.objects.get() == world.app


def test_apps_take_a_permission(world, sign_in):
    petra = sign_in(world.petra)
    assert petra.get(APPS).status_code == 403

    grant(world.petra, "view_app")
    petra = sign_in(world.petra)
    assert petra.get(page_of(world.app)).status_code == 200
    assert petra.post(f"{APPS}{world.app.pk}/rotate-secret/").status_code == 403
    assert petra.post(page_of(world.app), form()).status_code == 403
    assert petra.get(f"{APPS}add/").status_code == 403


def test_tokens_and_grants_have_no_pages(staff):
    for model in ("accesstoken", "refreshtoken", "grant", "idtoken"):
        assert staff.get(f"/admin/oauth2_provider/{model}/").status_code == 404


def test_the_add_page_offers_a_client_id_and_all_scopes(staff):
    page = staff.get(f"{APPS}add/").content.decode()

    assert all(scope in page for scope in SCOPES)
    assert re.search(r'name="client_id" value="\w{20,}"', page)

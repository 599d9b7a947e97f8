"""What only a mistake of ours, or a rare client, meets."""

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.utils import timezone

from config.common.actors import Actor
from config.common.admin.base import BackOfficeAdmin, actor_of
from config.common.admin.pages import refuse
from config.common.exceptions import DomainError
from config.common.models import IdempotencyKey
from config.common.permissions import DenyAll
from config.common.registry import Slot
from contacts.exceptions import ContactAnonymized
from contacts.models import Contact
from contacts.services.contacts import contact_members_set
from contacts.views import ContactDetailsView
from tests.factories.api import details_path
from tests.factories.fixtures import World

CREATE = "/v1.0/contacts"


def test_a1_views_of_others_answer_nobody() -> None:
    assert DenyAll().has_permission(None, None) is False  # type: ignore[arg-type]


def test_an_empty_slot_says_what_is_missing() -> None:
    with pytest.raises(LookupError, match="the thing"):
        Slot[int]("the thing").get()


def test_a_key_is_named_by_its_caller() -> None:
    assert str(IdempotencyKey(caller="app:1", expires_at=timezone.now())).startswith("app:1")


def test_a2_nobody_is_no_actor_and_reaches_nothing(world: World) -> None:
    world.contact()
    request = RequestFactory().get("/admin/")
    request.user = AnonymousUser()

    with pytest.raises(PermissionDenied):
        actor_of(request)
    assert not Contact.objects.visible_to(Actor()).exists()


def test_a2_pages_start_from_what_the_reader_reaches(world: World) -> None:
    contact = world.contact()
    page = BackOfficeAdmin(Contact, admin.site)
    request = RequestFactory().get("/admin/")

    request.user = world.anna
    assert list(page.get_queryset(request)) == [contact]
    request.user = world.carl
    assert list(page.get_queryset(request)) == []


def test_a_failure_of_ours_is_no_refusal() -> None:
    with pytest.raises(DomainError):
        refuse(RequestFactory().get("/admin/"), DomainError())


@pytest.mark.parametrize("header", [{"Transfer-Encoding": "chunked"}, {"Content-Length": "x"}])
def test_f3_a_body_says_how_long_it_is(world: World, header: dict[str, str]) -> None:
    contact = world.contact()

    answer = world.api().patch(details_path(contact.pk), {"details": {}}, **header)

    assert answer.status_code == 400


def test_f3_an_operation_has_the_limit_that_it_says(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    monkeypatch.setattr(ContactDetailsView, "body_limit", limit)
    path, start = details_path(world.contact().pk), b'{"details": {}'

    largest = world.api().patch(path, start + b" " * (limit - len(start) - 1) + b"}")
    larger = world.api().patch(path, start + b" " * (limit - len(start)) + b"}")

    assert (largest.status_code, larger.status_code) == (200, 413)


def test_d10_a_replay_of_a_create_needs_reach(world: World) -> None:
    body = {
        "contactTypeId": world.contact_type.pk,
        "details": world.contact().details,
        "correlationId": "once",
    }
    created = world.api(world.anna).post(CREATE, body)
    assert created.status_code == 201

    Contact.objects.get(pk=created.json()["id"]).assignments.all().delete()

    assert world.api(world.anna).post(CREATE, body).status_code == 404


def test_n3_nobody_is_assigned_to_an_anonymised_contact(world: World) -> None:
    contact = world.contact()
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    with pytest.raises(ContactAnonymized):
        contact_members_set(actor=world.actor(), contact_id=contact.pk, member_uids=[])


def test_an_adviser_that_is_no_longer_active_can_stay(world: World) -> None:
    contact = world.contact()
    world.anna.is_active = False
    world.anna.save()

    contact_members_set(
        actor=world.actor(), contact_id=contact.pk, member_uids=[world.anna.uid, world.ben.uid]
    )

    assert contact.assignments.count() == 2

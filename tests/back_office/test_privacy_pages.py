"""Anonymising, retention and subject access in the back office (N1-N5)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.common.models import AuditEvent
from contacts.models import Anonymisation, Contact, ContactType, Member
from tests.back_office.conftest import SignIn, grant
from tests.factories.contacts import make_member
from tests.factories.fixtures import World

PATH = "/admin/contacts/contact/anonymise/"
LIST = "/admin/contacts/contact/"


def page_of(contact: Contact) -> str:
    return f"/admin/contacts/contact/{contact.pk}/change/"


@pytest.fixture
def officer_member(world: World) -> Member:
    return make_member(
        "officer",
        permissions=[
            "view_contact",
            "reach_all_contacts",
            "anonymise_contact",
            "retain_contact",
            "disclose_contact",
            "assign_contact",
        ],
    )


@pytest.fixture
def officer(officer_member: Member, sign_in: SignIn) -> Client:
    return sign_in(officer_member)


def confirmed(*contacts: Contact, **changes: object) -> dict[str, object]:
    return {
        "id": [contact.pk for contact in contacts],
        "reason": "case 7",
        "confirmation": f"ANONYMISE {len(contacts)}",
        **changes,
    }


def test_the_action_shows_what_happens_and_what_stays(world: World, officer: Client) -> None:
    first, second = world.contact(), world.contact()
    Contact.objects.filter(pk=second.pk).update(anonymised_at=timezone.now())

    page = officer.post(
        LIST, {"action": "anonymise_chosen", "_selected_action": [first.pk, second.pk]}
    )

    text = page.content.decode()
    assert page.status_code == 200
    assert "Will be anonymised" in text
    assert "Is anonymised already" in text
    assert "ANONYMISE 2" in text
    assert "A keyed hash of the id that imports use" in text
    assert "1 entry of history is emptied" in text
    first.refresh_from_db()
    assert first.anonymised_at is None


def test_n3_the_confirmation_anonymises_and_reports_each(
    world: World, officer: Client, officer_member: Member
) -> None:
    first, second = world.contact(), world.contact()
    officer.post(PATH, confirmed(second))

    page = officer.post(PATH, confirmed(first, second))

    text = page.content.decode()
    assert page.status_code == 200
    assert "1 contact was anonymised." in text
    assert "Had been anonymised before" in text
    assert f"Anonymised {first.pk}" in text
    events = AuditEvent.objects.filter(operation="anonymizeContact").order_by("id")
    assert [(each.object_id, each.member, each.reason) for each in events] == [
        (str(second.pk), officer_member, "case 7"),
        (str(first.pk), officer_member, "case 7"),
    ]


def test_the_contacts_page_tells_who_when_and_why(world: World, officer: Client) -> None:
    contact = world.contact()
    before = officer.get(page_of(contact)).content.decode()
    officer.post(PATH, confirmed(contact))

    after = officer.get(page_of(contact)).content.decode()

    assert f"{PATH}?id={contact.pk}" in before
    assert "Change the advisers" in before
    assert "Change the advisers" not in after
    assert f"{PATH}?id={contact.pk}" not in after
    assert "case 7" in after
    assert "officer" in after
    history = officer.get(f"/admin/contacts/contact/{contact.pk}/history/").content.decode()
    assert "Anonymisation" in history
    # First, last and composed name; no arrow from nothing to nothing.
    assert history.count(">Erased<") == 3
    assert "→" not in history
    assert "Byron" not in after + history


def test_a_contact_without_a_record_of_its_erasure_still_has_a_page(
    world: World, officer: Client
) -> None:
    """As after an import of contacts that were anonymised elsewhere."""
    contact = world.contact()
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    assert officer.get(page_of(contact)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"confirmation": "ANONYMISE 2"}, "Type exactly: ANONYMISE 1"),
        ({"confirmation": "anonymise 1"}, "Type exactly: ANONYMISE 1"),
        ({"confirmation": ""}, "This field is required."),
        ({"reason": ""}, "This field is required."),
        ({"reason": "   "}, "This field is required."),
    ],
)
def test_without_reason_and_typed_word_nothing_happens(
    world: World, officer: Client, changes: dict[str, object], told: str
) -> None:
    contact = world.contact()

    page = officer.post(PATH, confirmed(contact, **changes))

    assert told in page.content.decode()
    contact.refresh_from_db()
    assert contact.anonymised_at is None


def test_an10_it_refuses_as_the_api_does(world: World, officer: Client) -> None:
    kept, other = world.contact(), world.contact()
    Contact.objects.filter(pk=kept.pk).update(retain_until=timezone.now() + timedelta(days=1))

    asked = officer.get(PATH, {"id": [kept.pk, other.pk]}).content.decode()
    page = officer.post(PATH, confirmed(kept, other)).content.decode()

    assert "Must be kept until" in asked
    assert "Anonymise for ever" not in asked
    assert "Some of the contacts must be kept for a time yet." in page
    assert "Nobody was anonymised." in page
    assert not Contact.objects.filter(anonymised_at__isnull=False).exists()


def test_a2_contacts_out_of_reach_stand_against_it(world: World, sign_in: SignIn) -> None:
    mine, other = world.contact(), world.contact(adviser=world.carl)
    grant(world.anna, "anonymise_contact")
    anna = sign_in(world.anna)

    page = anna.post(PATH, confirmed(mine, other)).content.decode()

    assert "Some contacts are not within your reach or do not exist." in page
    assert "1 entry of history is emptied" in page
    assert "Nobody was anonymised." in page
    assert not Contact.objects.filter(anonymised_at__isnull=False).exists()


def test_a1_every_page_takes_its_permission(world: World, anna: Client) -> None:
    contact = world.contact()
    base = f"/admin/contacts/contact/{contact.pk}"
    retention = {"until": "2036-12-31", "reason": "x"}

    assert anna.get(PATH, {"id": contact.pk}).status_code == 403
    assert anna.post(PATH, confirmed(contact)).status_code == 403
    assert anna.post(f"{base}/retention/", retention).status_code == 403
    assert anna.post(f"{base}/personal-data/").status_code == 403
    action = {"action": "anonymise_chosen", "_selected_action": [contact.pk]}
    anna.post(LIST, action)
    page = anna.get(page_of(contact)).content.decode()
    assert "Anonymise…" not in page
    assert "Everything held" not in page
    contact.refresh_from_db()
    assert (contact.anonymised_at, contact.retain_until) == (None, None)


def test_a1_who_may_not_see_contacts_does_not_read_their_names_where_they_are_anonymised(
    world: World, sign_in: SignIn
) -> None:
    contact = world.contact()
    blind = sign_in(make_member("blind", permissions=["reach_all_contacts", "anonymise_contact"]))

    answers = [blind.get(PATH, {"id": contact.pk}), blind.post(PATH, confirmed(contact))]

    for answer in answers:
        assert answer.status_code == 403
        assert contact.display_name not in answer.content.decode()
    contact.refresh_from_db()
    assert contact.anonymised_at is None


def test_ad01_a_form_without_its_token_is_refused(
    world: World, officer_member: Member, sign_in: SignIn
) -> None:
    contact = world.contact()
    client = sign_in(officer_member, enforce_csrf_checks=True)

    assert client.post(PATH, confirmed(contact)).status_code == 403

    contact.refresh_from_db()
    assert contact.anonymised_at is None


def test_nobody_chosen_leads_back_to_the_list(officer: Client, world: World) -> None:
    for answer in (officer.get(PATH), officer.get(PATH, {"id": "x"}), officer.post(PATH)):
        assert (answer.status_code, answer["Location"]) == (302, LIST)


def test_too_many_at_once_are_for_the_api(world: World, officer: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.MAX_CONTACTS_AT_ONCE = 1
    ids = [world.contact().pk, world.contact().pk]

    answer = officer.post(LIST, {"action": "anonymise_chosen", "_selected_action": ids})

    assert answer.status_code == 302
    assert "At most 1 contact at once" in officer.get(LIST).content.decode()


def test_n4_the_page_starts_no_job_that_it_could_not_report(
    world: World, officer: Client, settings: Any
) -> None:
    settings.MAX_CONTACTS_AT_ONCE = 1
    contacts = [world.contact(), world.contact()]

    answers = [
        officer.get(PATH, {"id": [contact.pk for contact in contacts]}),
        officer.post(PATH, confirmed(*contacts)),
    ]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, LIST)] * 2
    assert "At most 1 contact at once" in officer.get(LIST).content.decode()
    assert not Anonymisation.objects.exists()
    assert not Contact.objects.filter(anonymised_at__isnull=False).exists()


def test_n5_retention_is_set_on_the_page(world: World, officer: Client) -> None:
    contact = world.contact()
    path = f"/admin/contacts/contact/{contact.pk}/retention/"

    officer.post(path, {"until": "2036-12-31", "reason": "ten years"})

    contact.refresh_from_db()
    assert contact.retain_until == datetime(2036, 12, 31, tzinfo=UTC)
    page = officer.get(page_of(contact)).content.decode()
    assert 'value="2036-12-31"' in page
    assert "ten years" in page
    officer.post(path, {"until": "tomorrow", "reason": "x"})
    officer.post(path, {"until": "2030-01-01", "reason": ""})
    contact.refresh_from_db()
    assert contact.retain_until == datetime(2036, 12, 31, tzinfo=UTC)
    officer.post(path, {"until": "", "reason": "closed"})
    contact.refresh_from_db()
    assert (contact.retain_until, contact.retention_reason) == (None, "closed")


def test_n3_retention_of_an_anonymised_contact_is_refused(world: World, officer: Client) -> None:
    contact = world.contact()
    officer.post(PATH, confirmed(contact))

    officer.post(
        f"/admin/contacts/contact/{contact.pk}/retention/",
        {"until": "2036-12-31", "reason": "x"},
    )

    assert "The contact is anonymised" in officer.get(page_of(contact)).content.decode()
    contact.refresh_from_db()
    assert contact.retain_until is None


def test_n5_retention_of_a_type_is_set_on_its_page(world: World, officer: Client) -> None:
    kind = world.contact_type
    path = f"/admin/contacts/contacttype/{kind.pk}/change/"

    assert "tiny" in officer.get("/admin/contacts/contacttype/").content.decode()
    refused = officer.post(path, {"until": "2036-12-31", "reason": ""})
    assert "This field is required." in refused.content.decode()
    assert officer.post(path, {"until": "2036-12-31", "reason": "law"}).status_code == 302

    assert ContactType.objects.get(pk=kind.pk).retain_until == datetime(2036, 12, 31, tzinfo=UTC)
    event = AuditEvent.objects.get(operation="setRetention")
    assert (event.object_type, event.object_id, event.reason) == (
        "contactType",
        str(kind.pk),
        "law",
    )
    assert officer.post(path, {"until": "", "reason": "gone"}).status_code == 302
    assert ContactType.objects.get(pk=kind.pk).retain_until is None


def test_n5_types_are_for_who_may_retain(world: World, anna: Client) -> None:
    assert anna.get("/admin/contacts/contacttype/").status_code == 403


def test_nobody_signed_in_still_sees_the_sign_in_page(client: Client, db: None) -> None:
    assert client.get("/admin/login/").status_code == 200


def test_subject_access_is_a_file_and_audited(
    world: World, officer: Client, officer_member: Member
) -> None:
    contact = world.contact()

    answer = officer.post(f"/admin/contacts/contact/{contact.pk}/personal-data/")

    assert answer["Content-Type"] == "application/json"
    name = f"personal-data-{contact.pk}.json"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    held = json.loads(answer.content)
    assert held["stores"][0]["data"]["details"]["person"]["firstName"] == "Ada"
    event = AuditEvent.objects.get(operation="disclosePersonalData")
    assert (event.object_id, event.member) == (str(contact.pk), officer_member)


def test_ad02_what_people_typed_is_escaped(world: World, officer: Client) -> None:
    text = "<img src=x onerror=alert(1)>"
    contact = world.contact()
    path = f"/admin/contacts/contact/{contact.pk}/retention/"
    officer.post(path, {"until": "", "reason": text})

    pages = [
        officer.get(page_of(contact)),
        officer.post(PATH, confirmed(contact, reason=text, confirmation="x")),
        officer.post(PATH, confirmed(contact, reason=text)),
        officer.get(page_of(contact)),
    ]

    for page in pages:
        assert text not in page.content.decode()
        assert "&lt;img src=x" in page.content.decode()

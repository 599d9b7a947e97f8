"""Contacts in the back office: found, read, assigned."""

import pytest
from django.test import Client

from changerequests.models import ChangeRequest
from config.common.models import AuditEvent
from contacts.models import ChangeSet, Contact, ContactAssignment, ExternalConnection, Member
from tests.back_office.conftest import grant
from tests.factories.schemas import tiny_details
from tests.factories.submissions import hold, submit

CONTACTS = "/admin/contacts/contact/"


def page_of(contact: Contact) -> str:
    return f"{CONTACTS}{contact.pk}/change/"


def history_of(contact: Contact) -> str:
    return f"{CONTACTS}{contact.pk}/history/"


def found(client: Client, text: str) -> list[int]:
    return [row.pk for row in client.get(CONTACTS, {"q": text}).context["cl"].result_list]


def test_a2_the_list_shows_what_the_member_reaches(world, petra, anna, sign_in):
    own = world.contact()
    bens = world.contact(adviser=world.ben)
    world.contact(adviser=world.carl)

    def listed(client):
        return [row.pk for row in client.get(CONTACTS).context["cl"].result_list]

    assert listed(petra) == [bens.pk, own.pk]
    assert listed(anna) == [own.pk]


def test_a2_out_of_reach_answers_as_absent(world, anna):
    hidden = world.contact(adviser=world.carl)

    for path in ("change/", "history/"):
        out = anna.get(f"{CONTACTS}{hidden.pk}/{path}")
        absent = anna.get(f"{CONTACTS}999999/{path}")
        assert (out.status_code, absent.status_code) == (404, 404)
        assert out.content == absent.content
    assert anna.post(f"{CONTACTS}{hidden.pk}/advisers/").status_code == 404
    assert anna.get(f"{CONTACTS}nonsense/change/").status_code == 404
    assert anna.get(f"{CONTACTS}{2**40}/change/").status_code == 404


def test_a1_reading_takes_the_permission(world, sign_in):
    contact = world.contact()
    world.anna.user_permissions.clear()
    anna = sign_in(world.anna)

    assert anna.get(CONTACTS).status_code == 403
    assert anna.get(page_of(contact)).status_code == 403
    assert anna.get("/admin/").status_code == 200


def test_contacts_are_found_by_name_id_uid_username_and_external_id(world, anna):
    contact = world.contact(
        {"person": {"firstName": "Zoë", "lastName": "Müller"}}, username="Zoe.M"
    )
    world.contact()
    ExternalConnection.objects.create(contact=contact, system="Cbs", external_id="CBS-7")

    for text in ("zoe", "MULLER zo", str(contact.pk), str(contact.uid), "zoe.m", "CBS-7"):
        assert found(anna, text) == [contact.pk], text
    for text in ("cbs-7", "100%", "_", "99999999999999", "muller ada"):
        assert found(anna, text) == [], text
    assert anna.get(CONTACTS, {"q": "a\x00b"}).status_code == 200


@pytest.mark.parametrize("count", [1, 12])
def test_the_queries_of_the_list_do_not_grow(world, petra, django_assert_num_queries, count):
    for _ in range(count):
        world.contact(advisers=[world.ben])
    petra.get(CONTACTS)

    with django_assert_num_queries(9):
        petra.get(CONTACTS)


def test_details_are_shown_by_label_and_never_as_json(world, anna):
    contact = world.contact(
        {
            "person": {
                "firstName": "Ada",
                "lastName": "Byron",
                "region": "NORTH",
                "colours": ["RED", "BLUE"],
                "height": 1234.5,
                "isPep": True,
                "pepReason": "Mayor",
            },
            "channels": {
                "addresses": [
                    {"id": "a", "city": "Bern", "isForeign": False},
                    {"city": "Wien", "isForeign": True, "permit": "B"},
                ]
            },
        }
    )

    answer = anna.get(page_of(contact))

    page = answer.content.decode()
    entries = {
        entry.path: entry.text
        for section in answer.context["sections"]
        for group in section.groups
        for entry in group.entries
    }
    assert entries["person.region"] == "North"
    assert entries["person.colours"] == "Red, Blue"
    assert entries["person.height"] == "1,234.5"
    assert entries["person.isPep"] == "Yes"
    assert entries["person.nickname"] is None
    table = answer.context["sections"][1].groups[0].tables[0]
    assert table.columns == ["city", "street", "checkedBy", "isForeign", "permit"]
    assert list(table.rows[0]) == ["a", ["Bern", None, None, "No", None]]
    assert list(table.rows[1]) == [None, ["Wien", None, None, "Yes", "B"]]
    assert "{&#x27;" not in page
    assert "NORTH" not in page


def test_d6_what_a_condition_hides_is_left_out(world, anna):
    page = anna.get(page_of(world.contact())).content.decode()

    assert 'data-path="person.isPep"' in page
    assert 'data-path="person.pepReason"' not in page


def test_labels_follow_the_readers_language(demo_world, sign_in):
    contact = demo_world.contact(_demo_details())
    anna = sign_in(demo_world.anna)

    german = anna.get(page_of(contact), headers={"Accept-Language": "de-CH"}).content.decode()
    french = anna.get(page_of(contact), headers={"Accept-Language": "fr"}).content.decode()

    assert "Staatsangehörigkeiten" in german
    assert "CHF 185\u2019000.00" in german
    assert "Schweiz" in german
    assert "Suisse" in french


def test_the_language_is_chosen_in_the_back_office(world, anna):
    answer = anna.post("/admin/language/", {"language": "de", "next": "/admin/"})

    assert answer.status_code == 302
    assert 'lang="de"' in anna.get("/admin/").content.decode()


def test_ad04_no_form_changes_details(world, admin, sign_in):
    contact = world.contact()
    superuser = sign_in(admin)

    page = superuser.get(page_of(contact)).content.decode()
    assert superuser.post(page_of(contact), {"display_name": "X"}).status_code == 405
    assert superuser.get(f"{CONTACTS}add/").status_code == 403
    assert superuser.post(f"{CONTACTS}{contact.pk}/delete/", {"post": "yes"}).status_code == 403

    contact.refresh_from_db()
    assert contact.version == 1
    assert 'name="details"' not in page


def test_history_is_a_timeline_latest_first(world, petra):
    contact = world.contact()
    submit(world.actor(world.anna), contact, {"person": {"nickname": "Addie"}}, comment="She asked")

    answer = petra.get(history_of(contact))

    entries = answer.context["entries"]
    assert [entry.is_creation for entry in entries] == [False, True]
    assert (entries[0].who, entries[0].app, entries[0].comment) == ("anna", "firm", "She asked")
    assert (entries[1].who, entries[1].app) == ("System", None)
    assert [(row.place.label, row.original, row.target) for row in entries[0].rows] == [
        ("nickname", None, "Addie")
    ]
    assert "She asked" in answer.content.decode()


def test_history_is_paged(world, petra):
    contact = world.contact()
    for number in range(21):
        submit(world.actor(), contact, {"person": {"nickname": f"n{number}"}})

    first, second = petra.get(history_of(contact)), petra.get(history_of(contact), {"page": "2"})

    assert (len(first.context["entries"]), len(second.context["entries"])) == (20, 2)
    assert second.context["entries"][-1].is_creation
    assert petra.get(history_of(contact), {"page": "x"}).status_code == 200


@pytest.mark.parametrize("count", [1, 10])
def test_the_queries_of_history_do_not_grow(world, petra, django_assert_num_queries, count):
    contact = world.contact()
    for number in range(count):
        submit(world.actor(world.anna), contact, {"person": {"nickname": f"n{number}"}})
    petra.get(history_of(contact))

    with django_assert_num_queries(13):
        petra.get(history_of(contact))


def test_c3_a_pending_request_is_announced(world, petra):
    contact = world.contact()
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})

    page = petra.get(page_of(contact)).content.decode()

    assert f"/admin/changerequests/changerequest/{request.pk}/change/" in page
    assert "anna asked for a change" in page


def test_a3_advisers_are_set_through_the_service(world, sign_in):
    contact = world.contact()
    grant(world.petra, "assign_contact")
    petra = sign_in(world.petra)

    assert 'name="members"' in petra.get(page_of(contact)).content.decode()
    answer = petra.post(f"{CONTACTS}{contact.pk}/advisers/", {"members": [world.ben.pk]})

    assert answer.url == page_of(contact)
    assert list(ContactAssignment.objects.values_list("member_id")) == [(world.ben.pk,)]
    event = AuditEvent.objects.last()
    assert (event.operation, event.member) == ("assignContact", world.petra)


def test_an_adviser_who_left_stays_until_taken_out_but_cannot_come(world, sign_in):
    contact, other = world.contact(advisers=[world.petra, world.ben]), world.contact()
    Member.objects.filter(pk=world.ben.pk).update(is_active=False)
    grant(world.petra, "assign_contact")
    petra = sign_in(world.petra)

    assert f'value="{world.ben.pk}"' in petra.get(page_of(contact)).content.decode()
    assert f'value="{world.ben.pk}"' not in petra.get(page_of(other)).content.decode()
    kept = [world.petra.pk, world.ben.pk]
    petra.post(f"{CONTACTS}{contact.pk}/advisers/", {"members": kept})

    assignments = ContactAssignment.objects.filter(contact=contact)
    assert sorted(assignments.values_list("member_id", flat=True)) == sorted(kept)


def test_who_takes_itself_out_returns_to_the_list(world, sign_in):
    contact = world.contact()
    grant(world.anna, "assign_contact")
    anna = sign_in(world.anna)

    answer = anna.post(f"{CONTACTS}{contact.pk}/advisers/", {"members": [world.carl.pk]})

    assert answer.url == CONTACTS


def test_advisers_take_the_permission(world, anna):
    contact = world.contact()

    assert 'name="members"' not in anna.get(page_of(contact)).content.decode()
    answer = anna.post(f"{CONTACTS}{contact.pk}/advisers/", {"members": []})

    assert answer.status_code == 403
    assert ContactAssignment.objects.count() == 1


def test_unknown_advisers_are_refused(world, sign_in):
    contact = world.contact()
    grant(world.anna, "assign_contact")
    anna = sign_in(world.anna)

    anna.post(f"{CONTACTS}{contact.pk}/advisers/", {"members": ["999999"]})

    assert list(ContactAssignment.objects.values_list("member_id")) == [(world.anna.pk,)]


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "{{7*7}}{% now 'Y' %}"])
def test_ad02_values_are_escaped(world, petra, text):
    contact = world.contact(tiny_details(firstName=text, nickname=text), username=text)
    ExternalConnection.objects.create(contact=contact, system="Cbs", external_id=text)
    actor = world.actor(world.anna)
    submit(actor, contact, {"person": {"nickname": f"{text}!"}}, comment=text)
    request = hold(actor, contact, {"person": {"lastName": text}})
    ChangeRequest.objects.filter(pk=request.pk).update(comment=text)

    pages = [CONTACTS, page_of(contact), history_of(contact), "/admin/"]
    pages += [
        "/admin/changerequests/changerequest/",
        f"/admin/changerequests/changerequest/{request.pk}/change/",
    ]
    for address in pages:
        page = petra.get(address).content.decode()
        assert "<img src=x" not in page, address
        assert "{{49" not in page, address
        assert ("&lt;img" in page) or ("{{7*7}}" in page), address
    assert ChangeSet.objects.filter(contact=contact).count() == 2


def _demo_details() -> dict[str, object]:
    return {
        "personalInformation": {
            "salutation": "MS",
            "firstName": "Shannon",
            "lastName": "Crawford",
            "dateOfBirth": "1980-02-29",
            "nationalities": ["CH"],
            "language": "EN",
        },
        "contactInformation": {
            "primaryEmail": "shannon.crawford@example.com",
            "mobile": "+41791234567",
            "addresses": [
                {
                    "addressType": "RESIDENCE",
                    "street": "Hauptstrasse 1",
                    "city": "Bern",
                    "country": "CH",
                }
            ],
        },
        "taxInformation": {
            "residencies": [{"taxCountry": "CH", "hasTin": True, "tin": "756.1234"}]
        },
        "employment": {"employmentStatus": "RETIRED"},
        "financialSituation": {"annualIncome": 185000, "sourcesOfWealth": ["SALARY"]},
        "compliance": {"kycRisk": "LOW"},
    }

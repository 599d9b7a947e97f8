"""`seed_demo` on a real database: ids, validity, statuses, and that it runs once."""

import io
import re
from collections import Counter

import jsonschema
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from changerequests.models import ChangeRequest
from changerequests.selectors.requests import request_changes
from config.common.access import SCOPES
from config.demo.documents import contact_details
from config.demo.portraits import portrait
from config.demo.seed import is_empty
from contacts.models import (
    App,
    ChangeSet,
    Contact,
    ContactPicture,
    ContactReach,
    ContactType,
    ExternalConnection,
    Member,
    PendingChannel,
)
from contacts.pictures import prepare_picture
from crmschema.models import CrmSchema
from crmschema.selectors import compiled
from crmschema.validation import validate

Status = ChangeRequest.Status

pytestmark = pytest.mark.usefixtures("demo")


def seeded_ids() -> list[int]:
    return list(Contact.objects.order_by("pk").values_list("pk", flat=True))


def test_progress_is_visible(seeded: list[str]) -> None:
    assert "contacts 120/200" in seeded
    assert "contacts 200/200" in seeded


def test_contacts_have_the_promised_ids_and_advisers() -> None:
    advisers = dict(
        Contact.objects.order_by("pk").values_list("pk", "assignments__member__username")
    )

    assert seeded_ids() == list(range(1, 201))
    assert Contact.objects.get(pk=1).display_name == "Shannon Crawford"
    assert [advisers[number] for number in range(1, 8)] == [
        "anna", "carl", "ben", "anna", "ben", "carl", "anna",
    ]  # fmt: skip
    assert Counter(advisers.values()) == {"anna": 67, "ben": 67, "carl": 66}


def test_contact_types_have_the_promised_ids() -> None:
    types = ContactType.objects.order_by("pk").values_list("pk", "key", "schema__key")

    assert list(types) == [(1, "client", "contact"), (2, "prospect", "contact")]


def test_d2_all_documents_are_valid_by_the_compiled_schema() -> None:
    schema = compiled("contact")

    errors = {
        contact.pk: validate(schema, contact.details, for_member=False)
        for contact in Contact.objects.order_by("pk")
    }

    assert list(errors) == seeded_ids()
    assert not any(errors.values())


def test_all_documents_are_valid_by_the_derived_json_schema() -> None:
    validator = jsonschema.Draft202012Validator(compiled("contact").json_schema)

    errors = [
        (contact.pk, error.json_path)
        for contact in Contact.objects.all()
        for error in validator.iter_errors(contact.details)
    ]

    assert errors == []


def test_stored_documents_are_the_generated_ones_with_the_composed_name() -> None:
    creations = ChangeSet.objects.filter(kind=ChangeSet.Kind.CREATION).order_by("contact_id")

    for creation in creations:
        details = creation.details
        name = details["personalInformation"].pop("displayName")
        expected = contact_details(creation.contact_id)
        assert details == expected
        assert name == "{firstName} {lastName}".format(**expected["personalInformation"])


def test_mobiles_are_e164() -> None:
    mobiles = [each.details["contactInformation"]["mobile"] for each in Contact.objects.all()]

    assert all(re.fullmatch(r"\+[1-9][0-9]{7,14}", mobile) for mobile in mobiles)


def test_members_stand_in_the_promised_hierarchy_and_sign_in_with_demo() -> None:
    managers = dict(Member.objects.values_list("username", "manager__username"))

    assert managers == {
        "admin": None, "petra": None, "anna": "petra", "ben": "petra", "rita": None, "carl": "rita",
    }  # fmt: skip
    assert all(member.is_staff and member.check_password("demo") for member in Member.objects.all())
    assert Member.objects.get(is_superuser=True).username == "admin"


@pytest.mark.parametrize(
    ("name", "can_review", "reached"),
    [
        ("petra", True, 134),
        ("anna", False, 67),
        ("ben", True, 67),
        ("rita", True, 66),
        ("carl", True, 66),
    ],
)
def test_a1_a2_members_have_their_roles_and_reach(
    name: str, can_review: bool, reached: int
) -> None:
    member = Member.objects.get(username=name)

    assert member.has_perms(["contacts.view_contact", "contacts.change_contact"])
    assert member.has_perm("changerequests.review_changerequest") is can_review
    assert not member.has_perm("contacts.reach_all_contacts")
    contacts = ContactReach.objects.filter(member=member).values("contact").distinct()
    assert contacts.count() == reached


def test_apps_have_their_grants_and_scopes() -> None:
    apps = {app.client_id: app for app in App.objects.all()}

    assert {key: app.authorization_grant_type for key, app in apps.items()} == {
        "demo-app": "client-credentials",
        "demo-reader": "client-credentials",
        "demo-console": "password",
    }
    assert set(apps["demo-app"].scopes) == set(apps["demo-console"].scopes) == set(SCOPES)
    assert apps["demo-reader"].scopes == ["contacts.read", "legalentities.read"]


def test_every_contact_has_a_default_external_id() -> None:
    connections = ExternalConnection.objects.filter(system="Default").order_by("contact_id")

    assert list(connections.values_list("contact_id", "external_id")) == [
        (number, f"CRM-{number:06d}") for number in range(1, 201)
    ]


def test_x1_some_contacts_have_ids_in_other_systems_one_in_two() -> None:
    assert Counter(ExternalConnection.objects.values_list("system", flat=True)) == {
        "Default": 200,
        "Cbs": 100,
        "Sso": 50,
    }
    first = ExternalConnection.objects.filter(contact_id=1).order_by("system")
    assert list(first.values_list("system", "external_id")) == [
        ("Cbs", "0001/7919"),
        ("Default", "CRM-000001"),
        ("Sso", "0001/7919"),
    ]


def test_p1_a_third_of_the_contacts_have_a_picture() -> None:
    pictures = ContactPicture.objects.order_by("contact_id")

    assert list(pictures.values_list("contact_id", flat=True)) == list(range(1, 201, 3))
    with default_storage.open(pictures[0].file) as file:
        assert file.read() == prepare_picture(portrait(1)).content


def test_c5_requests_stand_in_every_status() -> None:
    counts = Counter(ChangeRequest.objects.values_list("status", flat=True))

    assert counts == {
        Status.PENDING: 7,
        Status.APPROVED: 4,
        Status.REJECTED: 2,
        Status.CANCELLED: 2,
        Status.SUPERSEDED: 1,
    }
    decided = ChangeRequest.objects.filter(status__in=[Status.APPROVED, Status.REJECTED])
    assert set(decided.values_list("reviewer__username", flat=True)) == {"petra", "ben", "carl"}
    assert all(request.comment and request.review_comment for request in decided)


def test_c6_one_pending_request_has_a_moved_base() -> None:
    request = ChangeRequest.objects.get(status=Status.PENDING, contact_id=10)

    (change,) = request_changes(request)

    current = request.contact.details["personalInformation"]["firstName"]
    assert change.path == "personalInformation.firstName"
    assert (change.target, current) == ("Robin", "Robyn")
    assert change.original != current


def test_first_three_contacts_have_no_pending_request() -> None:
    pending = ChangeRequest.objects.filter(status=Status.PENDING, contact_id__lte=3)

    assert not pending.exists()


def test_c7_the_schema_lost_the_field_of_the_superseded_request() -> None:
    request = ChangeRequest.objects.get(status=Status.SUPERSEDED)

    (change,) = request_changes(request)

    assert change.path not in compiled("contact").by_path
    assert CrmSchema.objects.get(key="contact").concurrency_token == 2


def test_v1_a_mobile_and_an_email_wait() -> None:
    waiting = PendingChannel.objects.order_by("contact_id")

    assert list(waiting.values_list("contact_id", "channel")) == [(16, "Mobile"), (17, "Email")]


def test_d11_histories_have_no_gaps_and_some_depth() -> None:
    versions: dict[int, list[int]] = {}
    for contact_id, version in ChangeSet.objects.order_by("version").values_list(
        "contact_id", "version"
    ):
        versions.setdefault(contact_id, []).append(version)

    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())
    assert len(versions[1]) == 9
    assert sum(len(found) > 2 for found in versions.values()) > 20


def test_seeding_a_filled_database_is_refused() -> None:
    assert not is_empty()
    with pytest.raises(CommandError, match="The database holds data"):
        call_command("seed_demo")


def test_seeding_only_if_empty_leaves_a_filled_database_alone() -> None:
    output = io.StringIO()

    call_command("seed_demo", if_empty=True, stdout=output)

    assert output.getvalue() == ""
    assert Contact.objects.count() == 200


def test_too_few_contacts_are_refused() -> None:
    with pytest.raises(CommandError, match="at least 20"):
        call_command("seed_demo", contacts=19)

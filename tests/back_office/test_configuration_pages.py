"""Roles, schemas and the audit log in the back office."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.common.actors import SYSTEM, Actor
from config.common.audit import audit_record
from config.common.audit_words import audit_words
from config.common.exceptions import Forbidden, NotFound
from config.common.models import AuditEvent
from contacts.models import Member
from contacts.services.roles import role_save
from crmschema.models import CrmSchema
from tests.back_office.conftest import SignIn, grant
from tests.factories.fixtures import World

ROLES, AUDIT, SCHEMAS = (
    "/admin/auth/group/",
    "/admin/common/auditevent/",
    "/admin/crmschema/crmschema/",
)


@pytest.fixture
def staff(admin: Member, world: World, sign_in: SignIn) -> Client:
    return sign_in(admin)


def permission(codename: str) -> Permission:
    return Permission.objects.get(codename=codename)


def test_h3_roles_are_saved_through_the_service(staff, admin):
    view = permission("view_contact")

    assert (
        staff.post(f"{ROLES}add/", {"name": "adviser", "permissions": [view.pk]}).status_code == 302
    )
    role = Group.objects.get()
    assert list(role.permissions.all()) == [view]
    sent = {"name": "advisers", "permissions": []}
    assert staff.post(f"{ROLES}{role.pk}/change/", sent).status_code == 302
    assert staff.post(f"{ROLES}{role.pk}/change/", sent).status_code == 302

    events = AuditEvent.objects.filter(object_type="role").order_by("id")
    assert [(event.operation, event.fields) for event in events] == [
        ("createRole", ["name", "permissions"]),
        ("updateRole", ["name", "permissions"]),
    ]
    assert "advisers" in staff.get(ROLES).content.decode()


def test_roles_offer_what_means_something(staff):
    role = Group.objects.create(name="adviser")

    page = staff.get(f"{ROLES}{role.pk}/change/").content.decode()

    assert "contacts.reach_all_contacts" in page
    assert "changerequests.review_changerequest" in page
    for other in ("contacts.delete_contact", "changerequests.change_changerequest", "session"):
        assert other not in page


def test_a6_roles_do_not_offer_what_is_for_superusers(staff):
    role = Group.objects.create(name="adviser")

    page = staff.get(f"{ROLES}{role.pk}/change/").content.decode()

    assert "contacts.view_app" in page
    for other in ("add_app", "change_app", "add_group", "change_group"):
        assert other not in page


def test_a_role_keeps_what_its_page_does_not_offer(staff):
    role = Group.objects.create(name="adviser")
    hidden = Permission.objects.get(codename="view_changerequest")
    offered = Permission.objects.get(codename="view_contact")
    role.permissions.set([hidden])

    sent = {"name": "adviser", "permissions": [offered.pk]}
    assert staff.post(f"{ROLES}{role.pk}/change/", sent).status_code == 302

    assert set(role.permissions.all()) == {hidden, offered}
    role_save(actor=SYSTEM, role_id=role.pk, name="adviser", permissions=[])
    assert set(role.permissions.all()) == {hidden}


def test_roles_are_changed_by_superusers_only(world, sign_in):
    role = Group.objects.create(name="adviser")
    grant(world.petra, "view_group", "change_group", "add_group")
    petra = sign_in(world.petra)

    assert petra.get(f"{ROLES}{role.pk}/change/").status_code == 200
    assert petra.post(f"{ROLES}{role.pk}/change/", {"name": "x"}).status_code == 403
    assert petra.post(f"{ROLES}add/", {"name": "x"}).status_code == 403
    with pytest.raises(Forbidden):
        role_save(actor=Actor(member_id=world.petra.pk), role_id=None, name="x", permissions=[])
    with pytest.raises(NotFound):
        role_save(actor=SYSTEM, role_id=999999, name="x", permissions=[])


def test_schemas_are_read_with_their_versions(staff):
    schema = CrmSchema.objects.get()

    page = staff.get(f"{SCHEMAS}{schema.pk}/change/")

    assert page.status_code == 200
    assert "firstName" in page.content.decode()
    assert "tiny" in staff.get(SCHEMAS).content.decode()
    assert staff.post(f"{SCHEMAS}{schema.pk}/change/", {"key": "x"}).status_code == 403
    assert staff.get(f"{SCHEMAS}add/").status_code == 403


@pytest.fixture
def event(world: World) -> AuditEvent:
    audit_record(
        actor=world.actor(world.anna),
        operation="updateApp",
        object_type="app",
        object_id=world.app.pk,
        fields=["scopes"],
    )
    return AuditEvent.objects.get(operation="updateApp")


def test_h3_the_audit_log_is_read_and_searched(staff, world, event):
    def found(text):
        return [row.pk for row in staff.get(AUDIT, {"q": text}).context["cl"].result_list]

    for text in ("updateapp", "app anna", f"app {world.app.pk}", "firm updateApp"):
        assert found(text) == [event.pk], text
    assert found(f"{event.correlation_id} updateApp") == [event.pk]
    assert found("0" * 32) == found("nothing") == []
    page = staff.get(f"{AUDIT}{event.pk}/change/")
    assert page.status_code == 200
    assert "scopes" in page.content.decode()


def test_f3_a_long_search_costs_as_much_as_ten_words(staff, event):
    for address in (AUDIT, "/admin/contacts/member/", "/admin/lists/listitem/"):
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(address, {"q": "zz " * 3000}).status_code == 200
        assert max(query["sql"].lower().count("zz") for query in queries) <= 60, address


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("de", ("Vorgang", "Grund", "Korrelations-Id")),
        ("fr", ("Opération", "Motif", "Id de corré")),
    ],
)
def test_q3_the_audit_log_speaks_the_readers_language(staff, event, language, headings):
    staff.cookies["django_language"] = language

    log = (
        staff.get(AUDIT).content.decode() + staff.get(f"{AUDIT}{event.pk}/change/").content.decode()
    )

    assert [heading for heading in headings if heading not in log] == []


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("0" * 32, "audit_event_correlation"),
        ("UPDATEAPP", "audit_event_operation"),
        ("app 12", "audit_event_object"),
        ("nothing", "audit_event_object"),
        ("anna", "common_auditevent_member_id"),
        ("firm", "common_auditevent_app_id"),
    ],
)
def test_h3_words_of_the_audit_log_are_found_by_indexes(event, text, index):
    """In a log of any length: the planner is told that the rows themselves are no way."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = AuditEvent.objects.filter(audit_words(text.split())).explain()

    assert index in plan
    assert "Seq Scan" not in plan


def test_h3_a_word_of_the_audit_log_costs_two_statements(event, django_assert_num_queries):
    for words in (["updateApp"], ["app", "12", "anna"], ["0" * 32]):
        searched = sum(len(word) < 32 for word in words)
        with django_assert_num_queries(1 + 2 * searched):
            audit_words(words)


def test_h3_an_empty_audit_log_holds_no_word(world):
    assert not AuditEvent.objects.filter(audit_words(["app"])).exists()


def test_h3_the_audit_log_never_changes(staff, event):
    assert staff.get(f"{AUDIT}add/").status_code == 403
    assert staff.post(f"{AUDIT}{event.pk}/change/", {"operation": "x"}).status_code == 403
    assert staff.post(f"{AUDIT}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    staff.post(AUDIT, {"action": "delete_selected", "_selected_action": event.pk, "post": "yes"})
    assert AuditEvent.objects.filter(pk=event.pk).exists()


def test_the_audit_log_takes_a_permission(petra, event):
    assert petra.get(AUDIT).status_code == 403


@pytest.mark.parametrize("count", [1, 10])
def test_the_queries_of_the_audit_log_do_not_grow(staff, world, django_assert_num_queries, count):
    for number in range(count):
        audit_record(
            actor=world.actor(world.anna), operation="x", object_type="y", object_id=number
        )
    staff.get(AUDIT)

    with django_assert_num_queries(7):
        staff.get(AUDIT)


def test_djangos_own_log_is_neither_kept_nor_shown(staff):
    role = Group.objects.create(name="adviser")

    assert staff.get(f"{ROLES}{role.pk}/history/").status_code == 404


def test_h3_a_late_page_of_the_audit_log_reads_the_keys_of_the_rows_before_it_only(staff):
    for number in range(60):
        audit_record(actor=SYSTEM, operation="counted", object_type="thing", object_id=number)
    events = AuditEvent.objects.filter(operation="counted").order_by("-id")

    for number, expected in ((1, events[:25]), (2, events[25:50]), (3, events[50:])):
        with CaptureQueriesContext(connection) as queries:
            found = staff.get(AUDIT, {"q": "counted", "p": number}).context["cl"].result_list
        assert list(found) == list(expected)
    (read,) = [each["sql"] for each in queries if " OFFSET 50" in each["sql"]]
    assert "contacts_app" in read[: read.rindex("(SELECT")].partition(" FROM ")[2]
    assert "ORDER BY" in read[read.index(" OFFSET 50") :]

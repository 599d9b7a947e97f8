"""Members in the back office: the tree, the form, and who may change whom."""

import pytest
from django.test import Client

from config.common.models import AuditEvent
from contacts.models import Member
from tests.back_office.conftest import SignIn, grant
from tests.factories.fixtures import World

MEMBERS = "/admin/contacts/member/"


def page_of(member: Member) -> str:
    return f"{MEMBERS}{member.pk}/change/"


def form(member: Member, **values: object) -> dict[str, object]:
    """What the browser sends when nothing is edited."""
    manager = member.manager_id or ""
    sent = {"first_name": member.first_name, "last_name": member.last_name, "manager": manager}
    flags = dict.fromkeys(("is_active", "is_staff", "is_notified"), "on")
    return {**sent, "email": member.email, **flags, **values}


@pytest.fixture
def staff(admin: Member, world: World, sign_in: SignIn) -> Client:
    return sign_in(admin)


def last_event() -> tuple[str, list[str]]:
    event = AuditEvent.objects.order_by("id").last()
    return event.operation, event.fields


def test_members_are_a_tree(staff, world):
    names = [row.username for row in staff.get(MEMBERS).context["cl"].result_list]

    assert names == ["admin", "carl", "petra", "anna", "ben"]


def test_members_are_found_by_name_login_and_email(staff, world):
    Member.objects.filter(pk=world.ben.pk).update(last_name="Roth", email="b@example.com")

    for term in ("ROTH", "ben", "b@example", "be ro"):
        found = staff.get(MEMBERS, {"q": term}).context["cl"].result_list
        assert [row.username for row in found] == ["ben"], term


@pytest.mark.parametrize("count", [1, 12])
def test_the_queries_of_the_tree_do_not_grow(staff, world, django_assert_num_queries, count):
    for number in range(count):
        Member.objects.create_user(f"x{number}", manager=world.anna)
    staff.get(MEMBERS)

    with django_assert_num_queries(9):
        staff.get(MEMBERS)


def test_h3_a_member_is_changed_through_the_service(staff, world):
    sent = form(world.anna, first_name="Anna", manager=world.ben.pk)

    answer = staff.post(page_of(world.anna), sent)

    assert answer.status_code == 302
    world.anna.refresh_from_db()
    assert (world.anna.first_name, world.anna.manager_id) == ("Anna", world.ben.pk)
    assert last_event() == ("updateMember", ["first_name", "is_staff", "manager_id"])


def test_a_cycle_is_an_error_beside_what_was_typed(staff, world):
    answer = staff.post(
        page_of(world.petra), form(world.petra, manager=world.anna.pk, email="new@example.com")
    )

    assert answer.status_code == 200
    assert "cannot be managed by itself" in answer.content.decode()
    assert 'value="new@example.com"' in answer.content.decode()
    world.petra.refresh_from_db()
    assert (world.petra.manager_id, world.petra.email) == (None, "")
    assert not AuditEvent.objects.filter(operation="updateMember").exists()


def test_h3_a_member_is_added_through_the_service(staff, world):
    sent = {
        "username": "eve",
        "password1": "a long enough secret",
        "password2": "a long enough secret",
        "first_name": "Eve",
        "last_name": "",
        "email": "eve@example.com",
        "manager": world.petra.pk,
    }

    assert (
        staff.post(
            f"{MEMBERS}add/", {**sent, "password1": "short", "password2": "short"}
        ).status_code
        == 200
    )
    assert not Member.objects.filter(username="eve").exists()
    assert staff.post(f"{MEMBERS}add/", sent).status_code == 302

    eve = Member.objects.get(username="eve")
    assert eve.check_password("a long enough secret")
    assert (eve.manager_id, eve.is_staff, eve.is_superuser) == (world.petra.pk, True, False)
    assert last_event()[0] == "createMember"


def test_no_page_shows_a_password_hash(staff, world):
    world.anna.set_password("a long enough secret")
    world.anna.save()

    page = staff.get(page_of(world.anna)).content.decode()

    assert world.anna.password not in page
    assert "md5$" not in page


def test_roles_and_flags_are_for_superusers(world, sign_in):
    grant(world.petra, "view_member", "change_member")
    petra = sign_in(world.petra)
    sent = form(world.anna, is_superuser="on", manager=world.carl.pk, first_name="Anna")

    assert petra.post(page_of(world.anna), sent).status_code == 302

    world.anna.refresh_from_db()
    assert (world.anna.first_name, world.anna.is_superuser) == ("Anna", False)
    assert (world.anna.manager_id, world.anna.is_staff) == (world.petra.pk, False)


def test_nobody_changes_themselves_or_a_superuser(world, admin, sign_in):
    grant(world.petra, "view_member", "change_member", "move_member")
    petra = sign_in(world.petra)

    for member in (world.petra, admin):
        assert petra.get(page_of(member)).status_code == 200
        assert petra.post(page_of(member), form(member, first_name="X")).status_code == 403
        assert petra.post(f"{MEMBERS}{member.pk}/sign-out/").status_code == 403
        member.refresh_from_db()
        assert member.first_name == ""


def test_a3_signing_out_everywhere_revokes_tokens_and_ends_sessions(staff, world, sign_in):
    anna = sign_in(world.anna)
    before = world.anna.tokens_valid_from
    assert anna.get("/admin/").status_code == 200

    assert staff.get(f"{MEMBERS}{world.anna.pk}/sign-out/").status_code == 405
    assert staff.post(f"{MEMBERS}{world.anna.pk}/sign-out/").status_code == 302

    world.anna.refresh_from_db()
    assert world.anna.tokens_valid_from > before
    assert anna.get("/admin/").status_code == 302
    assert last_event()[0] == "revokeMemberTokens"


def test_setting_a_password_is_for_superusers_and_ends_sessions(staff, world, sign_in):
    grant(world.petra, "view_member", "change_member")
    petra, anna = sign_in(world.petra), sign_in(world.anna)
    address = f"{MEMBERS}{world.anna.pk}/password/"
    sent = {"password1": "another long secret", "password2": "another long secret"}

    assert petra.post(address, sent).status_code == 403
    assert staff.get(address).status_code == 200
    assert staff.post(address, {**sent, "password2": "something else"}).status_code == 200
    assert staff.post(address, sent).status_code == 302

    world.anna.refresh_from_db()
    assert world.anna.check_password("another long secret")
    assert anna.get("/admin/").status_code == 302
    assert last_event() == ("setMemberPassword", ["password"])


def test_ad08_a_locked_member_is_unlocked(staff, world, client):
    Member.objects.filter(pk=world.anna.pk).update(is_staff=True)
    for _ in range(20):
        answer = client.post("/admin/login/", {"username": "anna", "password": "wrong"})
    assert answer.status_code == 429

    assert staff.post(f"{MEMBERS}{world.anna.pk}/unlock/").status_code == 302

    answer = client.post("/admin/login/", {"username": "anna", "password": "wrong"})
    assert answer.status_code == 200
    assert last_event()[0] == "unlockMember"


def test_actions_on_unknown_members_answer_404(staff):
    assert staff.post(f"{MEMBERS}999999/unlock/").status_code == 404

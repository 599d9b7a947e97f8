"""The switch of the queue: one's own emails about change requests."""

import pytest

from config.common.exceptions import Forbidden
from config.common.models import AuditEvent
from contacts.models import Member
from contacts.services.members import MemberUpdate, member_notices_set, member_update

QUEUE = "/admin/changerequests/changerequest/"
SWITCH = f"{QUEUE}notices/"


@pytest.fixture(autouse=True)
def address(world):
    Member.objects.filter(pk=world.anna.pk).update(email="anna@example.com")


def audited() -> list[tuple[int | None, str, list[str]]]:
    events = AuditEvent.objects.filter(operation="updateMember").order_by("id")
    return list(events.values_list("member_id", "object_id", "fields"))


def wants_emails(member: Member) -> bool:
    return Member.objects.get(pk=member.pk).is_notified


def test_h3_a_member_switches_its_own_emails_off_and_on(world, anna):
    page = anna.get(QUEUE).content.decode()
    assert "You get emails about change requests." in page
    assert '<button class="bo-link-button" type="submit" name="emails" value="off">' in page

    off = anna.post(SWITCH, {"emails": "off"}, follow=True)

    assert off.redirect_chain == [(QUEUE, 302)]
    assert [str(each) for each in off.context["messages"]] == [
        "You get no more emails about change requests."
    ]
    assert '<button class="bo-link-button" type="submit" name="emails" value="on">' in (
        off.content.decode()
    )
    assert not wants_emails(world.anna)

    on = anna.post(SWITCH, {"emails": "on"}, follow=True)

    assert [str(each) for each in on.context["messages"]] == [
        "You get emails about change requests from now on."
    ]
    assert wants_emails(world.anna)
    assert audited() == [(world.anna.pk, str(world.anna.pk), ["is_notified"])] * 2


def test_who_has_no_address_is_told_that_no_emails_come(world, anna):
    Member.objects.filter(pk=world.anna.pk).update(email="")

    page = anna.get(QUEUE).text

    assert "You get no emails about change requests: no address of yours is known." in page
    assert SWITCH not in page


def test_a_switch_that_is_sent_twice_stays_where_it_was_put(world, anna):
    anna.post(SWITCH, {"emails": "off"})
    anna.post(SWITCH, {"emails": "off"})

    assert not wants_emails(world.anna)
    assert len(audited()) == 1


def test_h3_a_member_chooses_the_language_of_its_own_emails(world, anna):
    page = anna.get(QUEUE).text
    assert '<option value="" selected>English (default)</option>' in page
    assert "English (Standard)" in anna.get(QUEUE, headers={"accept-language": "de"}).text

    answer = anna.post(f"{SWITCH}?_changelist_filters=view%3Dmine", {"language": "de"}, follow=True)

    assert answer.redirect_chain == [(f"{QUEUE}?view=mine", 302)]
    assert [str(each) for each in answer.context["messages"]] == [
        "You get emails in this language from now on: Deutsch."
    ]
    assert '<option value="de" selected>Deutsch</option>' in answer.text
    anna.post(SWITCH, {"language": "de"})
    assert Member.objects.get(pk=world.anna.pk).language == "de"
    assert audited() == [(world.anna.pk, str(world.anna.pk), ["language"])]

    back = anna.post(SWITCH, {"language": ""}, follow=True)

    assert back.redirect_chain == [(QUEUE, 302)]
    assert Member.objects.get(pk=world.anna.pk).language == ""
    assert wants_emails(world.anna)


def test_who_gets_no_emails_chooses_no_language(anna):
    anna.post(SWITCH, {"emails": "off"})

    assert "email-language" not in anna.get(QUEUE).text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"emails": ""},
        {"emails": "maybe\x00"},
        {"language": "xx"},
        {"language": "de\x00"},
        {"emails": "off", "language": "de"},
        {"emails": "", "language": "de"},
    ],
)
def test_a_switch_without_a_choice_changes_nothing(world, anna, sent):
    assert anna.post(SWITCH, sent).status_code == 400

    assert Member.objects.get(pk=world.anna.pk).language == ""
    assert wants_emails(world.anna)
    assert audited() == []


def test_ad01_the_switch_takes_a_post_with_a_token_only(world, anna, sign_in):
    assert anna.get(SWITCH).status_code == 405
    strict = sign_in(world.anna, enforce_csrf_checks=True)
    assert strict.post(SWITCH, {"emails": "off"}).status_code == 403

    assert wants_emails(world.anna)


def test_the_switch_is_nobody_elses(world, anna):
    """Whoever the form names: it is the reader whose emails are switched."""
    anna.post(SWITCH, {"emails": "off", "member": str(world.ben.pk)})

    assert wants_emails(world.ben)
    assert not wants_emails(world.anna)


def test_a6_beyond_its_emails_a_member_still_changes_nothing_of_itself(world):
    actor = world.actor(world.anna)
    with pytest.raises(Forbidden):
        member_update(actor=actor, member_id=world.anna.pk, update=MemberUpdate(is_notified=False))

    assert wants_emails(world.anna)
    assert audited() == []


def test_an_app_has_no_emails_to_switch(world):
    with pytest.raises(Forbidden):
        member_notices_set(actor=world.actor(), is_notified=False)

    assert audited() == []

"""How the page of a request tells what became of it: ended without a decision, or in parts."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from changerequests.models import ChangeRequest
from changerequests.services import change_request_cancel
from changerequests.services.follow_up import change_requests_expire
from changerequests.services.requests import change_request_end
from config.common.actors import SYSTEM
from config.common.models import AuditEvent
from tests.factories.fixtures import World
from tests.factories.submissions import decide, hold, ref_of

QUEUE = "/admin/changerequests/changerequest/"
KING = {"person": {"lastName": "King"}}
Status = ChangeRequest.Status


def page_of(client: Client, request: ChangeRequest, **headers: str):
    return client.get(f"{QUEUE}{request.pk}/change/", headers=headers)


def test_a_request_that_expired_says_who_ended_it_when_and_why(world, petra, settings):
    settings.CHANGE_REQUEST_EXPIRY_DAYS = 30
    request = hold(world.actor(world.anna), world.contact(), KING)
    ChangeRequest.objects.update(created_at=F("created_at") - timedelta(days=31))
    assert change_requests_expire() == 1
    event = AuditEvent.objects.get(operation="changeRequestCancelled")

    english, german = page_of(petra, request), page_of(petra, request, accept_language="de")

    assert english.context["ending"].by is None
    assert english.context["ending"].at == event.created_at
    for text in ("Cancelled", "The system", "Nobody decided within 30 days."):
        assert text in english.text
    for text in ("Zurückgezogen", "Das System", "Innerhalb von 30 Tagen hat niemand entschieden."):
        assert text in german.text
    assert "Decided by" not in english.text


@pytest.mark.parametrize("written", ["1 day.", "1 days."])
def test_a_request_that_expired_after_a_day_says_so(world, petra, written):
    """As it is written, and as it was written before."""
    request = hold(world.actor(world.anna), world.contact(), KING)
    comment = f"Cancelled by the system: nobody decided within {written}"
    change_request_end(SYSTEM, request, Status.CANCELLED, comment)

    assert page_of(petra, request).context["reason"] == "Nobody decided within 1 day."
    german = page_of(petra, request, accept_language="de")
    assert german.context["reason"] == "Innerhalb von 1 Tag hat niemand entschieden."


def test_a_request_that_was_withdrawn_says_by_whom(world, petra):
    contact = world.contact()
    request = hold(world.actor(world.anna), contact, KING)
    change_request_cancel(actor=world.actor(world.anna), ref=ref_of(contact), request_id=request.pk)

    page = page_of(petra, request)

    assert (page.context["ending"].by, page.context["reason"]) == ("anna", "")
    assert "Ended by" in page.text


def test_c7_a_superseded_request_says_which_app_saved_the_schema(world, petra):
    request = hold(world.actor(world.anna), world.contact(), KING)
    change_request_end(world.actor(), request, Status.SUPERSEDED)

    assert page_of(petra, request).context["ending"].by == str(world.app)


@pytest.mark.parametrize("is_approved", [True, False])
def test_a_decision_is_no_other_end(world, petra, is_approved):
    request = hold(world.actor(world.anna), world.contact(), KING)
    assert page_of(petra, request).context["ending"] is None
    decide(world.actor(world.petra), request, is_approved=is_approved, comment="Because.")

    page = page_of(petra, request)

    assert page.context["ending"] is None
    assert page.text.count("Because.") == 1
    assert "Ended by" not in page.text


def test_an_end_from_before_the_audit_log_shows_none(world, petra):
    request = hold(world.actor(world.anna), world.contact(), KING)
    ChangeRequest.objects.update(status=Status.CANCELLED)

    assert page_of(petra, request).context["ending"] is None


def test_v1_a_page_says_that_an_approved_email_waits_for_its_key(world, petra):
    request = asked_for_email(world)
    assert "takes effect once it is confirmed" in page_of(petra, request).text

    sent = {"decision": "approve"}
    answer = petra.post(f"{QUEUE}{request.pk}/review/", sent, follow=True)

    assert "Approved: the new email or mobile of Ada Byron takes effect once" in answer.text
    page = page_of(petra, request)
    assert page.context["is_waiting"]
    assert "takes effect once it is confirmed" in page.text
    assert "ada@example.com" not in answer.text


def test_v1_nothing_is_said_of_keys_where_none_is_needed(world, petra):
    request = hold(world.actor(world.anna), world.contact(), KING)

    assert "is confirmed" not in page_of(petra, request).text
    answer = petra.post(f"{QUEUE}{request.pk}/review/", {"decision": "approve"}, follow=True)
    assert "is in effect" in answer.text
    assert not page_of(petra, request).context["is_waiting"]


def asked_for_email(world: World) -> ChangeRequest:
    """A request with a marked field and a new email, which asks for verification."""
    contact = world.contact()
    return hold(
        world.actor(world.anna),
        contact,
        {"person": {"lastName": "King"}, "channels": {"email": "ada@example.com"}},
    )

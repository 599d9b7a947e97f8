"""Messages are written with what they belong to, sealed, in the language asked for (V7)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.common.models import OutboxMessage
from config.common.outbox import Channel, MessageTemplate
from config.common.outbox import services as outbox_services
from config.common.outbox.services import masked
from config.common.outbox.templates import message_language, render
from tests.factories.providers import Gateway
from tests.outbox.messages import ADDRESS, add

OnCommit = Callable[..., Any]


# --- Adding ------------------------------------------------------------------------------------
def test_v7_a_message_is_stored_sealed(db: None) -> None:
    message = add(language="de-CH", contact_id=7, about="pendingChannel 1")

    message.refresh_from_db()
    assert (message.state, message.attempts, message.language) == ("Pending", 0, "de")
    assert (message.contact_id, message.about) == (7, "pendingChannel 1")
    assert message.recipient_hint == "a•••@e•••.com"
    content = bytes(message.sealed or b"")
    assert ADDRESS.encode() not in content
    assert b"012345" not in content
    assert message.expires_at - message.created_at == timedelta(hours=72)
    assert str(message) == f"channelKey {message.pk}"


def test_v7_a_message_that_no_template_allows_is_a_mistake(db: None) -> None:
    with pytest.raises(LookupError):
        add(kind="unheardOf")
    with pytest.raises(ValueError, match="other parameters"):
        add(parameters={"key": "012345"})

    assert not OutboxMessage.objects.exists()


def test_v7_a_channel_that_the_template_has_no_text_for_is_a_mistake(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_only = MessageTemplate("channelKey", (Channel.MOBILE,), ("key", "minutes"))
    monkeypatch.setattr(outbox_services, "template_of", lambda kind: short_only)

    with pytest.raises(ValueError, match="do not go by Email"):
        add()

    assert not OutboxMessage.objects.exists()


def test_v7_a_message_goes_with_its_transaction(transactional_db: None) -> None:
    with transaction.atomic():
        add()
        transaction.set_rollback(True)

    assert not OutboxMessage.objects.exists()


def test_v7_a_worker_is_woken_once_a_transaction(
    db: None, django_capture_on_commit_callbacks: OnCommit
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        add()
        add()

    assert len(callbacks) == 1


@pytest.mark.parametrize(
    ("wanted", "written"),
    [("fr", "fr"), ("DE", "de"), ("fr-CH", "fr"), ("xx", "en"), (None, "en"), ("", "en")],
)
def test_v7_messages_fall_back_to_the_default_language(wanted: str | None, written: str) -> None:
    assert message_language(wanted) == written


@pytest.mark.parametrize(
    ("recipient", "shown"),
    [
        ("ada@example.com", "a•••@e•••.com"),
        ("a@localhost", "a•••@•••localhost"),
        ("+41791234567", "•••67"),
    ],
)
def test_v7_recipients_are_shown_masked(recipient: str, shown: str) -> None:
    assert masked(recipient) == shown


def test_v7_unsent_messages_cannot_lose_their_content(db: None) -> None:
    message = add()

    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessage.objects.filter(pk=message.pk).update(sealed=None)


# --- Texts -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "subject", "valid", "lang"),
    [
        ("en", "Your confirmation key", "It is valid for 10 minutes.", 'lang="en"'),
        ("de", "Ihr Bestätigungsschlüssel", "Er gilt 10 Minuten.", 'lang="de"'),
        ("fr", "Votre clé de confirmation", "Elle est valable 10 minutes.", 'lang="fr"'),
    ],
)
def test_v7_emails_come_as_text_and_html_in_three_languages(
    language: str, subject: str, valid: str, lang: str
) -> None:
    text = render("channelKey", "Email", language, {"key": "012345", "minutes": 10})

    assert text.subject == subject
    assert valid in text.text
    assert valid in text.html
    assert lang in text.html
    assert "012345" in text.text
    assert "012345" in text.html


def test_v7_values_are_escaped_in_html_only(settings: Any) -> None:
    settings.FIRM_NAME = "Smith & Sons"

    text = render("channelChanged", "Email", "en", {})

    assert text.text.endswith("Smith & Sons")
    assert "Smith &amp; Sons" in text.html


def test_v7_short_messages_are_short(sms_gateway: Gateway) -> None:
    for language in ("en", "de", "fr"):
        text = render("channelKey", "Mobile", language, {"key": "012345", "minutes": 10}).text
        assert "012345" in text
        assert len(text) <= 160

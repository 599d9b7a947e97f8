"""What providers make of a message, and of the answers they get."""

import json
import stat
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from config.common.outbox.providers import (
    MissingProvider,
    Outgoing,
    TryAgain,
    Undeliverable,
    provider_of,
)
from config.common.outbox.providers.email import EmailProvider
from config.common.outbox.providers.files import FileProvider
from config.common.outbox.providers.gateway import GatewayProvider
from config.common.outbox.templates import MessageText
from tests.factories.providers import EMAIL_PROVIDER, FILE_PROVIDER, Gateway, MailServer

ID = UUID("00000000-0000-4000-8000-00000000000a")


def outgoing(
    recipient: str = "ada@example.com", text: str = "Key: 012345", **more: str
) -> Outgoing:
    return Outgoing(
        message_id=ID,
        created_at=datetime(2026, 11, 25, 20, 45, tzinfo=UTC),
        recipient=recipient,
        content=MessageText(text, **more),
    )


def test_v7_an_email_has_text_html_and_the_messages_id(mailbox: MailServer) -> None:
    EmailProvider().send(outgoing(text="Clé", subject="Ihr Schlüssel", html="<p>Clé</p>"))

    email = message_from_bytes(mailbox.emails[0].encode(), policy=policy.default)
    assert email["Message-ID"] == f"<{ID}@example.com>"
    assert (email["From"], email["To"]) == ("Firm <firm@example.com>", "ada@example.com")
    assert email["Subject"] == "Ihr Schlüssel"
    assert email["Auto-Submitted"] == "auto-generated"
    parts = {part.get_content_type(): part.get_content().strip() for part in email.iter_parts()}
    assert parts == {"text/plain": "Clé", "text/html": "<p>Clé</p>"}
    assert mailbox.recipients == ["ada@example.com"]


@pytest.mark.parametrize(
    ("command", "answer", "error", "code"),
    [
        ("RCPT", "550 nobody here", Undeliverable, "Recipient550"),
        ("RCPT", "450 busy", TryAgain, "Recipient450"),
        ("END", "554 no", Undeliverable, "Content554"),
        ("END", "451 later", TryAgain, "Content451"),
        ("MAIL", "550 not you", TryAgain, "SMTPSenderRefused"),
    ],
)
def test_v7_a_mail_servers_refusal_is_for_now_or_for_good(
    mailbox: MailServer, command: str, answer: str, error: type[Exception], code: str
) -> None:
    mailbox.refusals[command] = answer

    with pytest.raises(error, match=f"^{code}$"):
        EmailProvider().send(outgoing(subject="s", html="<p></p>"))


def test_v7_a_mail_server_that_is_away_is_tried_again(mailbox: MailServer, settings: Any) -> None:
    settings.EMAIL_PORT = 1

    with pytest.raises(TryAgain, match="ConnectionRefusedError"):
        EmailProvider().send(outgoing(subject="s", html="<p></p>"))


def test_v7_an_address_with_a_line_break_never_becomes_a_header(mailbox: MailServer) -> None:
    with pytest.raises(Undeliverable, match="Address"):
        EmailProvider().send(
            outgoing("ada@example.com\nBcc: eve@example.com", subject="s", html="h")
        )

    assert mailbox.emails == []


def test_v7_a_gateway_gets_one_request_with_the_messages_id(sms_gateway: Gateway) -> None:
    GatewayProvider().send(outgoing("+41791234567", 'Key "012345" {messageId}'))

    [(headers, body)] = sms_gateway.requests
    assert json.loads(body) == {
        "to": "+41791234567",
        "text": 'Key "012345" {messageId}',
        "id": str(ID),
    }
    assert headers["Idempotency-Key"] == str(ID)
    assert headers["Content-Type"] == "application/json"


def test_v7_a_gateway_that_takes_forms_gets_one(sms_gateway: Gateway, settings: Any) -> None:
    settings.SMS_GATEWAY_HEADERS = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": "Bearer sample",
    }
    settings.SMS_GATEWAY_BODY = "To={recipient}&Body={text}"

    GatewayProvider().send(outgoing("+41791234567", "Key: 012345&more"))

    [(headers, body)] = sms_gateway.requests
    assert body == "To=%2B41791234567&Body=Key%3A+012345%26more"
    assert headers["Authorization"] == "Bearer sample"


@pytest.mark.parametrize(
    ("content_type", "template", "sent"),
    [
        (
            "APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8",
            "to={recipient}&text={text}",
            "to=%2B41791234567&text=%22%3Cb%3E%27%26to%3D1%0A%7Brecipient%7D",
        ),
        (
            "application/vnd.sms+json",
            '["{text}"]',
            r"""["\"<b>'&to=1\n{recipient}"]""",
        ),
        ("text/xml", "<t>{text}</t>", "<t>&quot;&lt;b&gt;&apos;&amp;to=1\n{recipient}</t>"),
        ("application/soap+xml", "<t>{recipient}</t>", "<t>+41791234567</t>"),
    ],
)
def test_v7_a_value_stays_a_value_in_each_content_type(
    sms_gateway: Gateway, settings: Any, content_type: str, template: str, sent: str
) -> None:
    settings.SMS_GATEWAY_HEADERS = {"content-type": content_type}
    settings.SMS_GATEWAY_BODY = template

    GatewayProvider().send(outgoing("+41791234567", "\"<b>'&to=1\n{recipient}"))

    [(headers, body)] = sms_gateway.requests
    assert body == sent
    assert [value for name, value in headers.items() if name.lower() == "content-type"] == [
        content_type
    ]


def test_v7_a_content_type_that_nobody_can_write_sends_nothing(
    sms_gateway: Gateway, settings: Any
) -> None:
    settings.SMS_GATEWAY_HEADERS = {"Content-Type": "text/plain"}

    with pytest.raises(TryAgain, match="ContentType"):
        GatewayProvider().send(outgoing("+41791234567"))

    assert sms_gateway.requests == []


def test_v7_the_body_of_a_gateways_answer_is_not_waited_for(sms_gateway: Gateway) -> None:
    sms_gateway.promised_bytes = 10**12

    GatewayProvider().send(outgoing("+41791234567"))

    assert len(sms_gateway.requests) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Undeliverable),
        (422, Undeliverable),
        (401, TryAgain),
        (429, TryAgain),
        (302, TryAgain),
        (500, TryAgain),
        (503, TryAgain),
    ],
)
def test_v7_a_gateways_refusal_is_for_now_or_for_good(
    sms_gateway: Gateway, status: int, error: type[Exception]
) -> None:
    sms_gateway.answers.append(status)

    with pytest.raises(error, match=f"^Http{status}$"):
        GatewayProvider().send(outgoing("+41791234567"))

    assert len(sms_gateway.requests) == 1


def test_v7_a_gateway_that_is_away_is_tried_again(settings: Any) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1/"

    with pytest.raises(TryAgain, match="NewConnectionError"):
        GatewayProvider().send(outgoing("+41791234567"))


def test_v7_files_are_for_their_owner_and_the_same_message_is_the_same_file(
    tmp_path: Path, settings: Any
) -> None:
    settings.OUTBOX_DIRECTORY = tmp_path / "outbox"

    FileProvider().send(outgoing(subject="Your key"))
    FileProvider().send(outgoing(subject="Your key"))

    [file] = (tmp_path / "outbox").iterdir()
    assert file.name == f"20261125T204500000000-{ID}.txt"
    assert file.read_text() == (
        f"To: ada@example.com\nMessage-Id: {ID}\nSubject: Your key\n\nKey: 012345\n"
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_v7_short_messages_in_files_have_no_subject(tmp_path: Path, settings: Any) -> None:
    settings.OUTBOX_DIRECTORY = tmp_path

    FileProvider().send(outgoing("+41791234567"))

    [file] = tmp_path.iterdir()
    assert file.read_text() == f"To: +41791234567\nMessage-Id: {ID}\n\nKey: 012345\n"


def test_v7_a_channel_that_is_not_set_up_waits() -> None:
    with pytest.raises(TryAgain, match="NotConfigured"):
        MissingProvider().send(outgoing())


def test_v7_providers_are_named_by_a_setting(settings: Any) -> None:
    settings.MESSAGE_PROVIDERS = {"Email": EMAIL_PROVIDER, "Mobile": FILE_PROVIDER}

    assert isinstance(provider_of("Email"), EmailProvider)
    assert isinstance(provider_of("Mobile"), FileProvider)

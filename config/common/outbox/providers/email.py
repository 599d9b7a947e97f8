"""Emails by Django's own email, which speaks SMTP (setting EMAIL_URL)."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from config.common.outbox.providers import Outgoing, TryAgain, Undeliverable

_PERMANENT = 500


class EmailProvider:
    """Text and HTML in one email. The message's id is its Message-ID."""

    def send(self, message: Outgoing) -> None:
        """Hand the email to the server. Raises TryAgain, Undeliverable."""
        email = EmailMultiAlternatives(
            subject=message.content.subject,
            body=message.content.text,
            to=[message.recipient],
            headers={"Message-ID": _message_id(message), "Auto-Submitted": "auto-generated"},
        )
        email.attach_alternative(message.content.html, "text/html")
        try:
            email.send()
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _ in error.recipients.values())
            raise _failure(code, "Recipient") from None
        except smtplib.SMTPDataError as error:
            raise _failure(error.smtp_code, "Content") from None
        except ValueError:
            # An address or header that no email can have; unicode that the server does not take.
            raise Undeliverable("Address") from None
        except OSError as error:
            # Away, too slow, or it does not let us in; smtplib's own errors are among these.
            raise TryAgain(type(error).__name__) from None


def _message_id(message: Outgoing) -> str:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return f"<{message.message_id}@{domain}>"


def _failure(code: int, what: str) -> TryAgain | Undeliverable:
    return (Undeliverable if code >= _PERMANENT else TryAgain)(f"{what}{code}")

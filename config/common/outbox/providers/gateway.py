"""Short messages by an HTTP gateway: any that takes one request for each message.

Settings: address, headers and body. The body names `{recipient}`, `{text}` and `{messageId}`,
which are written as the content type wants them: JSON, a form or XML.
"""

import json
import re
from collections.abc import Callable
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

import urllib3
from django.conf import settings

from config.common.outbox.providers import Outgoing, TryAgain, Undeliverable

_PLACE = re.compile(r"\{(recipient|text|messageId)\}")
# These say something about us or the moment, not about the message.
_TRANSIENT = frozenset({401, 403, 404, 405, 407, 408, 409, 425, 429})


class GatewayProvider:
    """One POST for each message; a header carries its id, so that the gateway can drop repeats."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(total=settings.SMS_GATEWAY_TIMEOUT_SECONDS), retries=False
        )

    def send(self, message: Outgoing) -> None:
        """Hand the message to the gateway. Raises TryAgain, Undeliverable."""
        # Names of headers in whatever case: two content types would be one for us and another for
        # the gateway.
        headers = urllib3.HTTPHeaderDict(
            {"Content-Type": "application/json", "Idempotency-Key": str(message.message_id)}
        )
        for name, value in settings.SMS_GATEWAY_HEADERS.items():
            headers[name] = value
        body = _body(message, headers["Content-Type"])
        try:
            answer = self._pool.request(
                "POST",
                settings.SMS_GATEWAY_URL,
                body=body.encode(),
                headers=headers,
                redirect=False,
                preload_content=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise TryAgain(type(error).__name__) from None
        # The status says it all. What follows can be long, and slow beyond the message's lease.
        answer.close()
        if 200 <= answer.status < 300:
            return
        is_transient = answer.status < 400 or answer.status >= 500 or answer.status in _TRANSIENT
        raise (TryAgain if is_transient else Undeliverable)(f"Http{answer.status}")


def _body(message: Outgoing, content_type: str) -> str:
    """The body in one pass, so that no value is taken for a place."""
    values = {
        "recipient": message.recipient,
        "text": message.content.text,
        "messageId": str(message.message_id),
    }
    write = _writer(content_type)
    return _PLACE.sub(lambda place: write(values[place[1]]), settings.SMS_GATEWAY_BODY)


def _writer(content_type: str) -> Callable[[str], str]:
    """How a value is written so that it stays one. Raises TryAgain for types that we cannot write:
    the set-up is wrong, not the message.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "application/x-www-form-urlencoded":
        return quote_plus
    if media_type == "application/json" or media_type.endswith("+json"):
        return lambda value: json.dumps(value)[1:-1]
    if media_type in ("application/xml", "text/xml") or media_type.endswith("+xml"):
        return lambda value: escape(value, {'"': "&quot;", "'": "&apos;"})
    raise TryAgain("ContentType")

"""Messages to people (V7): written with what they belong to, sent after commit, at least once.

For the apps::

    # apps.py, ready()
    MESSAGE_TEMPLATES.register(MessageTemplate("channelKey", {Channel.EMAIL}, {"key", "minutes"}))

    # a service, inside its transaction
    outbox_add(Message(kind="channelKey", channel=Channel.EMAIL, recipient=address, language="de",
                       parameters={"key": key, "minutes": 10}, contact_id=contact_id))

The texts are `templates/messages/<kind>/`: `subject.txt`, `body.txt` and `body.html` for emails,
`sms.txt` for mobiles, each with the parameters as its context. docs/verification.md and decision
0017 tell the rest.
"""

from config.common.outbox.selectors import Recent, outbox_recent
from config.common.outbox.services import (
    Message,
    outbox_add,
    outbox_add_many,
    outbox_cancel,
    outbox_cancel_about,
    outbox_erase,
    outbox_retry,
)
from config.common.outbox.templates import MESSAGE_TEMPLATES, Channel, MessageTemplate

__all__ = [
    "MESSAGE_TEMPLATES",
    "Channel",
    "Message",
    "MessageTemplate",
    "Recent",
    "outbox_add",
    "outbox_add_many",
    "outbox_cancel",
    "outbox_cancel_about",
    "outbox_erase",
    "outbox_recent",
    "outbox_retry",
]

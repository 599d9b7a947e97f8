"""Messages to contacts: the outbox is the kernel's, whom they concern is ours to know."""

from config.common.models import OutboxMessage
from config.common.outbox import outbox_erase
from config.common.privacy import Erasure, Json, PersonalDataStore


def _erase(erasure: Erasure) -> None:
    outbox_erase(contact_ids=erasure.contact_ids)


def _collect(contact_id: int) -> Json:
    messages = OutboxMessage.objects.filter(contact_id=contact_id).order_by("id")
    return [
        {
            "kind": message.kind,
            "channel": message.channel,
            "recipient": message.recipient_hint or None,
            "language": message.language,
            "state": message.state,
            "createdAt": message.created_at,
            "finishedAt": message.finished_at,
        }
        for message in messages
    ]


MESSAGES_STORE = PersonalDataStore(
    name="messages",
    columns={"common.OutboxMessage": ("recipient_hint", "recipient_hash", "sealed")},
    kept={
        "common.OutboxMessage.kind": "Names of templates.",
        "common.OutboxMessage.language": "The language of the text.",
        "common.OutboxMessage.about": "The id of the row that the message belongs to.",
        "common.OutboxMessage.error": "Names of errors, never their texts.",
    },
    keeps="That a message of a kind was sent or cancelled, and when.",
    erase=_erase,
    collect=_collect,
)

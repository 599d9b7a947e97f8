"""The contact itself, its ids in other systems, and values of channels that wait."""

from config.common.privacy import Erasure, Json, PersonalDataStore
from contacts.erased_ids import id_hash
from contacts.models import Contact, ErasedExternalId, ExternalConnection, PendingChannel


def _erase_contact(erasure: Erasure) -> None:
    """The details, and all that follows from them, are emptied by the function that writes them."""
    Contact.objects.filter(pk__in=erasure.contact_ids).update(
        username=None, username_folded=None, retention_reason=""
    )


def _collect_contact(contact_id: int) -> Json:
    contact = Contact.objects.select_related("contact_type").get(pk=contact_id)
    return {
        "id": contact.pk,
        "uid": contact.uid,
        "contactType": contact.contact_type.key,
        "name": contact.display_name,
        "username": contact.username,
        "createdAt": contact.created_at,
        "anonymisedAt": contact.anonymised_at,
        "retainUntil": contact.retain_until,
        "retentionReason": contact.retention_reason or None,
        "version": contact.version,
        "details": contact.details,
    }


def _erase_connections(erasure: Erasure) -> None:
    hashes = [
        ErasedExternalId(contact_id=contact_id, id_hash=id_hash(external_id))
        for contact_id, external_id in erasure.external_ids.items()
    ]
    # The id of a contact that was erased once already can have served another one since.
    ErasedExternalId.objects.bulk_create(hashes, ignore_conflicts=True)
    ExternalConnection.objects.filter(contact_id__in=erasure.contact_ids).delete()


def _collect_connections(contact_id: int) -> Json:
    connections = ExternalConnection.objects.filter(contact_id=contact_id)
    return [
        {"system": connection.system, "externalId": connection.external_id}
        for connection in connections.order_by("system", "external_id")
    ]


def _erase_channels(erasure: Erasure) -> None:
    PendingChannel.objects.filter(contact_id__in=erasure.contact_ids).delete()


def _collect_channels(contact_id: int) -> Json:
    channels = PendingChannel.objects.filter(contact_id=contact_id).select_related("member", "app")
    return [
        {
            "channel": channel.channel,
            "value": channel.value,
            "since": channel.created_at,
            "comment": channel.comment or None,
            "memberUid": channel.member and channel.member.uid,
            "app": channel.app and channel.app.client_id,
        }
        for channel in channels.order_by("channel")
    ]


CONTACT_STORE = PersonalDataStore(
    name="contact",
    columns={
        "contacts.Contact": (
            "details",
            "details_hash",
            "search",
            "display_name",
            "display_name_folded",
            "username",
            "username_folded",
            "retention_reason",
        )
    },
    keeps=(
        "Id, uid, type, dates and version, so that records which name the contact still have "
        "something to name; and values of fields that the schema marks as not personal."
    ),
    erase=_erase_contact,
    collect=_collect_contact,
)

SYSTEM_IDS = PersonalDataStore(
    name="externalConnections",
    columns={"contacts.ExternalConnection": ("system", "external_id")},
    keeps="A keyed hash of the id in the system Default, so that an import cannot bring it back.",
    erase=_erase_connections,
    collect=_collect_connections,
)

REQUESTED_CHANNELS = PersonalDataStore(
    name="pendingChannels",
    columns={"contacts.PendingChannel": ("value", "comment", "path", "channel", "key_hash")},
    keeps="Nothing.",
    erase=_erase_channels,
    collect=_collect_channels,
)

"""Email and mobile as channels: which field is which, and whose new values wait (V1). Pure."""

from collections.abc import Sequence

from contacts.models import PendingChannel
from crmschema.compiler.model import Alias, CompiledSchema
from crmschema.documents import Change, Document, text_of

CHANNEL_OF = {
    Alias.PRIMARY_EMAIL: PendingChannel.Channel.EMAIL,
    Alias.PRIMARY_MOBILE: PendingChannel.Channel.MOBILE,
}


def channel_paths(compiled: CompiledSchema) -> dict[str, PendingChannel.Channel]:
    """The channels of a schema by the path of their field."""
    return {
        compiled.by_alias[alias].path: channel
        for alias, channel in CHANNEL_OF.items()
        if alias in compiled.by_alias
    }


def written_channels(
    compiled: CompiledSchema, changes: Sequence[Change]
) -> list[PendingChannel.Channel]:
    """The channels that `changes` write or clear."""
    paths = channel_paths(compiled)
    return [paths[change.path] for change in changes if change.path in paths]


def waiting_changes(compiled: CompiledSchema, changes: Sequence[Change]) -> list[Change]:
    """The changes that wait for a key: a new value of a channel that asks for verification.
    Clearing one applies at once (V1).
    """
    return [change for change in _of_verified(compiled, changes) if change.target is not None]


def removed_changes(compiled: CompiledSchema, changes: Sequence[Change]) -> list[Change]:
    """The changes that clear a channel which asks for verification."""
    return [change for change in _of_verified(compiled, changes) if change.target is None]


def _of_verified(compiled: CompiledSchema, changes: Sequence[Change]) -> list[Change]:
    verified = {field.path for field in compiled.verified_channels}
    return [change for change in changes if change.path in verified]


def written_email(compiled: CompiledSchema, changes: Sequence[Change]) -> Change | None:
    """The change that writes or clears the primary email, if there is one."""
    field = compiled.by_alias.get(Alias.PRIMARY_EMAIL)
    if field is None:
        return None
    return next((change for change in changes if change.path == field.path), None)


def contact_language(compiled: CompiledSchema, document: Document) -> str | None:
    """The language that a contact's details name: messages are written in it."""
    return text_of(compiled, document, Alias.LANGUAGE)

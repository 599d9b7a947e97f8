"""Values of email and mobile that wait for a key (V1)."""

from collections.abc import Sequence

from config.common.actors import Actor
from config.common.audit import audit_record
from contacts.channels import channel_paths
from contacts.models import PendingChannel
from contacts.services.details import Origin
from contacts.targets import TargetState
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change


def channels_hold(
    *, origin: Origin, state: TargetState, compiled: CompiledSchema, waiting: Sequence[Change]
) -> None:
    """Let new values of channels wait. A value that waits already is left alone, another one of
    the same channel is replaced (V6). Each leaves an audit event (H3). Expects the contact's lock.
    """
    channels = channel_paths(compiled)
    for change in waiting:
        channel = channels[change.path]
        if state.pending.get(channel) == change.target:
            continue
        PendingChannel.objects.filter(contact_id=state.ref.id, channel=channel).delete()
        PendingChannel.objects.create(
            contact_id=state.ref.id,
            channel=channel,
            path=change.path,
            value=change.target,
            member_id=origin.member_id,
            app_id=origin.app_id,
            comment=origin.comment or "",
            change_request_id=origin.change_request_id,
        )
        audit_record(
            actor=Actor(app_id=origin.app_id, member_id=origin.member_id),
            operation=f"request{channel.value}",
            object_type="contact",
            object_id=state.ref.id,
            fields=[change.path],
        )

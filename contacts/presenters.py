"""Answers of the contact operations as JSON values. Shapes: `contacts.serializers`."""

from typing import Any

from config.common.models import AuditEvent
from contacts.models import App, ChangeSet, Member
from contacts.selectors.anonymisations import AnonymisationProgress
from contacts.selectors.history import change_set_changes
from crmschema.compiler.model import CompiledSchema
from crmschema.rendering import is_marked, ordered, rendered


def member_output(member: Member | None) -> dict[str, Any] | None:  # Any: JSON values
    """A member by uid and name."""
    return None if member is None else {"uid": member.uid, "name": member.name}


def member_by_id_output(member: Member | None) -> dict[str, Any] | None:  # Any: JSON values
    """A member as deprecated operations name one."""
    return None if member is None else {"id": member.pk, "name": member.name}


def change_set_output(
    compiled: CompiledSchema, change_set: ChangeSet, language: str
) -> dict[str, Any]:  # Any: JSON values
    """One change set, its changes in the order of the schema's fields."""
    return {
        "initiatorPerson": member_output(change_set.member),
        "executionDate": change_set.executed_at,
        "details": _changes(compiled, change_set, language),
        "app": _app_output(change_set.app),
        "comment": change_set.comment or None,
        "source": change_set.source,
        "changeRequestId": change_set.change_request_id,
        "reviewer": member_output(change_set.reviewer),
    }


def change_set_v10_output(
    compiled: CompiledSchema, change_set: ChangeSet, language: str
) -> dict[str, Any]:  # Any: JSON values
    """The same as the deprecated search has it: persons by integer id, no additions."""
    return {
        "initiatorPerson": member_by_id_output(change_set.member),
        "executionDate": change_set.executed_at,
        "details": _changes(compiled, change_set, language),
    }


def _changes(
    compiled: CompiledSchema, change_set: ChangeSet, language: str
) -> list[dict[str, Any]]:  # Any: JSON values
    return [
        {
            "path": change.path,
            "originalValue": rendered(compiled, change, change.original, language),
            "targetValue": rendered(compiled, change, change.target, language),
            "isApprovalRequired": is_marked(compiled, change),
        }
        for change in ordered(compiled, change_set_changes(change_set))
    ]


def anonymisation_output(progress: AnonymisationProgress) -> dict[str, Any]:  # Any: JSON values
    """A large anonymisation at work."""
    job = progress.job
    return {
        "anonymizationId": job.uid,
        "status": "Running" if job.finished_at is None else "Finished",
        "totalCount": progress.total_count,
        "anonymizedCount": progress.anonymised_count,
        "retainedContactIds": progress.retained_contact_ids,
        "createdDate": job.created_at,
        "finishedDate": job.finished_at,
    }


def audit_event_output(event: AuditEvent) -> dict[str, Any]:  # Any: JSON values
    """One event of the audit log."""
    return {
        "id": event.pk,
        "createDate": event.created_at,
        "member": member_output(event.member),
        "app": _app_output(event.app),
        "operation": event.operation,
        "objectType": event.object_type,
        "objectId": event.object_id,
        "fields": event.fields,
        "reason": event.reason or None,
        "correlationId": event.correlation_id,
    }


def _app_output(app: App | None) -> dict[str, Any] | None:  # Any: JSON values
    return None if app is None else {"clientId": app.client_id, "name": app.name}

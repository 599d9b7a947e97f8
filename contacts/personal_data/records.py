"""Answers kept for retries, and reasons in the audit log: texts about contacts in the kernel."""

from django.db.models import Q, QuerySet

from config.common.idempotency import answers_erase, answers_kept
from config.common.models import AuditEvent
from config.common.privacy import Erasure, Json, PersonalDataStore

ERASURE_OPERATION = "anonymizeContact"


def location(contact_id: int) -> str:
    """The address that the answer to a creation names."""
    return f"/v1.0/contacts/{contact_id}/details"


def _erase_answers(erasure: Erasure) -> None:
    answers_erase([location(contact_id) for contact_id in erasure.contact_ids])


def _collect_answers(contact_id: int) -> Json:
    return answers_kept(location(contact_id))


def _erase_reasons(erasure: Erasure) -> None:
    """Only an erasure may do this, and only this: a trigger compares."""
    events = _about([str(contact_id) for contact_id in erasure.contact_ids])
    events.exclude(Q(reason="") | Q(operation=ERASURE_OPERATION)).update(reason="")


def _collect_events(contact_id: int) -> Json:
    events = _about([str(contact_id)]).select_related("member", "app").order_by("id")
    return [
        {
            "at": event.created_at,
            "operation": event.operation,
            "fields": event.fields,
            "reason": event.reason or None,
            "memberUid": event.member and event.member.uid,
            "app": event.app and event.app.client_id,
        }
        for event in events
    ]


def _about(object_ids: list[str]) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(object_type="contact", object_id__in=object_ids)


ANSWERS_STORE = PersonalDataStore(
    name="answersForRetries",
    columns={"common.IdempotencyKey": ("body",)},
    kept={
        "common.IdempotencyKey.caller": "Ids of an app and a member.",
        "common.IdempotencyKey.key_hash": "A hash of the caller's key, for 24 hours.",
        "common.IdempotencyKey.fingerprint": "A hash of the request, for 24 hours.",
        "common.IdempotencyKey.headers": "Media type, version and address of what was made.",
    },
    keeps="That a request with the key was answered, for 24 hours.",
    erase=_erase_answers,
    collect=_collect_answers,
)

REASONS_STORE = PersonalDataStore(
    name="auditEvents",
    columns={"common.AuditEvent": ("reason",)},
    kept={
        "common.AuditEvent.operation": "Names of operations.",
        "common.AuditEvent.object_type": "Kinds of objects.",
        "common.AuditEvent.object_id": "Ids.",
        "common.AuditEvent.fields": "Names of fields, never values.",
        "common.AuditEvent.correlation_id": "Random.",
    },
    keeps="Who did what and when, and the reason of the erasure itself: the record of it.",
    erase=_erase_reasons,
    collect=_collect_events,
)

"""What the back office shows about privacy: what an erasure would do, and who erased whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from config.common.actors import Actor
from config.common.models import AuditEvent
from contacts.models import ChangeSet, Contact
from contacts.personal_data.records import ERASURE_OPERATION
from contacts.selectors.back_office import contact_list


def contacts_to_anonymise(*, actor: Actor, contact_ids: Collection[int]) -> QuerySet[Contact]:
    """Those of the contacts that the actor reaches (A2), each with `kept_until`: the later of its
    own date and its type's, null without one.
    """
    return (
        contact_list(actor=actor)
        .filter(pk__in=contact_ids)
        .annotate(kept_until=Greatest(F("retain_until"), F("contact_type__retain_until")))
        .order_by("pk")
    )


@dataclass(frozen=True, slots=True)
class ErasureRecord:
    """Who anonymised a contact, when and why."""

    at: datetime
    who: str | None
    reason: str


def erasure_record(*, contact_id: int) -> ErasureRecord | None:
    """The latest erasure of a contact; None for one that is as it was. One statement."""
    events = AuditEvent.objects.filter(
        operation=ERASURE_OPERATION, object_type="contact", object_id=str(contact_id)
    )
    event = events.select_related("member", "app").order_by("-id").first()
    if event is None:
        return None
    who = event.member.name if event.member else event.app and str(event.app)
    return ErasureRecord(event.created_at, who, event.reason)


def history_count(*, contact_ids: Collection[int]) -> int:
    """How many entries of history an erasure of contacts within reach would empty."""
    return ChangeSet.objects.filter(
        contact_id__in=contact_ids, contact__anonymised_at__isnull=True
    ).count()

"""Requests to anonymise contacts: at once, or as a job that no crash stops (N1, N4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.correlation import correlation_id
from config.common.db import atomic
from config.common.exceptions import BadRequest, NotFound
from contacts.exceptions import RetentionActive
from contacts.models import Anonymisation, AnonymisationItem, Contact
from contacts.services.erasure import ErasureResult, contacts_erase, contacts_retained
from contacts.wake import wake_anonymisation

_CHUNK = 50
_Outcome = AnonymisationItem.Outcome


@dataclass(frozen=True, slots=True)
class Selection:
    """Contacts by id, by uid, or both."""

    contact_ids: Collection[int] = ()
    contact_uids: Collection[UUID] = ()


@atomic()
def contacts_anonymise(*, actor: Actor, selection: Selection, reason: str) -> Anonymisation | None:
    """Anonymise the contacts of `selection`: up to MAX_CONTACTS_AT_ONCE in this transaction, all or
    none; more as a job, which is given back and goes on by itself (N4). Nobody is changed when any
    is unknown, out of reach or must be kept (N1, N5).

    Raises BadRequest (nobody named, too many), NotFound and RetentionActive, which name the ids.
    """
    contact_ids = _selected(actor, selection)
    _refuse_retained(contacts_retained(contact_ids))
    if len(contact_ids) > settings.MAX_CONTACTS_AT_ONCE:
        return _start(actor, contact_ids, reason)
    result = contacts_erase(actor=actor, contact_ids=contact_ids, reason=reason)
    # One that got its date between the look and the lock.
    _refuse_retained(result.retained)
    return None


def anonymisation_continue(*, anonymisation_id: int) -> None:
    """Work off what waits of a job, a chunk in a transaction each. Two at once share the work.

    A contact that must be kept since the job was accepted is left out, and the job says so.
    """
    job = Anonymisation.objects.select_related("app", "member").get(pk=anonymisation_id)
    while _continue_chunk(job):
        pass


def anonymisations_wake() -> None:
    """Ask for a worker for every job that is not finished. Harmless for one that is at work."""
    unfinished = Anonymisation.objects.filter(finished_at__isnull=True).order_by("pk")
    for anonymisation_id in unfinished.values_list("pk", flat=True):
        wake_anonymisation(anonymisation_id)


def _selected(actor: Actor, selection: Selection) -> list[int]:
    ids, uids = set(selection.contact_ids), set(selection.contact_uids)
    if not ids and not uids:
        raise BadRequest("contactIds, contactUIds or both must name contacts.")
    limit = settings.MAX_CONTACTS_PER_REQUEST
    if len(ids) + len(uids) > limit:
        raise BadRequest(f"At most {limit} contacts can be named.")
    reached = Contact.objects.visible_to(actor)
    by_id = set(reached.filter(pk__in=ids).values_list("pk", flat=True))
    by_uid = dict(reached.filter(uid__in=uids).values_list("uid", "pk"))
    unknown_ids, unknown_uids = sorted(ids - by_id), sorted(uids - by_uid.keys())
    if unknown_ids or unknown_uids:
        raise NotFound(
            "Not all contacts were found; none was anonymised.",
            properties={"contactIds": unknown_ids, "contactUIds": unknown_uids},
        )
    return sorted(by_id | set(by_uid.values()))


def _refuse_retained(retained: Sequence[int]) -> None:
    if retained:
        raise RetentionActive(properties={"contactIds": list(retained)})


def _start(actor: Actor, contact_ids: Sequence[int], reason: str) -> Anonymisation:
    job = Anonymisation.objects.create(
        member_id=actor.member_id,
        app_id=actor.app_id,
        reason=reason,
        correlation_id=correlation_id(),
    )
    AnonymisationItem.objects.bulk_create(
        [AnonymisationItem(anonymisation=job, contact_id=pk) for pk in contact_ids],
        batch_size=1000,
    )
    audit_record(
        actor=actor,
        operation="startAnonymization",
        object_type="anonymization",
        object_id=job.uid,
        reason=reason,
    )
    transaction.on_commit(lambda: wake_anonymisation(job.pk))
    return job


@transaction.atomic
def _continue_chunk(job: Anonymisation) -> bool:
    """Whether there was something to do. A chunk is done with its marks, or not at all."""
    waiting = AnonymisationItem.objects.filter(anonymisation=job, outcome=_Outcome.WAITING)
    chunk = list(waiting.order_by("contact_id").select_for_update(skip_locked=True)[:_CHUNK])
    if not chunk:
        if not waiting.exists():
            Anonymisation.objects.filter(pk=job.pk, finished_at__isnull=True).update(
                finished_at=timezone.now()
            )
        return False
    result = contacts_erase(
        actor=Actor(app_id=job.app_id, member_id=job.member_id),
        contact_ids=[item.contact_id for item in chunk],
        reason=job.reason,
    )
    _mark(chunk, result)
    return True


def _mark(chunk: Sequence[AnonymisationItem], result: ErasureResult) -> None:
    retained = set(result.retained)
    for item in chunk:
        is_kept = item.contact_id in retained
        item.outcome = _Outcome.RETAINED if is_kept else _Outcome.ANONYMISED
    AnonymisationItem.objects.bulk_update(chunk, ["outcome"])

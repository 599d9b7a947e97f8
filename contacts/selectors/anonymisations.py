"""How far large anonymisations are (N4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from config.common.actors import Actor
from contacts.models import Anonymisation, AnonymisationItem

_Outcome = AnonymisationItem.Outcome


@dataclass(frozen=True, slots=True)
class AnonymisationProgress:
    """A job with its counts, and the contacts that it left out because they must be kept (N5)."""

    job: Anonymisation
    total_count: int
    anonymised_count: int
    retained_contact_ids: Sequence[int]


def anonymisation_get(*, actor: Actor, uid: UUID) -> AnonymisationProgress | None:
    """A job of the caller's own; None for one that is another's or does not exist (A2)."""
    if actor.member_id is not None:
        own = Q(member_id=actor.member_id)
    else:
        own = Q(member_id__isnull=True, app_id=actor.app_id)
    job = Anonymisation.objects.filter(own, uid=uid).first()
    if job is None:
        return None
    items = AnonymisationItem.objects.filter(anonymisation=job)
    counts = items.aggregate(
        total=Count("pk"), done=Count("pk", filter=Q(outcome=_Outcome.ANONYMISED))
    )
    retained = items.filter(outcome=_Outcome.RETAINED).order_by("contact_id")
    return AnonymisationProgress(
        job=job,
        total_count=counts["total"],
        anonymised_count=counts["done"],
        retained_contact_ids=list(retained.values_list("contact_id", flat=True)),
    )

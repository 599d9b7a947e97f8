"""Who may decide a change request."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import REVIEW
from contacts.models import ContactReach, Member
from contacts.selectors.members import REACH_ALL, holds


def reviewers_of(request: ChangeRequest) -> QuerySet[Member]:
    """The members that may decide a request (C4, A2, A6): active, with the permission, within reach
    of its target, and another person than the initiator.
    """
    # Nothing has the id 0: legal entities have no pairs.
    contact_id = request.contact_id or 0
    pairs = ContactReach.objects.filter(contact_id=contact_id, member_id=OuterRef("pk"))
    reviewers = Member.objects.filter(holds(REVIEW), holds(REACH_ALL) | Q(Exists(pairs)))
    return reviewers.exclude(pk=request.initiator_id).order_by("pk")

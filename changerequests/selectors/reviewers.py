"""Who may decide a change request."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import REVIEW, VIEW_CONTACT, VIEW_LEGAL_ENTITY
from contacts.models import ContactReach, Member
from contacts.selectors.members import REACH_ALL, holds


def reviewers_of(request: ChangeRequest) -> QuerySet[Member]:
    """The members whose queue has a request to decide (C4, A2, A6): active, with the permissions to
    see and to review, within reach of its target, and another person than the initiator.
    """
    # Nothing has the id 0: legal entities have no pairs.
    contact_id = request.contact_id or 0
    pairs = ContactReach.objects.filter(contact_id=contact_id, member_id=OuterRef("pk"))
    view = VIEW_LEGAL_ENTITY if request.contact_id is None else VIEW_CONTACT
    reviewers = _reviewers().filter(holds(view), holds(REACH_ALL) | Q(Exists(pairs)))
    return reviewers.exclude(pk=request.initiator_id).order_by("pk")


def reviewers_by_request(requests: Iterable[ChangeRequest]) -> Mapping[int, list[Member]]:
    """The same members for each of a page of requests, by its id; those that reach everything come
    first. Two statements whatever their number.
    """
    waiting = list(requests)
    everywhere = _everywhere()
    contact_ids = {each.contact_id for each in waiting if each.contact_id is not None}
    near: dict[int | None, dict[int, Member]] = defaultdict(dict)
    pairs = ContactReach.objects.filter(
        contact_id__in=contact_ids, member__in=_reviewers().filter(holds(VIEW_CONTACT))
    )
    for pair in pairs.select_related("member").order_by("member_id"):
        near[pair.contact_id][pair.member_id] = pair.member
    found = {}
    for each in waiting:
        members = everywhere[each.contact_id is not None] | near.get(each.contact_id, {})
        members.pop(each.initiator_id, None)
        found[each.pk] = list(members.values())
    return found


def _everywhere() -> dict[bool, dict[int, Member]]:
    """The reviewers that reach everything, by id: of contacts (True), of legal entities (False)."""
    members = _reviewers().filter(holds(REACH_ALL)).order_by("pk")
    seeing = members.annotate(
        sees_contacts=ExpressionWrapper(holds(VIEW_CONTACT), BooleanField()),
        sees_entities=ExpressionWrapper(holds(VIEW_LEGAL_ENTITY), BooleanField()),
    )
    found: dict[bool, dict[int, Member]] = {True: {}, False: {}}
    for member in seeing:
        if member.sees_contacts:
            found[True][member.pk] = member
        if member.sees_entities:
            found[False][member.pk] = member
    return found


def _reviewers() -> QuerySet[Member]:
    """Who may review at all, wherever and whatever."""
    return Member.objects.filter(holds(REVIEW))

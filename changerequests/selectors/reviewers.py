"""Who may decide a change request (C4, A2, A6): the one place that says so, from either side.

It takes the permission to review and the one to read the kind of target, the target within reach,
and another person than the initiator. Whatever asks comes here: the queue and its badge, the page
of a request, the notices and reminders, and the marks "only one person" and "nobody".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from changerequests.models import ChangeRequest
from config.common.actors import Actor
from contacts.models import ContactReach, Member
from contacts.selectors.members import REACH_ALL, holds

REVIEW = "changerequests.review_changerequest"
# What it takes to read the requests of either kind of target (A1), and so to decide in good faith.
VIEW_CONTACT = "contacts.view_contact"
VIEW_LEGAL_ENTITY = "legalentities.view_legalentity"
# By the relation that names the target.
_READ = {"contact": VIEW_CONTACT, "legal_entity": VIEW_LEGAL_ENTITY}


def readable_by(actor: Actor) -> Q:
    """The condition that a request is on a kind of target that the member may read, whether within
    reach or not.
    """
    kinds = [kind for kind, permission in _READ.items() if actor.has_permission(permission)]
    if len(kinds) == len(_READ):
        return Q()
    readable = Q(pk__in=())
    for kind in kinds:
        readable |= Q((f"{kind}__isnull", False))
    return readable


def decidable_by(actor: Actor) -> Q:
    """The condition that a request within the member's reach is one that it may decide."""
    if not actor.has_permission(REVIEW):
        return Q(pk__in=())
    others = ~Q(initiator_id=actor.member_id)
    return Q(status=ChangeRequest.Status.PENDING) & others & readable_by(actor)


def may_decide(*, actor: Actor, request: ChangeRequest) -> bool:
    """Whether the member may decide a request that it reaches and reads. No statement; the service
    checks the person and the status again.
    """
    is_own = request.initiator_id == actor.member_id
    return request.is_pending and not is_own and actor.has_permission(REVIEW)


def reviewers_of(request: ChangeRequest) -> QuerySet[Member]:
    """The members that may decide a pending request, none of them inactive."""
    near = Q(pk__in=())
    if request.contact_id is not None:
        pairs = ContactReach.objects.filter(contact=request.contact_id, member=OuterRef("pk"))
        near = Q(Exists(pairs))
    reviewers = _reviewers(_kind(request)).filter(holds(REACH_ALL) | near)
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
        contact_id__in=contact_ids, member__in=_reviewers("contact")
    )
    for pair in pairs.select_related("member").order_by("member_id"):
        near[pair.contact_id][pair.member_id] = pair.member
    found = {}
    for each in waiting:
        members = everywhere[_kind(each)] | near.get(each.contact_id, {})
        members.pop(each.initiator_id, None)
        found[each.pk] = list(members.values())
    return found


def _everywhere() -> dict[str, dict[int, Member]]:
    """By kind of target, who may review it wherever it is. One statement."""
    reads = {
        f"reads_{kind}": ExpressionWrapper(holds(permission), BooleanField())
        for kind, permission in _READ.items()
    }
    members = Member.objects.filter(holds(REVIEW), holds(REACH_ALL)).annotate(**reads)
    ordered = list(members.order_by("pk"))
    return {
        kind: {member.pk: member for member in ordered if getattr(member, f"reads_{kind}")}
        for kind in _READ
    }


def _reviewers(kind: str) -> QuerySet[Member]:
    """Who may review requests on a kind of target at all, wherever."""
    return Member.objects.filter(holds(REVIEW), holds(_READ[kind]))


def _kind(request: ChangeRequest) -> str:
    return "legal_entity" if request.contact_id is None else "contact"

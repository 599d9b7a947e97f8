"""Reads of the back office: contacts, their advisers and history, and members as a tree."""

from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from config.common.actors import Actor
from config.common.exceptions import NotFound
from config.common.text import fold
from contacts.models import (
    ChangeSet,
    Contact,
    ContactAssignment,
    ExternalConnection,
    Member,
    MemberClosure,
    PendingChannel,
)
from contacts.selectors.history import history_list
from contacts.targets import CONTACT, TargetRef
from contacts.usernames import folded_username

MAX_SERIAL = 2**31 - 1
MAX_TERM_LENGTH = 200
HISTORY_PAGE_SIZE = 20

_ADVISERS = Prefetch(
    "assignments",
    ContactAssignment.objects.select_related("member").order_by("member__username"),
)


def contact_ref(contact: Contact) -> TargetRef:
    """The contact as services name it; expects its type and schema to be loaded."""
    schema = contact.contact_type.schema
    return TargetRef(CONTACT, contact.pk, schema.pk, schema.key)


def contact_list(*, actor: Actor) -> QuerySet[Contact]:
    """The contacts within reach (A2), each with its type and advisers and without its details:
    two statements for any number of them.
    """
    return (
        Contact.objects.visible_to(actor)
        .select_related("contact_type")
        .prefetch_related(_ADVISERS)
        .defer("details", "details_hash", "search")
    )


def contact_search(contacts: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    """Those of `contacts` whose name has every word of `text`, ignoring case and accents, or whose
    id, uid, username or external id it is. Each way uses its own index; external ids take a
    statement of their own, so that they do not cost the others theirs.
    """
    term = text.replace("\x00", "").strip()[:MAX_TERM_LENGTH]
    if not term:
        return contacts
    by_name = Q()
    for word in fold(term).split():
        by_name &= Q(display_name_folded__contains=word)
    by_id = Q(username_folded=folded_username(term))
    by_id |= Q(pk__in=_with_external_id(term))
    if term.isascii() and term.isdecimal() and int(term) <= MAX_SERIAL:
        by_id |= Q(pk=int(term))
    uid = _uuid(term)
    if uid is not None:
        by_id |= Q(uid=uid)
    return contacts.filter(by_name | by_id)


def contact_get(*, actor: Actor, contact_id: int) -> Contact:
    """One contact with all that its page shows: type, schema, advisers, connections and waiting
    channels. Four statements. Raises NotFound out of reach too (A2).
    """
    contact = (
        Contact.objects.visible_to(actor)
        .select_related("contact_type__schema")
        .prefetch_related(
            _ADVISERS,
            Prefetch("connections", ExternalConnection.objects.order_by("system", "external_id")),
            Prefetch("pending_channels", PendingChannel.objects.order_by("channel")),
        )
        .filter(pk=contact_id)
        .first()
        if 0 < contact_id <= MAX_SERIAL
        else None
    )
    if contact is None:
        raise NotFound
    return contact


def history_page(*, ref: TargetRef, number: str | None) -> Page[ChangeSet]:
    """A page of the history of a target that the caller is known to reach, latest first; a number
    that is none gives the first or last page. Two statements.
    """
    change_sets = history_list(ref=ref).order_by("-executed_at", "-id")
    return Paginator(change_sets, HISTORY_PAGE_SIZE).get_page(number)


def latest_changes(*, actor: Actor, count: int) -> QuerySet[ChangeSet]:
    """The latest change sets of contacts within reach, with contact, member and app."""
    change_sets = ChangeSet.objects.filter(contact__in=Contact.objects.visible_to(actor))
    related = change_sets.select_related("contact", "member", "app")
    return related.defer(
        "details", "paths", "contact__details", "contact__details_hash", "contact__search"
    ).order_by("-id")[:count]


def member_tree() -> QuerySet[Member]:
    """All members, each below its manager: ordered by `tree_path`, the logins from the top down to
    it. Its length is the member's depth in the tree, from 1.
    """
    above = (
        MemberClosure.objects.filter(descendant=OuterRef("pk"))
        .order_by("-depth")
        .annotate(login=Lower(F("ancestor__username")))
        .values("login")
    )
    tree = Member.objects.annotate(tree_path=ArraySubquery(above))
    return tree.select_related("manager").order_by("tree_path", "pk")


def assignable_members(contact: Contact) -> QuerySet[Member]:
    """Who can advise the contact, by name: everyone active, and who does so already (they stay)."""
    advises = ContactAssignment.objects.filter(contact=contact, member_id=OuterRef("pk"))
    members = Member.objects.filter(Q(is_active=True) | Exists(advises))
    return members.order_by("first_name", "last_name", "username")


def _with_external_id(term: str) -> list[int]:
    connections = ExternalConnection.objects.filter(external_id=term)
    return list(connections.values_list("contact_id", flat=True).distinct())


def _uuid(term: str) -> UUID | None:
    try:
        return UUID(term)
    except ValueError:
        return None

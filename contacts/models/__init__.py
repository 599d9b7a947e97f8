"""Members and apps, contacts and what belongs to them, and the history of details."""

from contacts.models.contacts import (
    Contact,
    ContactAssignment,
    ContactReach,
    ContactType,
    ExternalConnection,
    PendingChannel,
    within_reach,
)
from contacts.models.history import ChangeSet
from contacts.models.identity import App, Member, MemberClosure
from contacts.models.pictures import ContactPicture
from contacts.models.privacy import Anonymisation, AnonymisationItem, ErasedExternalId
from contacts.models.targets import DetailsTarget

__all__ = [
    "Anonymisation",
    "AnonymisationItem",
    "App",
    "ChangeSet",
    "Contact",
    "ContactAssignment",
    "ContactPicture",
    "ContactReach",
    "ContactType",
    "DetailsTarget",
    "ErasedExternalId",
    "ExternalConnection",
    "Member",
    "MemberClosure",
    "PendingChannel",
    "within_reach",
]

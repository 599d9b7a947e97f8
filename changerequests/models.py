"""Submissions that wait for a second person (C1-C9)."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from config.common.actors import Actor
from contacts.models import App, Contact, Member, within_reach
from legalentities.models import LegalEntity, entity_within_reach


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def visible_to(self, actor: Actor) -> Self:
        """The requests on targets within the actor's reach (A2, L3)."""
        contacts = Q(contact__isnull=False) & within_reach(actor, "contact")
        entities = Q(legal_entity__isnull=False) & entity_within_reach(actor)
        return self.filter(contacts | entities)


class ChangeRequest(models.Model):
    """A held submission: the leaves that it changes, and what they were when it was made.

    `details` is an array of `{path, rowId?, original?, target?, isApprovalRequired}`. `base` holds
    each changed grid as it was, by its path: where position tells rows apart, then or at the
    approval, the grid as a whole is what the change was based on (C6).
    """

    class Status(models.IntegerChoices):
        PENDING = 1, "Pending"
        APPROVED = 2, "Approved"
        REJECTED = 3, "Rejected"
        CANCELLED = 4, "Cancelled"
        SUPERSEDED = 5, "Superseded"

    id = models.AutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="change_requests"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, null=True, on_delete=models.PROTECT, related_name="change_requests"
    )
    status = models.PositiveSmallIntegerField(choices=Status.choices, default=Status.PENDING)
    created_at = models.DateTimeField()
    initiator = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="initiated_requests"
    )
    app = models.ForeignKey(App, null=True, on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(blank=True, default="")
    reviewer = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="reviewed_requests"
    )
    reviewed_at = models.DateTimeField(null=True)
    review_comment = models.TextField(blank=True, default="")
    schema_token = models.BigIntegerField()
    details = models.JSONField()
    base = models.JSONField(default=dict)
    paths = ArrayField(models.TextField(), default=list)
    notified_at = models.DateTimeField(null=True, help_text="When reviewers were told of it.")
    reminded_at = models.DateTimeField(null=True, help_text="When reviewers were reminded of it.")

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=True) ^ Q(legal_entity__isnull=True),
                name="change_request_one_target",
            ),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(status=1), name="one_pending_request_per_contact"
            ),
            models.UniqueConstraint(
                fields=["legal_entity"],
                condition=Q(status=1),
                name="one_pending_request_per_legal_entity",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=models.F("initiator")),
                name="nobody_reviews_own_request",
            ),
        ]
        indexes = [
            GinIndex(fields=["paths"], name="change_request_paths"),
            models.Index(
                fields=["id"],
                condition=Q(status=1, notified_at__isnull=True),
                name="change_request_to_tell",
            ),
            models.Index(
                fields=["status", "created_at", "id"],
                include=["contact"],
                name="change_request_by_status",
            ),
            # What the searches filter by stands in the index, so that no row is read in vain.
            models.Index(
                fields=["created_at", "id"],
                include=["contact", "status", "initiator", "reviewer", "reviewed_at"],
                condition=Q(contact__isnull=False),
                name="change_request_by_creation",
            ),
            models.Index(
                models.F("reviewed_at").asc(nulls_first=True),
                models.F("id").asc(),
                include=["contact", "status", "initiator", "reviewer"],
                condition=Q(contact__isnull=False),
                name="change_request_by_review",
            ),
        ]
        permissions = [("review_changerequest", "Can review change requests")]

    def __str__(self) -> str:
        return f"change request {self.pk}"

    @property
    def is_pending(self) -> bool:
        return self.status == self.Status.PENDING

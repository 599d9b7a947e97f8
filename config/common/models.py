"""Tables of the kernel. They are written in the transaction of what they belong to."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Now

from config.common.actors import Actor
from config.common.audited_kinds import AUDITED_KINDS


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, actor: Actor) -> Self:
        """The events about what the actor reaches, and about what nobody's reach limits (A2).

        Whoever reaches all contacts reads all. Permission to read the log is asked for before.
        """
        if actor.reaches_all_contacts and actor.contact_type_ids is None:
            return self
        events = self
        for kind in AUDITED_KINDS:
            # Ids of other kinds need not be numbers, and are not read as such.
            number = models.Case(
                models.When(
                    object_type=kind.object_type,
                    then=Cast("object_id", models.BigIntegerField()),
                )
            )
            name = f"number_of_{kind.object_type}"
            reached = kind.reached(actor).filter(pk=models.OuterRef(name))
            events = events.alias(**{name: number}).filter(
                ~models.Q(object_type=kind.object_type) | models.Exists(reached)
            )
        return events


class AuditEvent(models.Model):
    """An accepted write other than details (H3): who did what to which object. Append-only.

    Field names only, never values; the database refuses to change or delete a row.
    """

    id = models.BigAutoField(primary_key=True)
    # By the database's clock: limits are counted by these.
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    app = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    operation = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    fields = models.JSONField(default=list)
    reason = models.TextField(blank=True, default="")
    correlation_id = models.CharField(max_length=32)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_event_object"),
            models.Index(fields=["created_at", "id"], name="audit_event_created"),
            models.Index(fields=["correlation_id"], name="audit_event_correlation"),
            models.Index(fields=["operation", "id"], name="audit_event_operation"),
        ]
        verbose_name = "audit event"

    def __str__(self) -> str:
        return f"{self.operation} {self.object_type} {self.object_id}"


class IdempotencyKey(models.Model):
    """The first answer to a write that carried a key, so that a retry gets it again (D10)."""

    id = models.BigAutoField(primary_key=True)
    caller = models.CharField(max_length=64)
    key_hash = models.BinaryField()
    fingerprint = models.BinaryField()
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key_hash"], name="idempotency_key_unique"),
        ]
        indexes = [
            # The answers that repeat what was created; an erasure empties them (N2).
            models.Index(
                KeyTextTransform("Location", "headers"),
                condition=models.Q(headers__has_key="Location"),
                name="idempotency_key_location",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caller} until {self.expires_at:%Y-%m-%d %H:%M}"


class OutboxMessage(models.Model):
    """A message to a person (V7), written in the transaction of what it belongs to.

    `sealed` holds recipient and parameters, encrypted; it is emptied once it is of no more use.
    `next_attempt_at` is when a worker may take the message up: while one is at work, when its
    lease ends. All times are the database's.
    """

    class State(models.TextChoices):
        PENDING = "Pending"
        SENDING = "Sending"
        SENT = "Sent"
        FAILED = "Failed"
        CANCELLED = "Cancelled"

    class Channel(models.TextChoices):
        EMAIL = "Email"
        MOBILE = "Mobile"

    id = models.BigAutoField(primary_key=True)
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=64)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=16)
    recipient_hint = models.CharField(max_length=64, blank=True)
    # Tells recipients apart without naming them: what one address gets is limited.
    recipient_hash = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    # A plain id: the kernel knows no contacts.
    contact_id = models.IntegerField(null=True)
    about = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    next_attempt_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["Pending", "Sending"])
                | models.Q(sealed__isnull=False, finished_at__isnull=True),
                name="outbox_unsent_has_content",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=models.Q(state__in=["Pending", "Sending"]),
                name="outbox_due",
            ),
            models.Index(
                fields=["about"],
                condition=models.Q(state__in=["Pending", "Sending", "Failed"]),
                name="outbox_about",
            ),
            models.Index(
                fields=["recipient_hash", "created_at"],
                condition=models.Q(recipient_hash__isnull=False),
                name="outbox_recipient",
            ),
            models.Index(
                fields=["contact_id"],
                condition=models.Q(contact_id__isnull=False),
                name="outbox_contact",
            ),
            models.Index(
                fields=["finished_at"],
                condition=models.Q(finished_at__isnull=False),
                name="outbox_finished",
            ),
        ]
        verbose_name = "message"

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

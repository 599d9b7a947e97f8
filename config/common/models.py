"""Tables of the kernel. They are written in the transaction of what they belong to."""

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """An accepted write other than details (H3): who did what to which object. Append-only.

    Field names only, never values; the database refuses to change or delete a row.
    """

    id = models.BigAutoField(primary_key=True)
    created_at = models.DateTimeField(auto_now_add=True)
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

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="audit_event_object"),
            models.Index(fields=["created_at", "id"], name="audit_event_created"),
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

    def __str__(self) -> str:
        return f"{self.caller} until {self.expires_at:%Y-%m-%d %H:%M}"

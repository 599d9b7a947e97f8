"""Schemas that staff edit at run time, and every version that was ever saved."""

import uuid

from django.conf import settings
from django.db import models


class CrmSchema(models.Model):
    """The current schema of a key. `concurrency_token` strictly grows with each save (S2)."""

    id = models.AutoField(primary_key=True)
    key = models.CharField(max_length=64, unique=True)
    schema = models.TextField(help_text="JSON text in the dialect of docs/schema-format.md")
    concurrency_token = models.BigIntegerField(default=1)

    class Meta:
        verbose_name = "CRM schema"

    def __str__(self) -> str:
        return self.key


class CrmSchemaVersion(models.Model):
    """One saved version. Append-only."""

    id = models.BigAutoField(primary_key=True)
    crm_schema = models.ForeignKey(CrmSchema, on_delete=models.PROTECT, related_name="versions")
    token = models.BigIntegerField()
    schema = models.TextField()
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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["crm_schema", "token"], name="schema_version_unique"),
        ]
        verbose_name = "CRM schema version"

    def __str__(self) -> str:
        return f"{self.crm_schema_id} at {self.token}"


class SchemaCheck(models.Model):
    """A check of stored documents against the next version of a schema (S4): a job and its result.

    `schema` is the canonical text, `digest` what tells texts apart (uids that the server hands out
    do not count). `mark` is the last write of details that the check is sure to have seen. Work
    goes through `source` (the kinds of targets in their order) from `after_id` on; `attempt` is
    raised by whoever takes the job over, so that a worker that lost it stops writing. `findings`
    hold ids, paths and rules, never values.
    """

    class Status(models.TextChoices):
        QUEUED = "Queued"
        RUNNING = "Running"
        FINISHED = "Finished"
        FAILED = "Failed"

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    crm_schema = models.ForeignKey(CrmSchema, on_delete=models.PROTECT, related_name="checks")
    token = models.BigIntegerField()
    schema = models.TextField()
    digest = models.BinaryField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    mark = models.BigIntegerField(null=True)
    source = models.PositiveSmallIntegerField(default=0)
    after_id = models.BigIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    requests = models.JSONField(default=dict)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    app = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["Queued", "Running", "Finished", "Failed"]),
                name="schema_check_status_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["heartbeat_at"],
                condition=models.Q(status__in=["Queued", "Running"]),
                name="schema_check_at_work",
            ),
        ]
        verbose_name = "CRM schema check"

    def __str__(self) -> str:
        return f"check {self.uid}"

    @property
    def is_finished(self) -> bool:
        return self.status == self.Status.FINISHED

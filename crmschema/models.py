"""Schemas that staff edit at run time, and every version that was ever saved."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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


class DocumentJob(models.Model):
    """A job over the stored documents of a schema, and its result.

    Work goes through `source` (the kinds of targets in their order) from `after_id` on; `attempt`
    is raised by whoever takes the job over, so that a worker that lost it stops writing.
    """

    id = models.BigAutoField(primary_key=True)
    token = models.BigIntegerField()
    attempt = models.PositiveIntegerField(default=0)
    source = models.PositiveSmallIntegerField(default=0)
    after_id = models.BigIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class SchemaCheck(DocumentJob):
    """A check of stored documents against the next version of a schema (S4).

    `token` is that of the version it starts from, `schema` the canonical text, `digest` what tells
    texts apart (uids that the server hands out do not count). `mark` is the last write of details
    that the check is sure to have seen. `findings` hold ids, paths and rules, never values.
    """

    class Status(models.TextChoices):
        QUEUED = "Queued"
        RUNNING = "Running"
        FINISHED = "Finished"
        FAILED = "Failed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    crm_schema = models.ForeignKey(CrmSchema, on_delete=models.PROTECT, related_name="checks")
    schema = models.TextField()
    digest = models.BinaryField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.QUEUED)
    mark = models.BigIntegerField(null=True)
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


class SchemaRebuild(DocumentJob):
    """A saved schema takes names or filters from other fields: what is stored of them follows.

    `token` is that of the version that asked for it; each document is treated by the version that
    is current then. `rebuilt` counts those that changed. A later save that asks for the same takes
    the place of one that is not finished, so that at most one is at work for a schema.
    """

    class Status(models.TextChoices):
        QUEUED = "Queued", _("Waiting")
        RUNNING = "Running", _("Running")
        FINISHED = "Finished", _("Finished")
        SUPERSEDED = "Superseded", _("Taken over by a later one")

    crm_schema = models.ForeignKey(CrmSchema, on_delete=models.PROTECT, related_name="rebuilds")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    rebuilt = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["Queued", "Running", "Finished", "Superseded"]),
                name="schema_rebuild_status_known",
            ),
            models.UniqueConstraint(
                fields=["crm_schema"],
                condition=models.Q(status__in=["Queued", "Running"]),
                name="schema_rebuild_one_at_work",
            ),
        ]
        verbose_name = "CRM schema rebuild"

    def __str__(self) -> str:
        return f"rebuild for {self.crm_schema_id} at {self.token}"

"""Schemas that staff edit at run time, and every version that was ever saved."""

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

"""What has details: a contact or a legal entity."""

import uuid

from django.db import models


class DetailsTarget(models.Model):
    """Details with all that is derived from them. Only `contacts.services.details` writes it; what
    follows the schema, `contacts.services.rebuild` too.

    `version` counts the applied submissions and is the ETag (D9); `details_hash` is the 128-bit
    hash of the key-sorted text; `search` holds the folded values of filterable fields;
    `schema_token` is the schema version that the details were last written under (S5).
    """

    id = models.AutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    details = models.JSONField()
    details_hash = models.BinaryField()
    search = models.JSONField(default=dict)
    schema_token = models.BigIntegerField()
    version = models.IntegerField(default=1)
    display_name = models.CharField(max_length=300)
    display_name_folded = models.CharField(max_length=600)
    created_at = models.DateTimeField(auto_now_add=True)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.display_name

"""Indexes of the searches (Q1), built while the table is in use."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("changerequests", "0003_notices")]

    operations = [
        AddIndexConcurrently(
            model_name="changerequest",
            index=models.Index(
                fields=["status", "created_at", "id"],
                include=["contact"],
                name="change_request_by_status",
            ),
        ),
        AddIndexConcurrently(
            model_name="changerequest",
            index=models.Index(
                fields=["created_at", "id"],
                include=["contact", "status", "initiator", "reviewer", "reviewed_at"],
                condition=models.Q(contact__isnull=False),
                name="change_request_by_creation",
            ),
        ),
        AddIndexConcurrently(
            model_name="changerequest",
            index=models.Index(
                models.F("reviewed_at").asc(nulls_first=True),
                models.F("id").asc(),
                include=["contact", "status", "initiator", "reviewer"],
                condition=models.Q(contact__isnull=False),
                name="change_request_by_review",
            ),
        ),
        RemoveIndexConcurrently(model_name="changerequest", name="change_request_status"),
    ]

"""A long audit log is sorted by operation, by an index that is built while it is in use."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("common", "0009_audit_by_correlation")]

    operations = [
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(fields=["operation", "id"], name="audit_event_operation"),
        ),
    ]

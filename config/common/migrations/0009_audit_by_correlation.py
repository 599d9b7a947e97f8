"""What one request did is looked up in a long log, by an index that is built while it is in use."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("common", "0008_recipients_told_apart")]

    operations = [
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(fields=["correlation_id"], name="audit_event_correlation"),
        ),
    ]

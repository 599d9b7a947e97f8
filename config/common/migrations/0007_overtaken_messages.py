"""Messages about a row are found while they can still be tried, not only while they wait."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0006_audit_by_database_clock"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="outboxmessage",
            name="outbox_about",
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("state__in", ["Pending", "Sending", "Failed"])),
                fields=["about"],
                name="outbox_about",
            ),
        ),
    ]

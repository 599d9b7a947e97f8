"""What an address gets is counted in the outbox, which giving values up does not empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0007_overtaken_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="recipient_hash",
            field=models.BinaryField(null=True),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("recipient_hash__isnull", False)),
                fields=["recipient_hash", "created_at"],
                name="outbox_recipient",
            ),
        ),
    ]

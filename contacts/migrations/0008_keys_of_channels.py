"""Keys of emails and mobiles that wait (V2)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("changerequests", "0002_relations"),
        ("contacts", "0007_member_is_notified"),
    ]

    operations = [
        migrations.AddField(
            model_name="pendingchannel",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="pendingchannel",
            name="key_expires_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="pendingchannel",
            name="key_hash",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="pendingchannel",
            name="last_message_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="pendingchannel",
            name="messages",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="pendingchannel",
            index=models.Index(fields=["value"], name="pending_channel_value"),
        ),
    ]

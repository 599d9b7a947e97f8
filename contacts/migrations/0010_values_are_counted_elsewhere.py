"""Keys to an address are counted in the outbox: nothing looks for pending values by value."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0009_pictures"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="pendingchannel",
            name="pending_channel_value",
        ),
    ]

"""When reviewers were told and reminded of a request. What waits already is nobody's news."""

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [
        ("changerequests", "0002_relations"),
        ("contacts", "0007_member_is_notified"),
    ]

    operations = [
        migrations.AddField(
            model_name="changerequest",
            name="notified_at",
            field=models.DateTimeField(
                null=True, default=timezone.now, help_text="When reviewers were told of it."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="changerequest",
            name="reminded_at",
            field=models.DateTimeField(null=True, help_text="When reviewers were reminded of it."),
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(
                fields=["id"],
                condition=models.Q(status=1, notified_at__isnull=True),
                name="change_request_to_tell",
            ),
        ),
    ]

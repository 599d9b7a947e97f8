"""The first tables."""

import django.contrib.postgres.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Pending"),
                            (2, "Approved"),
                            (3, "Rejected"),
                            (4, "Cancelled"),
                            (5, "Superseded"),
                        ],
                        default=1,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("comment", models.TextField(blank=True, default="")),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("review_comment", models.TextField(blank=True, default="")),
                ("schema_token", models.BigIntegerField()),
                ("details", models.JSONField()),
                ("base", models.JSONField(default=dict)),
                (
                    "paths",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
            ],
            options={
                "permissions": [("review_changerequest", "Can review change requests")],
            },
        ),
    ]

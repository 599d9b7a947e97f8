"""The outbox: messages to people, written with what they belong to (V7)."""

import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0003_audit_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("message_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=64)),
                (
                    "channel",
                    models.CharField(
                        choices=[("Email", "Email"), ("Mobile", "Mobile")], max_length=8
                    ),
                ),
                ("language", models.CharField(max_length=16)),
                ("recipient_hint", models.CharField(blank=True, max_length=64)),
                ("sealed", models.BinaryField(null=True)),
                ("contact_id", models.IntegerField(null=True)),
                ("about", models.CharField(blank=True, default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("Pending", "Pending"),
                            ("Sending", "Sending"),
                            ("Sent", "Sent"),
                            ("Failed", "Failed"),
                            ("Cancelled", "Cancelled"),
                        ],
                        default="Pending",
                        max_length=9,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("error", models.CharField(blank=True, default="", max_length=64)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("next_attempt_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "message",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["Pending", "Sending"])),
                        fields=["next_attempt_at", "id"],
                        name="outbox_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "Pending")),
                        fields=["about"],
                        name="outbox_about",
                    ),
                    models.Index(
                        condition=models.Q(("contact_id__isnull", False)),
                        fields=["contact_id"],
                        name="outbox_contact",
                    ),
                    models.Index(
                        condition=models.Q(("finished_at__isnull", False)),
                        fields=["finished_at"],
                        name="outbox_finished",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["Pending", "Sending"]), _negated=True),
                            models.Q(("finished_at__isnull", True), ("sealed__isnull", False)),
                            _connector="OR",
                        ),
                        name="outbox_unsent_has_content",
                    )
                ],
            },
        ),
    ]

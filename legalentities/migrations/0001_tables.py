"""The first tables."""

import django.contrib.postgres.indexes
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("common", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="LegalEntity",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("details", models.JSONField()),
                ("details_hash", models.BinaryField()),
                ("search", models.JSONField(default=dict)),
                ("schema_token", models.BigIntegerField()),
                ("version", models.IntegerField(default=1)),
                ("display_name", models.CharField(max_length=300)),
                ("display_name_folded", models.CharField(max_length=600)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("anonymised_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "legal entities",
                "permissions": [("export_legalentity", "Can export legal entities")],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            models.F("display_name_folded"), name="gin_trgm_ops"
                        ),
                        name="legal_entity_name_trigram",
                    )
                ],
            },
        ),
    ]

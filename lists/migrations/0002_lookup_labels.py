"""Folded labels for lookups, with the indexes that serve them; keys are ordered by bytes."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import lists.validators


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0001_tables"),  # the trigram extension
        ("lists", "0001_lists_and_items"),
    ]

    operations = [
        migrations.AlterField(
            model_name="listitem",
            name="key",
            field=models.CharField(
                db_collation="C", max_length=64, validators=[lists.validators.validate_item_key]
            ),
        ),
        migrations.CreateModel(
            name="ListItemLabel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=16)),
                ("folded", models.TextField(db_collation="C")),
                ("position", models.IntegerField()),
                ("key", models.CharField(db_collation="C", max_length=64)),
                ("is_active", models.BooleanField()),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="folded_labels",
                        to="lists.listitem",
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="lists.list",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="lists.listitem",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["list", "language", "position", "key"],
                        name="list_item_label_order",
                    ),
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["list", "language", "parent", "position", "key"],
                        name="list_item_label_children",
                    ),
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["list", "language", "folded"],
                        name="list_item_label_prefix",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("folded", "gin_trgm_ops"),
                        name="list_item_label_trigrams",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "language"), name="list_item_label_unique"
                    )
                ],
            },
        ),
    ]

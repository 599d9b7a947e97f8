"""Lists and their items; revisions come from a sequence, which no rollback rewinds."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.lookups
from django.db import migrations, models

import lists.validators


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE lists_revision AS bigint", "DROP SEQUENCE lists_revision"
        ),
        migrations.CreateModel(
            name="List",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "key",
                    models.CharField(
                        max_length=64,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z][A-Za-z0-9_-]{0,63}\\Z",
                                "A letter, then up to 63 letters, digits, hyphens and underscores.",
                            )
                        ],
                    ),
                ),
                (
                    "labels",
                    models.JSONField(validators=[lists.validators.validate_labels]),
                ),
                (
                    "revision",
                    models.BigIntegerField(
                        db_default=models.Func(
                            output_field=models.BigIntegerField(),
                            template="nextval('lists_revision')",
                        ),
                        editable=False,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("reference", "Reference data"), ("own", "Own")],
                        default="own",
                        editable=False,
                        max_length=16,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[A-Za-z][A-Za-z0-9_-]{0,63}$")),
                        name="list_key_grammar",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.In(
                            models.Func(
                                models.F("labels"),
                                function="jsonb_typeof",
                                output_field=models.TextField(),
                            ),
                            ("object",),
                        ),
                        name="list_labels_object",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["reference", "own"])),
                        name="list_source_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListItem",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "uid",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                (
                    "key",
                    models.CharField(
                        max_length=64, validators=[lists.validators.validate_item_key]
                    ),
                ),
                (
                    "labels",
                    models.JSONField(validators=[lists.validators.validate_labels]),
                ),
                (
                    "custom_attributes",
                    models.JSONField(
                        blank=True,
                        null=True,
                        validators=[lists.validators.validate_custom_attributes],
                    ),
                ),
                (
                    "position",
                    models.IntegerField(
                        default=0,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="lists.list",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        help_text="May be an item of another list: a state's parent is its country.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="lists.listitem",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["list", "position"], name="list_item_position")],
                "constraints": [
                    models.UniqueConstraint(fields=("list", "key"), name="list_item_key_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("key__regex", "^[A-Z][A-Z0-9_.-]{0,63}$"),
                            models.Q(("key__in", ("FALSE", "TRUE")), _negated=True),
                        ),
                        name="list_item_key_grammar",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.In(
                            models.Func(
                                models.F("labels"),
                                function="jsonb_typeof",
                                output_field=models.TextField(),
                            ),
                            ("object",),
                        ),
                        name="list_item_labels_object",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.In(
                            models.Func(
                                models.F("custom_attributes"),
                                function="jsonb_typeof",
                                output_field=models.TextField(),
                            ),
                            ("object", "null"),
                        ),
                        name="list_item_custom_attributes_object",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 0)),
                        name="list_item_position_from_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="list_item_not_its_own_parent",
                    ),
                ],
            },
        ),
    ]

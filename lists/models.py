"""Value lists and their items (rules S6, S7, D12)."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.lookups import In
from django.utils.translation import get_language

from lists.labels import label_in
from lists.validators import (
    FORBIDDEN_ITEM_KEYS,
    ITEM_KEY_PATTERN,
    LIST_KEY_PATTERN,
    validate_custom_attributes,
    validate_item_key,
    validate_labels,
    validate_list_key,
)

# From a sequence, not by counting: a transaction that is rolled back must not hand its number to
# another edit, because processes cache what they read by it, also inside such a transaction.
NEXT_REVISION = models.Func(
    template="nextval('lists_revision')", output_field=models.BigIntegerField()
)


def _is_json(field: str, *kinds: str) -> In:
    kind = models.Func(models.F(field), function="jsonb_typeof", output_field=models.TextField())
    return In(kind, kinds)


class ListSource(models.TextChoices):
    """Where the items come from: a published standard, or the firm itself."""

    REFERENCE = "reference", "Reference data"
    OWN = "own", "Own"


class List(models.Model):
    """A value list. `revision` grows with every edit of the list or its items, in the same
    transaction, and never names two contents (S6).
    """

    id = models.AutoField(primary_key=True)
    key = models.CharField(max_length=64, unique=True, validators=[validate_list_key])
    labels = models.JSONField(validators=[validate_labels])
    revision = models.BigIntegerField(db_default=NEXT_REVISION, editable=False)
    source = models.CharField(
        max_length=16,
        choices=ListSource.choices,
        default=ListSource.OWN,
        editable=False,
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(key__regex=LIST_KEY_PATTERN), name="list_key_grammar"
            ),
            models.CheckConstraint(
                condition=_is_json("labels", "object"), name="list_labels_object"
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=ListSource.values),
                name="list_source_known",
            ),
        )

    def __str__(self) -> str:
        return self.key


class ListItem(models.Model):
    """One value of a list. Its key never changes: details store it (D12)."""

    id = models.AutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    list = models.ForeignKey(
        List,
        on_delete=models.PROTECT,
        related_name="items",
        db_index=False,  # The index on list and position serves it.
    )
    # By bytes: the order of items must not depend on the database's collation.
    key = models.CharField(max_length=64, validators=[validate_item_key], db_collation="C")
    labels = models.JSONField(validators=[validate_labels])
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text="May be an item of another list: a state's parent is its country.",
    )
    custom_attributes = models.JSONField(
        null=True, blank=True, validators=[validate_custom_attributes]
    )
    position = models.IntegerField(default=0, validators=[MinValueValidator(0)])
    is_active = models.BooleanField(default=True)
    standard_labels = models.JSONField(
        null=True,
        editable=False,
        help_text="What the standard said last; a label that differs from it is the firm's own.",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["list", "key"], name="list_item_key_unique"),
            models.CheckConstraint(
                condition=models.Q(key__regex=ITEM_KEY_PATTERN)
                & ~models.Q(key__in=FORBIDDEN_ITEM_KEYS),
                name="list_item_key_grammar",
            ),
            models.CheckConstraint(
                condition=_is_json("labels", "object"), name="list_item_labels_object"
            ),
            models.CheckConstraint(
                # SQL's NULL passes any check; forms test a missing value as JSON's null.
                condition=_is_json("custom_attributes", "object", "null"),
                name="list_item_custom_attributes_object",
            ),
            models.CheckConstraint(
                condition=models.Q(position__gte=0), name="list_item_position_from_zero"
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="list_item_not_its_own_parent",
            ),
        )
        indexes = (models.Index(fields=["list", "position"], name="list_item_position"),)

    def __str__(self) -> str:
        """In the language of whoever reads it: only the back office shows it."""
        return f"{label_in(self.labels, get_language()) or self.key} ({self.key})"


class ListItemLabel(models.Model):
    """The folded label that an item shows in one language, for lookups (S7). Derived from the item
    by `lists.services.labels`. What orders and restricts a lookup stands beside the text;
    `revision` says when the row was written, set by the database, so that processes read only what
    is newer than what they hold.
    """

    item = models.ForeignKey(
        ListItem,
        on_delete=models.CASCADE,
        related_name="folded_labels",
        db_index=False,  # The unique constraint serves it.
    )
    language = models.CharField(max_length=16)
    list = models.ForeignKey(List, on_delete=models.CASCADE, related_name="+", db_index=False)
    parent = models.ForeignKey(
        ListItem, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    folded = models.TextField(db_collation="C")
    position = models.IntegerField()
    key = models.CharField(max_length=64, db_collation="C")
    is_active = models.BooleanField()
    # From the sequence of the lists' revisions, drawn under the list's lock: greater than that of
    # the list before the edit and less than the one after it.
    revision = models.BigIntegerField(db_default=NEXT_REVISION, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "language"], name="list_item_label_unique"),
        )
        indexes = (
            models.Index(
                fields=["list", "language", "position", "key"],
                condition=models.Q(is_active=True),
                name="list_item_label_order",
            ),
            models.Index(
                fields=["list", "language", "parent", "position", "key"],
                condition=models.Q(is_active=True),
                name="list_item_label_children",
            ),
            models.Index(fields=["list", "language", "revision"], name="list_item_label_changes"),
            GinIndex(
                OpClass("folded", "gin_trgm_ops"),
                name="list_item_label_trigrams",
                # Lists are read far more often than edited: no search reads a waiting list.
                fastupdate=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} ({self.language})"


class ListImport(models.Model):
    """A file that was read and waits to be confirmed: its entries, and the revision of the list
    that its preview showed. Lives for a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(List, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revision = models.BigIntegerField()
    rows = models.JSONField()
    refusals = models.JSONField()

    def __str__(self) -> str:
        return f"import into {self.list_id}"

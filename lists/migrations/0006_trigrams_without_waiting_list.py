"""Lookups search the index alone, never a list of rows that wait to go into it."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lists", "0005_standard_labels_of_reference_lists")]
    operations = [
        migrations.RemoveIndex("ListItemLabel", "list_item_label_trigrams"),
        migrations.AddIndex(
            "ListItemLabel",
            GinIndex(
                OpClass("folded", "gin_trgm_ops"),
                name="list_item_label_trigrams",
                fastupdate=False,
            ),
        ),
    ]

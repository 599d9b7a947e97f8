"""What the standard said last is what reference lists hold. Can be run again."""

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    items = apps.get_model("lists", "ListItem").objects
    items.filter(list__source="reference", standard_labels__isnull=True).update(
        standard_labels=F("labels")
    )


class Migration(migrations.Migration):
    dependencies = [("lists", "0004_imports_and_standard_labels")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""The folded labels of the items that exist. Can be run again: it fills what is missing."""

import unicodedata
from itertools import islice

from django.conf import settings
from django.db import migrations

BATCH_SIZE = 2_000
MAX_FOLDED_LENGTH = 500


def fold(text):
    """As `config.common.text.fold` was when this was written."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    decomposed = unicodedata.normalize("NFKD", folded)
    stripped = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", stripped).casefold()


def label(item, language):
    for candidate in (language, language.partition("-")[0], settings.LANGUAGE_CODE):
        if candidate in item.labels:
            return item.labels[candidate]
    return item.key


def fill(apps, schema_editor):
    ListItem = apps.get_model("lists", "ListItem")
    ListItemLabel = apps.get_model("lists", "ListItemLabel")
    languages = [language for language, _ in settings.LANGUAGES]
    items = ListItem.objects.order_by("pk").iterator(BATCH_SIZE)
    while batch := list(islice(items, BATCH_SIZE)):
        ListItemLabel.objects.bulk_create(
            [
                ListItemLabel(
                    item_id=item.pk,
                    language=language,
                    list_id=item.list_id,
                    parent_id=item.parent_id,
                    folded=fold(label(item, language))[:MAX_FOLDED_LENGTH],
                    position=item.position,
                    key=item.key,
                    is_active=item.is_active,
                )
                for item in batch
                for language in languages
            ],
            batch_size=BATCH_SIZE,
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("lists", "0002_lookup_labels")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
